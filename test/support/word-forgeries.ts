/** False claims about a word in limbs that is taken apart (`amxWordColumns`), and about the state it stands for. */
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { cells, type Forgery, withCells } from './forgery.ts';

export interface ForgedWord {
  readonly air: Air;
  /** Prefix of its columns, and its name in the constraints. */
  readonly column: string;
  readonly what: string;
  /** Prefix of the state on a bus that the word is compared with. */
  readonly state?: string;
  /** A row where the word is positive, normal, with bits in all its parts, and one where it is a zero. */
  readonly row: Rows;
  readonly zero: Rows;
}

/** Rows that only what others answer could not have: each is judged as if it were what the machine asks for. */
export function wordForgeries({ air, column, what, state, row, zero }: ForgedWord): Forgery[] {
  const cell = (name: string): number => cells(air, row, `${column}${name}`)[0]!;
  const refused = (claim: string, changes: Record<string, number>, on: Rows, rejectedBy: string): Forgery => {
    const forged = withCells(air, on, 0, changes);
    return { claim: `${what} ${claim}`, honest: forged, forged, rejectedBy: [rejectedBy] };
  };
  /** Changes of the word by column, and of the state after it. */
  const changed = (word: Record<string, number>, follows: Record<string, number>): Record<string, number> => ({
    ...Object.fromEntries(Object.entries(word).map(([name, value]) => [`${column}${name}`, value])),
    ...(state === undefined
      ? {}
      : Object.fromEntries(Object.entries(follows).map(([name, value]) => [`${state}${name}`, value]))),
  });
  const [upper, middle, low] = [cell('Upper'), cell('Middle'), cell('Low')];
  const high = upper * 128 + middle;
  const fraction = inverse(felt(512));
  const ofState: Forgery[] =
    state === undefined
      ? []
      : [
          refused(
            'has another sign than the state',
            { [`${state}Negative`]: 1 },
            row,
            `${what} has the sign of the state`,
          ),
          refused(
            'has another exponent than the state',
            { [`${state}Exponent`]: 9 },
            row,
            `${what} has the exponent of the state`,
          ),
          refused(
            'has other upper bits than the state',
            { [`${state}High`]: high + 1 },
            row,
            `${what} has the upper part of the state`,
          ),
          refused(
            'has other lower bits than the state',
            { [`${state}Low`]: low - 1 },
            row,
            `${what} has the lower part of the state`,
          ),
        ];
  return [
    ...ofState,
    refused(
      'has another sign than its limb',
      changed({ Sign: 1 }, { Negative: 1 }),
      row,
      `${what}: its high limb is decoded`,
    ),
    refused(
      'has a bit that its low limb has not',
      changed({ Low: low - 1, Inverse: inverse(felt(high * 512 + low - 1)) }, { Low: low - 1 }),
      row,
      `${what}: its low limb is in two parts`,
    ),
    refused(
      'takes a bit of the middle into its lower part',
      changed({ Low: low + 512, Middle: middle - 1 }, { Low: low + 512, High: high - 1 }),
      row,
      `${column}Low is below 2^9`,
    ),
    refused(
      'has a fraction in its middle part',
      changed({ Low: low - 1, Middle: middle + fraction }, { Low: low - 1, High: high + fraction }),
      row,
      `${column}Middle is below 2^7`,
    ),
    refused(
      'is a zero though it has bits',
      changed({ Flat: 1, Inverse: 0, Exponent: -400 }, { Exponent: -400 }),
      row,
      `${what}: a zero or infinity has no further bits`,
    ),
    refused(
      'is a subnormal though it is zero',
      changed({ Flat: 0, Exponent: -126 }, { Exponent: -126 }),
      zero,
      `${what}: anything else has`,
    ),
    refused(
      'has another exponent than its limb',
      changed({ Exponent: 11 }, { Exponent: 11 }),
      row,
      `${what}: the exponent is that of its class`,
    ),
  ];
}
