/** The last instructions of a run: what led to its end or its trap. */
import { disassemble } from '../asm/disassemble.ts';
import { Machine } from '../vm/executor/machine.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import { type SourceLine, TrapSignal } from '../vm/executor/trap.ts';
import { F_NAMES, X_NAMES } from '../vm/isa/registers.ts';
import type { InstructionTable } from '../vm/isa/table.ts';
import { REGISTER } from '../vm/space.ts';
import { wordText } from './format.ts';
import { tableText } from './table.ts';

export interface Step {
  readonly cycle: number;
  readonly pc: number;
  readonly source: SourceLine | undefined;
  /** The instruction, as it can be assembled again. */
  readonly text: string;
  /** The register that it wrote, and what; undefined for none, and for an instruction that trapped. */
  readonly wrote: { readonly register: string; readonly value: number } | undefined;
}

/** The last `count` instructions, the one that trapped included. Runs without recording, one instruction at a time. */
export function lastSteps(program: Program, input: ProgramInput, table: InstructionTable, count: number): Step[] {
  const machine = new Machine(program, input);
  const steps: Step[] = [];
  const nameOf = (address: number) => program.symbols.find((symbol) => symbol.address === address)?.name;
  const words = new Map(Array.from(program.image.address, (address, i) => [4 * address, program.image.value[i]!]));
  /** A ring: the oldest step is at `cycles % count`. */
  const kept = new Array<{ pc: number; rd: number; value: number; done: boolean } | undefined>(count);
  try {
    while (machine.exitCode === undefined) {
      const row = machine.fetch();
      const step = { pc: row.pc, rd: row.rd, value: 0, done: false };
      kept[machine.cycles % count] = step;
      row.instruction.execute(machine, row);
      step.value = machine.registers[row.rd]!;
      step.done = true;
      machine.cycles += 1;
    }
  } catch (cause) {
    if (!(cause instanceof TrapSignal)) throw cause;
  }
  const end = machine.cycles + (kept[machine.cycles % count]?.done === false ? 1 : 0);
  for (let cycle = Math.max(0, end - count); cycle < end; cycle++) {
    const { pc, rd, value, done } = kept[cycle % count]!;
    const text = disassemble(words.get(pc)!, table, { pc, nameOf, pseudo: true });
    const register = registerName(rd);
    const wrote = done && register !== undefined ? { register, value } : undefined;
    steps.push({ cycle, pc, source: program.lineOf(pc), text, wrote });
  }
  return steps;
}

/** By register address; rd is 0 where an instruction writes nothing. */
function registerName(address: number): string | undefined {
  if (address >= REGISTER.f0 && address < REGISTER.f0 + 32) return F_NAMES[address - REGISTER.f0];
  return address > REGISTER.x0 && address < REGISTER.x0 + 32 ? X_NAMES[address - REGISTER.x0] : undefined;
}

export const traceText = (steps: readonly Step[]): string =>
  tableText(
    ['cycle', 'pc', 'source', 'instruction', 'wrote'],
    steps.map(({ cycle, pc, source, text, wrote }) => [
      String(cycle),
      wordText(pc),
      source === undefined ? '' : `${source.file}:${source.line}`,
      text,
      wrote === undefined ? '' : `${wrote.register} = ${wordText(wrote.value)}`,
    ]),
    'left',
  );
