/** The tensors of a layer from safetensors files. Files stay open: rows are read when they are needed. */
import type { Bf16Matrix } from '../../protocol/bf16-matrix.ts';
import { tensorMatrix } from '../../protocol/bf16-matrix.ts';
import { type LinearTensors, linearShape } from '../../protocol/linear.ts';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import { openSafetensors } from '../../protocol/safetensors.ts';
import { CliError, cliErrorOf } from '../cli-error.ts';
import type { Io } from '../io.ts';

/** Each is `path`, or `path#tensor` for a file with several. */
export interface TensorPaths {
  readonly x: string;
  readonly w: string;
  readonly y: string;
  readonly bias?: string;
}

/** @throws {CliError} `file`, `input`, `shape`, naming the option. */
export async function openLinearTensors(io: Io, paths: TensorPaths): Promise<LinearTensors> {
  const tensors = {
    x: await openTensor(io, '--x', paths.x),
    w: await openTensor(io, '--w', paths.w),
    y: await openTensor(io, '--y', paths.y),
    ...(paths.bias !== undefined && { bias: await openTensor(io, '--bias', paths.bias) }),
  };
  try {
    linearShape(tensors);
  } catch (cause) {
    throw named('--', cause);
  }
  return tensors;
}

async function openTensor(io: Io, option: string, reference: string): Promise<Bf16Matrix> {
  const [path = '', name] = reference.split('#', 2);
  try {
    const matrix = tensorMatrix(await openSafetensors(await io.openFile(path)), name);
    // Elements are read later, and may be refused then.
    const panel: Bf16Matrix['panel'] = (...range) =>
      matrix.panel(...range).catch((cause: unknown) => {
        throw named(`${option} ${path}: `, cause);
      });
    return { ...matrix, panel };
  } catch (cause) {
    throw named(`${option} ${path}: `, cause);
  }
}

/** The same failure with the option in front; others pass. */
function named(prefix: string, cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause;
  const { code, message, help } = cliErrorOf(cause);
  return new CliError(code, `${prefix}${message}`, { cause, ...(help !== undefined && { help }) });
}
