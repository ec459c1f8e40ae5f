import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { imbalance } from '../../test/support/balance.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { bf16DotAir } from '../bf16-dot/air.ts';
import { TABLES } from '../../test/support/bf16-dot.ts';
import { dotHopper } from '../bf16-dot/semantics.ts';
import { DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { bf16DotChip } from '../bf16-dot/trace.ts';
import { bf16DotSpecialAir } from '../bf16-dot-special/air.ts';
import { bf16DotSpecialChip } from '../bf16-dot-special/trace.ts';
import { bf16DotCallAir } from './air.ts';
import { BF16_DOT_INSTRUCTIONS } from './execute.ts';
import { bf16DotCallChip } from './trace.ts';

const FD = 32 + 7;
const CHIPS = [bf16DotCallChip, bf16DotChip, bf16DotSpecialChip];
const dot = (a: number, b: number, blocks: number, acc?: number): Step => ({
  mnemonic: 'bf16.dot.hopper',
  fields: { rd: 7, rs1: 10, rs2: 11, rs3: 12 },
  registers: { 10: a, 11: b, 12: blocks, ...(acc === undefined ? {} : { [FD]: acc }) },
});
const run = (steps: readonly Step[], hints: ArrayLike<number>) =>
  stepped(BF16_DOT_INSTRUCTIONS, CHIPS, steps, { hints: Uint16Array.from(hints) });

/** Blocks of 16 equal patterns. */
const flat = (...patterns: number[]): number[] => patterns.flatMap((pattern) => new Array<number>(16).fill(pattern));

describe('executor', () => {
  test('accumulates onto fd', () => {
    const { machine } = run([dot(0, 32, 1, 0x3f80_0000)], flat(0x3f80, 0x4000));
    expect(machine.registers[FD]).toBe(0x4204_0000); // 1 + 16 * 2 = 33
  });

  test.each([
    ['2^16 blocks', dot(0, 0, 2 ** 16), 'invalid-operand'],
    ['an address that is not a multiple of 32', dot(16, 0, 1), 'misaligned-access'],
    ['a block past the tape', dot(0, 32, 2), 'hint-out-of-range'],
  ] as const)('%s traps', (_, step, cause) => {
    expect(() => run([step], flat(0, 0))).toThrow(
      expect.objectContaining({ trap: expect.objectContaining({ cause }) }),
    );
  });
});

test('three chips together prove any call: every state sent is taken, and fd is the result', () => {
  const hints = fc.array(bf16(), { minLength: 64, maxLength: 64 });
  forAll(
    fc.tuple(hints, f32(), fc.boolean()),
    ([values, acc, mild]) => {
      // Mild operands seldom overflow: half of the draws have no infinities and large exponents.
      const tape = mild ? values.map((x) => (x & 0x80ff) | 0x3f00) : values;
      const { machine, trace } = run([dot(0, 64, 2, acc), dot(32, 96, 1), dot(32, 0, 0)], tape);
      const patterns = Uint16Array.from(tape);
      const expected = dotHopper(dotHopper(acc, patterns, 0, patterns, 32, 2), patterns, 16, patterns, 48, 1);
      expect(machine.registers[FD]).toBe(expected);
      const [call, block, special] = CHIPS.map((chip) => ({ main: [...trace(chip).main, ...paddingRow(chip).main] }));
      expect(violations(bf16DotCallAir, call!)).toEqual([]);
      expect(violations(bf16DotAir, block!)).toEqual([]);
      expect(violations(bf16DotSpecialAir, special!)).toEqual([]);
      const tables = [
        [bf16DotCallAir, call!] as const,
        [bf16DotAir, block!] as const,
        [bf16DotSpecialAir, special!] as const,
      ];
      expect(imbalance(DOT_STATE_BUS, tables)).toEqual([]);
    },
    100,
  );
});
