/** Honest rows of the tables that no instruction fills: program, memory, image, hint tape, public input. */
import type { Machine } from '../machine/machine.ts';
import { providersOf } from '../machine/machine.ts';
import { knownRowsOf } from '../machine/statement.ts';
import type { Rows } from '../stark/air/check.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Program } from '../vm/executor/program.ts';
import { REGISTER, SPACE } from '../vm/space.ts';
import type { HonestEvent } from './honest.ts';
import { seeded } from './random.ts';
import { emptyProgram, traceOf } from './step.ts';

/** What stands for the mnemonic. */
export const STATEMENT = 'the statement';

/** One event for each of these tables, whose rows speak with nobody but the statement. `like`: an event of the machine. */
export function statementEvents(machine: Machine, like: HonestEvent, seed = 1): HonestEvent[] {
  const random = seeded(seed);
  const words = (n: number, first: number) => ({
    address: Uint32Array.from({ length: n }, (_, i) => first + i * i),
    value: Uint32Array.from({ length: n }, () => random.u32()),
    clk: Uint32Array.from({ length: n }, () => random.below(2 ** 20)),
  });
  const image = words(4, 2 ** 14);
  const program: Program = { ...emptyProgram, rows: [like.line, like.line], image };
  const execution = {
    ...{ exitCode: 0, cycles: 0, clk: 1, logs: new Map(), publicOutput: new Uint32Array(0) },
    registers: { value: new Uint32Array(REGISTER.count), clk: new Uint32Array(REGISTER.count) },
    image: { ...image, initial: image.value },
    ramBase: program.ramBase,
    memory: words(6, program.ramBase + 3),
    hints: like.hints.slice(0, 64),
    publicInput: like.publicInput.slice(0, 8),
  } satisfies Execution;
  const { publicInput, publicOutput, exitCode, memory } = execution;
  const known = knownRowsOf({ program, publicInput, publicOutput, exitCode });
  const held = [image, memory].flatMap(({ address, value, clk }) =>
    Array.from(address, (at, i) => [SPACE.ram, at, value[i]! & 0xffff, value[i]! >>> 16, clk[i]!]),
  );
  for (let a = 0; a < REGISTER.count; a++) held.push([SPACE.register, a, 0, 0, 0]);
  return [...machine.chips.values()].flatMap((chip): HonestEvent[] => {
    if ('fixedRows' in chip || 'eventWords' in chip) return [];
    const columns = known.get(chip.air.name)?.columns;
    const trace = traceOf(chip, execution);
    if (trace.main.length === 0) return [];
    const counted = providersOf(chip).flatMap(({ multiplicities }) => multiplicities);
    const once = chip.air.main.map(({ name }) => (counted.includes(name) ? 1 : undefined));
    const main = trace.main.map((row) => row.map((cell, c) => once[c] ?? cell));
    const rows: Rows = {
      main,
      ...(columns === undefined ? {} : { known: main.map((_, r) => columns.map((column) => column[r] ?? 0)) }),
    };
    return [{ ...like, mnemonic: STATEMENT, rows: new Map([[chip.air.name, rows]]), disagreements: [], words: held }];
  });
}
