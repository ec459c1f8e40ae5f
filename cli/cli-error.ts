/** A failure that a user can act on: printed as one message and, where there is one, a next step; exit code 2. */
import { ElfError } from '../asm/elf.ts';
import { EXTENSIONS } from '../machine/relation.ts';
import { ProtocolError, type ProtocolErrorCode } from '../protocol/protocol-error.ts';
import { MemoryLimitError } from '../stark/kernels/memory.ts';
import { ShapeError } from '../stark/prover/prove.ts';
import { TraceError } from '../vm/chip.ts';
import { userPlaceOf } from './config/user-place.ts';
import { bytesText } from './format.ts';

export type CliErrorCode = 'usage' | 'file' | 'input' | 'program' | 'config' | 'trap' | 'memory' | 'shape' | 'bug';

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

/** Any failure as one that can be printed. What is not known here is a bug of this project, and says so. */
export function cliErrorOf(cause: unknown): CliError {
  if (cause instanceof CliError) return cause;
  if (cause instanceof ProtocolError) {
    const code = cause.code === 'file-unreadable' ? 'file' : cause.code === 'shape' ? 'shape' : 'input';
    return new CliError(code, cause.message, { cause, ...helpOf(cause.code) });
  }
  if (cause instanceof ElfError) return new CliError('program', cause.message, { cause });
  if (cause instanceof MemoryLimitError) {
    const [asked, limit] = [bytesText(cause.askedBytes), bytesText(cause.limitBytes)];
    return new CliError('memory', `the proof needs ${asked} of kernel memory or more, the limit is ${limit}`, {
      cause,
      help: 'raise --max-memory (at most 4GiB), or prove less at once: `ulp cost` predicts the memory of a run',
    });
  }
  if (cause instanceof ShapeError) {
    return new CliError('shape', `the run does not fit one proof: ${cause.message}`, {
      cause,
      help: 'prove less at once: `ulp cost` shows the heights of a run',
    });
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof RangeError && /allocation failed|array length/i.test(text)) {
    return new CliError('memory', 'the system does not give the memory that this needs', {
      cause,
      help: 'prove less at once: `ulp cost` predicts the memory of a run',
    });
  }
  if (cause instanceof TraceError && !isOfUlp(cause.chip)) {
    const help = 'cells are canonical residues: `reduce(x)` of ulpvm/stark makes one of any integer, negative ones too';
    return new CliError('config', text, { cause, help });
  }
  const place = userPlaceOf(cause);
  if (place !== undefined) {
    const help = 'the error comes from this file of yours; ULP_DEBUG=1 shows how it got there';
    return new CliError('config', `${place}: ${text}`, { cause, help });
  }
  return new CliError('bug', `this should not happen: ${text}`, {
    cause,
    help: 'it is a bug of ulp; ULP_DEBUG=1 shows where it came from',
  });
}

const isOfUlp = (name: string): boolean =>
  EXTENSIONS.some(({ chips = [], tables = [] }) => [...chips, ...tables].some(({ air }) => air.name === name));

export function helpOf(code: ProtocolErrorCode): { readonly help?: string } {
  const help = HELP[code];
  return help === undefined ? {} : { help };
}

const HELP: Readonly<Partial<Record<ProtocolErrorCode, string>>> = {
  'safetensors-truncated': 'the file is not complete, or it is no safetensors file',
  'safetensors-header': 'the file is damaged, or it is no safetensors file',
  'safetensors-layout': 'the file is damaged',
  'tensor-name': 'name the tensor after the path: `model.safetensors#lm_head.weight`',
  dtype: 'convert it first, in PyTorch: `tensor.to(torch.bfloat16)`',
  shape: 'X is M x K, W is N x K (as nn.Linear keeps it), Y is M x N, and the bias has N elements',
  value: 'rounding is an operation of the model, so it is not done while reading: `tensor.to(torch.bfloat16)`',
};
