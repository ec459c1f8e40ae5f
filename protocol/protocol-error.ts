/**
 * What is wrong with data handed to the protocol: a file, a statement, a record. Codes are stable, messages may improve.
 * Bugs of a caller are RangeError or TypeError instead.
 */
export type ProtocolErrorCode =
  | 'file-unreadable'
  | 'safetensors-truncated' // the file ends before what it announces
  | 'safetensors-header' // the header is not the JSON that the format asks for
  | 'safetensors-layout' // offsets overlap, leave holes, run past the end or disagree with the shape
  | 'tensor-name' // no such tensor, or not one tensor where one is expected
  | 'dtype'
  | 'shape'
  | 'value' // an FP32 element that is not a BF16
  | 'statement' // public input words that encode no statement
  | 'record'; // a public statement file that is malformed or contradicts itself

export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
    this.code = code;
  }
}
