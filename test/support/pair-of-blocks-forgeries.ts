/** Forgeries of `precompiles/bf16-pairs/pair-of-blocks.ts`, the same for every chip that chooses a pair of two blocks. */
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { cells, type Forgery, withCells } from './forgery.ts';

const PAIRS = [0, 1, 2, 3, 4, 5, 6, 7];

/** @param rowOf an honest row of a pair of blocks 1 and 3 of `hints`; that of pair 1 is the one lied about */
export function pairOfBlocksForgeries(air: Air, hints: Uint16Array, rowOf: (pair: number) => Rows): Forgery[] {
  const honest = rowOf(1);
  /** A row that nothing may answer: the machine asks for just this. */
  const refused = (
    claim: string,
    changes: Readonly<Record<string, number>>,
    rows: Rows,
    ...rejectedBy: string[]
  ): Forgery => {
    const forged = withCells(air, rows, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const otherBlock = (claim: string, name: string, rejectedBy: string): Forgery => {
    const forged = withCells(air, honest, 0, { [name]: cells(air, honest, name)[0]! ^ 1 });
    return { claim, honest, forged, rejectedBy: [rejectedBy] };
  };
  return [
    refused('no pair is chosen', { 'pair[1]': 0, 'x[0]': 0, 'x[1]': 0, a: 16, b: 48 }, honest, 'one pair is chosen'),
    ...PAIRS.map((i) => {
      // Weights 2 and -1 on pairs i and j: elements 2 (2 i - j), operands a mixture.
      const j = (i + 1) % 8;
      const mixed = (side: number, k: number): number => 2 * hints[side + 2 * i + k]! - hints[side + 2 * j + k]!;
      return refused(
        `twice pair ${i} less pair ${j}`,
        {
          ...{ [`pair[${i}]`]: 2, [`pair[${j}]`]: -1, a: 16 + 4 * i - 2 * j, b: 48 + 4 * i - 2 * j },
          ...{ 'x[0]': mixed(16, 0), 'x[1]': mixed(16, 1), 'y[0]': mixed(48, 0), 'y[1]': mixed(48, 1) },
        },
        rowOf(i),
        `pair[${i}] is a bit`,
        `pair[${j}] is a bit`,
      );
    }),
    otherBlock('another first operand than is on the tape', 'aBlock[9]', 'a is in a hint block'),
    otherBlock('another second operand than is on the tape', 'bBlock[9]', 'b is in a hint block'),
    ...[0, 1].flatMap((i) => [
      refused(`x[${i}] is another`, { [`x[${i}]`]: 0x4000 }, honest, `x[${i}] is of the pair`),
      refused(`y[${i}] is another`, { [`y[${i}]`]: 0x8000 }, honest, `y[${i}] is of the pair`),
    ]),
  ];
}
