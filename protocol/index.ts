/** Public entry of `ulpvm/protocol`: tensors, commitments, challenges and statements of a proven layer. */

export { type Bf16Matrix, memoryMatrix, rowOf, rowsOf, tensorMatrix, transposed } from './bf16-matrix.ts';
export { type ByteSource, bytesSource, fileSource } from './byte-source.ts';
export {
  type ChallengeMode,
  fiatShamirSeed,
  type Sample,
  sampleEntries,
  seedWords,
  type Tile,
  tileAround,
  tileEntries,
} from './challenge.ts';
export { commitTensor, type LeafLayout, merklePath, type TensorCommitment, tensorSaltSeed } from './commitment.ts';
export {
  challenge,
  commitLinear,
  type LinearCommitments,
  type LinearInput,
  type LinearTensors,
  linearClaim,
  linearInput,
  linearShape,
} from './linear.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
export { formatRecord, type LinearRecord, linearRecord, parseRecord, recordStatement } from './record.ts';
export { encodeSafetensors, openSafetensors, type Safetensors, type TensorEntry } from './safetensors.ts';
export { escapeProbability, escapeTable, samplesFor } from './sampling.ts';
export {
  type AccumulationModel,
  decodeStatement,
  encodeStatement,
  geometry,
  type LinearClaim,
  type LinearShape,
  type LinearStatement,
  type TileSide,
} from './statement.ts';
