/** A failure that a user can act on: printed as one message and, where there is one, a next step; exit code 2. */
export type CliErrorCode = 'usage' | 'file' | 'input' | 'program' | 'trap' | 'memory' | 'shape';

export class CliError extends Error {
  override name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do about it. */
  readonly help: string | undefined;

  constructor(code: CliErrorCode, message: string, options: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.code = code;
    this.help = options.help;
  }
}
