/**
 * Determinism of every chip on many events, of every 16-bit operand of the chips that have only 16 bits, and the power
 * of the search: each constraint and each look-up of each chip deleted in turn.
 */
import { describe, expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import { BF16_MOVE_INSTRUCTIONS } from '../precompiles/bf16-move/execute.ts';
import { bf16MoveChip } from '../precompiles/bf16-move/trace.ts';
import { BF16_TABLE_INSTRUCTIONS } from '../precompiles/bf16-table/execute.ts';
import { bf16TableChips } from '../precompiles/bf16-table/trace.ts';
import { BF16_WIDEN_INSTRUCTIONS } from '../precompiles/bf16-widen/execute.ts';
import { bf16WidenChip } from '../precompiles/bf16-widen/trace.ts';
import { messageAt } from '../stark/air/check.ts';
import { MEMORY_BUS, PROGRAM_BUS } from '../vm/buses.ts';
import { checkChip } from './chip-check.ts';
import { aloneOf, eventsByChip, searchChip, searchDeletions, searchedChips } from './chip-systems.ts';
import { fixedAnswers } from './event-system.ts';
import { type Answers, rowSystem } from './row-system.ts';
import { searchSecondWitness } from './second-witness.ts';
import { stepped } from './step.ts';

const machine = ulpMachine();

describe('the same inputs have one output on many events of', () => {
  const events = eventsByChip(machine, { perChip: 16, seed: 11 });
  test.each(searchedChips(machine))('%s', { timeout: 600_000 }, (chip) => {
    const {
      second,
      proven,
      events: count,
      starts,
    } = searchChip(machine, chip, events.get(chip)!, {
      ...aloneOf(chip),
      effort: 2 ** 21,
    });
    console.log(`${chip}: ${count} events, ${proven} proven to have one witness, ${starts} starts on the others`);
    expect(second).toBeUndefined();
  });
});

describe('all 2^16 operands have one witness each, proven, on', () => {
  const BATCH = 256;
  test.each([
    ['fcvt.s.bf16', BF16_WIDEN_INSTRUCTIONS, bf16WidenChip, {}],
    ['fmv.x.h', BF16_MOVE_INSTRUCTIONS, bf16MoveChip, {}],
    ...bf16TableChips.map((chip, id) => ['bf16.table', BF16_TABLE_INSTRUCTIONS, chip, { imm: id }] as const),
  ] as const)('%s %#', { timeout: 1_200_000 }, (mnemonic, instructions, chip, fields) => {
    const { air } = chip;
    for (let first = 0; first < 2 ** 16; first += BATCH) {
      const source = mnemonic === 'fmv.x.h' || mnemonic === 'fcvt.s.bf16' ? 32 + 1 : 1;
      const run = stepped(
        instructions,
        [chip],
        Array.from({ length: BATCH }, (_, i) => ({
          ...{ mnemonic, fields: { rd: 2, rs1: 1, ...fields } },
          registers: { [source]: source > 32 ? (0xffff_0000 | (first + i)) >>> 0 : first + i },
        })),
      );
      const rows = run.trace(chip);
      expect(rows.main).toHaveLength(BATCH);
      const said = (bus: string): Answers => {
        const tuples = new Set(
          air.interactions
            .filter((i) => i.bus.name === bus)
            .flatMap((i) => rows.main.map((_, r) => messageAt(i, rows, r).tuple.join(' '))),
        );
        return { has: (tuple) => tuples.has(tuple.join(' ')) };
      };
      const answers = new Map([...fixedAnswers(machine), [PROGRAM_BUS.name, said(PROGRAM_BUS.name)]]);
      answers.delete(MEMORY_BUS.name);
      // The rows are as many executions: what each reads from memory and from the program is an input.
      for (let r = 0; r < BATCH; r += 1) {
        const row = { main: [rows.main[r]!] };
        const result = searchSecondWitness(rowSystem([{ air, rows: row }], answers), { effort: 2 ** 16 });
        expect(result, `pattern ${first + r}`).toMatchObject({ second: undefined, isProven: true });
      }
    }
  });
});

test('the tuples of every fixed table are where it says, once each', { timeout: 600_000 }, () => {
  for (const chip of machine.chips.values()) {
    if ('fixedRows' in chip)
      expect(checkChip(machine, chip.air.name, undefined)).toMatchObject([{ verdict: 'passed' }]);
  }
});

test('deleting a check leads to a second witness, for two of five checks', { timeout: 7_200_000 }, () => {
  const events = eventsByChip(machine, { perChip: 3, seed: 3 });
  let [found, all] = [0, 0];
  for (const [name, list] of events) {
    const { air } = machine.chips.get(name)!;
    // The hash chips have hundreds of rounds that are alike: every so many of them.
    const every = Math.ceil(air.constraints.length / 100);
    const sampled = new Set(
      [...air.constraints, ...air.interactions].filter((_, i) => i % every === 0).map((c) => c.name),
    );
    const result = searchDeletions(machine, air, list, { effort: 2 ** 18, only: (check) => sampled.has(check) });
    found += result.found.length;
    all += result.found.length + result.missed.length;
    console.log(`${name}: ${result.found.length} of ${result.found.length + result.missed.length}`, result.missed);
  }
  console.log(`${found} of ${all} deletions are found`);
  expect(found / all).toBeGreaterThan(FOUND);
});

/** The rest are implied by others where a row is real, or let the outputs be: docs/soundness.md. */
const FOUND = 0.4;
