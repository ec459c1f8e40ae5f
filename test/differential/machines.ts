/** The two machines: this project's executor, and Debian's `qemu-riscv32` (package qemu-user). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, readElf, renderAll } from '../../asm/index.ts';
import type { InstructionSet } from '../../vm/executor/instruction.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import { type RunOptions, run } from '../../vm/executor/run.ts';

export const QEMU = ['qemu-riscv32', '-cpu', 'rv32,Zfh=true'] as const;

/** The emulator's first line of `--version`, undefined where it is not installed. */
export function qemuVersion(): string | undefined {
  try {
    return execFileSync(QEMU[0], ['--version'], { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return undefined;
  }
}

/** @throws Error with the diagnostics */
export function assembled(text: string, { table }: InstructionSet): Uint8Array {
  const { elf, diagnostics } = assemble({ path: 'random.s', text }, { table });
  if (elf === undefined) throw new Error(renderAll(diagnostics.slice(0, 3)));
  return elf;
}

/**
 * The memory the program would write: from `window` to `_end`, as it is when the program calls the system.
 *
 * @param record the chips to record for: then every instruction is executed by its chip's own step
 */
export function outputOf(elf: Uint8Array, instructions: InstructionSet, record?: RunOptions['record']): Uint8Array {
  const image = readElf(elf);
  const address = (name: string): number => image.symbols.find((symbol) => symbol.name === name)!.address;
  const options = { maxCycles: 10_000_000, ...(record && { record }) };
  const result = run(loadProgram(image, instructions), {}, options);
  if (result.kind !== 'trapped' || result.trap.cause !== 'unknown-environment-call') {
    const { cause, pc, detail } = result.kind === 'trapped' ? result.trap : { cause: 'halted', pc: 0, detail: '' };
    throw new Error(`expected the program to reach its system call, got ${cause} at 0x${pc.toString(16)} ${detail}`);
  }
  const [begin, end] = [address('window'), address('_end')];
  const words = Uint32Array.from({ length: (end - begin) / 4 }, (_, i) => result.machine.ram.read(begin / 4 + i));
  return new Uint8Array(words.buffer);
}

/** What the program writes under the emulator. */
export function outputOfQemu(elf: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ulp-qemu-'));
  try {
    const path = join(folder, 'random.elf');
    writeFileSync(path, elf, { mode: 0o755 });
    const [tool, ...options] = QEMU;
    return new Uint8Array(execFileSync(tool, [...options, path], { maxBuffer: 2 ** 26, timeout: 60_000 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first difference, with the instruction that recorded it and those before; undefined if there is none. */
export function difference(text: string, ours: Uint8Array, theirs: Uint8Array): string | undefined {
  if (ours.length !== theirs.length) return `expected ${theirs.length} bytes, got ${ours.length}`;
  const [a, b] = [ours, theirs].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  const differs = (word: number): boolean => a!.getUint32(4 * word, true) !== b!.getUint32(4 * word, true);
  const words = Array.from({ length: ours.length / 4 }, (_, i) => i).filter(differs);
  // Records come after the window; a wrong store there is recorded by nothing.
  const word = words.find((one) => one >= 1024) ?? words[0];
  if (word === undefined) return undefined;
  const lines = text.split('\n');
  const stores = lines.flatMap((line, i) => (/^f?sw \w+, \d+\(x30\)$/.test(line) ? [i] : []));
  const at = word < 1024 ? undefined : stores[word - 1024];
  const values = [a, b].map(
    (view) =>
      `0x${view!
        .getUint32(4 * word, true)
        .toString(16)
        .padStart(8, '0')}`,
  );
  const context = at === undefined ? [] : lines.slice(Math.max(0, at - 6), at + 1);
  return [`word ${word}: ours ${values[0]}, qemu ${values[1]}`, ...context].join('\n  ');
}
