/** Writes what the demo made to a folder, as input of the other commands. */
import { join } from 'node:path';
import type { DemoTensors } from '../../model/demo.ts';
import { bf16Bytes } from '../../protocol/bf16-matrix.ts';
import { formatRecord, type LinearRecord } from '../../protocol/record.ts';
import { encodeSafetensors } from '../../protocol/safetensors.ts';
import type { ProgramInput } from '../../vm/executor/program.ts';
import { formatCase } from '../case-file.ts';
import type { Io } from '../io.ts';

export interface Kept {
  readonly tensors: DemoTensors;
  readonly elf: Uint8Array;
  readonly input: Required<ProgramInput>;
  readonly proof: Uint8Array;
  readonly record: LinearRecord;
}

/** Writes to a folder that is there. @throws {CliError} `file`. */
export async function keepFiles(io: Io, folder: string, { tensors, elf, input, proof, record }: Kept): Promise<void> {
  const { x, w, y, rows, columns, inner } = tensors;
  const tensorFile = (name: string, shape: readonly number[], data: Uint16Array): Uint8Array =>
    encodeSafetensors({ [name]: { dtype: 'BF16', shape, data: bf16Bytes(data) } });
  const files: Readonly<Record<string, Uint8Array | string>> = {
    'x.safetensors': tensorFile('x', [rows, inner], x),
    'w.safetensors': tensorFile('w', [columns, inner], w),
    'y.safetensors': tensorFile('y', [rows, columns], y),
    'linear.elf': elf,
    'case.json': formatCase(input),
    'proof.ulp': proof,
    'proof.ulp.json': formatRecord(record),
  };
  for (const [name, content] of Object.entries(files)) await io.writeFile(join(folder, name), content);
}
