/** What one row of a chip stands for, and the costs of the paper's operations from the chips that make them up. */
import { SHAPES } from '../../precompiles/fp32-reduce/constants.ts';
import { FOLD_CHIPS } from '../../precompiles/fp32-reduce/fold/steps.ts';
import { foldChipName } from '../../precompiles/fp32-reduce/fold/trace.ts';
import { markdownTable, numberText } from './table.ts';

export interface Unit {
  /** One operation, and several. */
  readonly unit: string;
  readonly units: string;
  /** Operations that one row performs. */
  readonly perRow: number;
}

const one = (unit: string): Unit => ({ unit, units: `${unit}s`, perRow: 1 });

/** Chips that are not one instruction a row. */
const UNITS: Readonly<Record<string, Unit>> = {
  program: one('instruction of the text'),
  image: one('register or word of file data'),
  memory: one('word of RAM that was touched'),
  'public-input': one('word'),
  hint: { unit: 'BF16 of the tape', units: 'BF16 of the tape', perRow: 16 },
  'bf16-dot': { unit: 'MAC', units: 'MACs', perRow: 16 },
  'bf16-dot-tile': { unit: 'MAC', units: 'MACs', perRow: 64 },
  'bf16-dot-ampere': { unit: 'MAC', units: 'MACs', perRow: 16 },
  'bf16-dot-fma': { unit: 'MAC', units: 'MACs', perRow: 2 },
  'bf16-dot-fma-slow': { unit: 'MAC', units: 'MACs', perRow: 2 },
  'bf16-pairs': { unit: 'MAC', units: 'MACs', perRow: 16 },
  'bf16-normal-pairs': { unit: 'MAC', units: 'MACs', perRow: 16 },
  'bf16-dot-amx': { unit: 'MAC', units: 'MACs', perRow: 2 },
  'bf16-dot-amx-slow': { unit: 'MAC', units: 'MACs', perRow: 2 },
  'bf16-dot-amx-tile': { unit: 'MAC', units: 'MACs', perRow: 32 },
  'bf16-dot-amx-tile-slow': { unit: 'MAC', units: 'MACs', perRow: 32 },
  'amx-fma': one('step'),
  'bf16-dot-special': { unit: 'MAC', units: 'MACs', perRow: 16 },
  sponge: { unit: 'BF16 hashed', units: 'BF16 hashed', perRow: 48 },
  merkle: one('level'),
  'fp32-add': one('addition'),
  'fp32-add-special': one('addition'),
  'fp32-round': one('rounding'),
  'fp32-exponential': one('exponential'),
  'fp32-exp': one('power'),
  'fp32-exp2': one('power'),
  'fp32-exp-special': one('power'),
  'fp32-max': one('choice'),
  'fp32-tree': { unit: 'word', units: 'words', perRow: 32 },
  'fp32-tree-node': one('node'),
  'ram-words': { unit: 'word', units: 'words', perRow: 8 },
  ...Object.fromEntries(
    FOLD_CHIPS.map((fold) => [foldChipName(fold), { unit: 'word', units: 'words', perRow: SHAPES[fold.shape].width }]),
  ),
};

export const unitOf = (name: string, isInstruction: boolean): Unit =>
  UNITS[name] ?? one(isInstruction ? 'instruction' : 'row');

export const perOperation = (cells: number, perRow: number): string => numberText(cells / perRow);

/** Levels of the path that the paper prices. */
const PATH_LEVELS = 20;

/** Scalar operations by the chips of which each takes one row, with the paper's estimate where it has one. */
const SCALAR: readonly (readonly [operation: string, estimate: string, chips: readonly string[]])[] = [
  ['FP32 addition', 'not in the catalogue', ['fp32-add-call', 'fp32-add', 'fp32-round']],
  ['FP32 multiplication', 'not in the catalogue', ['fp32-mul-call', 'fp32-mul', 'fp32-round']],
  ['FP32 division', '200', ['fp32-div-call', 'fp32-div', 'fp32-round']],
  ['FP32 square root', '200', ['fp32-sqrt-call', 'fp32-sqrt', 'fp32-round']],
  ['FP32 exp', '250', ['fp32-function-call', 'fp32-exp', 'fp32-exponential', 'fp32-round']],
  ['FP32 exp2', 'not in the catalogue', ['fp32-function-call', 'fp32-exp2', 'fp32-exponential', 'fp32-round']],
  ['FP32 log', '250', ['fp32-function-call', 'fp32-log', 'fp32-exponential', 'fp32-round']],
  ['FP32 reciprocal square root', '200', ['fp32-function-call', 'fp32-rsqrt']],
  ['FP32 hyperbolic tangent', 'not in the catalogue', ['fp32-function-call', 'fp32-tanh', 'fp32-exponential']],
  ['rounding to BF16', 'not in the catalogue', ['bf16-round']],
  ['stochastic rounding to BF16', 'not in the catalogue', ['bf16-round-stochastic']],
];
/** What the paper names beside, and the chip that would do it. */
const OTHERS: readonly (readonly [operation: string, chip: string])[] = [
  ['FP32 exp', 'fp32-exp'],
  ['FP32 log', 'fp32-log'],
  ['FP32 square root', 'fp32-sqrt'],
  ['FP32 division', 'fp32-div'],
];

/** The paper's estimates beside the machine's counts. `cells`: of a row, by air name. */
export function costSection(cells: ReadonlyMap<string, number>): string {
  const of = (name: string): number => {
    const count = cells.get(name);
    if (count === undefined) throw new RangeError(`cells: expected a chip ${name}, got none`);
    return count;
  };
  const mac = of('bf16-dot') / 16;
  const tile = of('bf16-dot-tile') / 64;
  const opened = of('hint') / 16 + of('sponge') / 48;
  const path = of('merkle-call') + PATH_LEVELS * of('merkle');
  const scalars = SCALAR.filter(([, , chips]) => chips.every((name) => cells.has(name))).map(
    ([operation, estimate, chips]) => {
      const total = chips.reduce((sum, name) => sum + of(name), 0);
      return [operation, estimate, numberText(total), `one row of ${chips.map((name) => `\`${name}\``).join(', ')}`];
    },
  );
  const missing = OTHERS.filter(([, chip]) => !cells.has(chip)).map(([operation]) => operation);
  const rows = [
    ['BF16 MAC with FP32 accumulation, Hopper order', 90, numberText(mac), 'one row of `bf16-dot` for 16'],
    [
      'the same, four dot products of two rows and two columns',
      'not stated',
      numberText(tile),
      'one row of `bf16-dot-tile` for 64',
    ],
    [
      'the same, Ampere order',
      'not stated',
      numberText(of('bf16-dot-ampere') / 16),
      'one row of `bf16-dot-ampere` for 16',
    ],
    [
      'the same, as a chain of fused multiply-adds',
      'not stated',
      numberText(of('bf16-dot-fma') / 2 + of('bf16-pairs') / 16),
      'one row of `bf16-dot-fma` for 2 and one of `bf16-pairs` for 16',
    ],
    [
      'the same, in the order of AMX',
      'not stated',
      numberText(of('bf16-dot-amx') / 2 + of('bf16-normal-pairs') / 16 + of('bf16-dot-amx-tile') / 32),
      'one row of `bf16-dot-amx` for 2, one of `bf16-normal-pairs` for 16 and one of `bf16-dot-amx-tile` for 32',
    ],
    [
      'the first, both operands taken from the tape and hashed for their commitments',
      'not stated',
      numberText(mac + 2 * opened),
      'and for each operand a sixteenth of a row of `hint` and a forty-eighth of one of `sponge`',
    ],
    [
      'in tiles, both operands taken from the tape and hashed for their commitments',
      'not stated',
      numberText(tile + opened),
      'and for each operand half of that, since two products share it',
    ],
    [
      `Merkle path of ${PATH_LEVELS} levels`,
      '1,500',
      numberText(path),
      `${PATH_LEVELS} rows of \`merkle\` and one of \`merkle-call\``,
    ],
    ...scalars,
    [
      'BF16 function table',
      15,
      numberText(of('bf16-silu')),
      'one row of the chip of a function, such as `bf16-silu`: a register read, a register written, one look-up',
    ],
    [
      'SHA-256 compression',
      '7,500',
      numberText(of('sha256-call') + 4 * of('sha256-schedule') + 17 * of('sha256-rounds')),
      'one row of `sha256-call`, 4 of `sha256-schedule`, 17 of `sha256-rounds`',
    ],
    [
      'sum of FP32 words in order, a word',
      'not in the catalogue',
      numberText(of('fp32-fold-sequential-sum') / 8 + of('fp32-add') + of('fp32-round')),
      'an eighth of a row of `fp32-fold-sequential-sum`, one row of `fp32-add`, `fp32-round`',
    ],
    ['Philox4x32-10, four words', 'not in the catalogue', numberText(of('philox')), 'one row of `philox`'],
  ];
  return [
    '## Beside the paper',
    markdownTable(['operation', 'estimate in arXiv 2606.05433#', 'cells here#', 'made of'], rows),
    REMARK,
    ...(missing.length === 0
      ? []
      : [`Operations of the paper's catalogue without a chip here: ${missing.join(', ')}.`]),
  ].join('\n\n');
}

const REMARK = `The two columns do not have the same unit. The paper estimates constraints of an arithmetic circuit that was not built; a cell here is one element of a 31-bit field that the prover commits to, lookups included. Not in the counts: rows up to the next power of two, the fixed tables, and the instructions around an operation; \`ulp cost\` has all of them for a whole run. A MAC costs less than estimated because 16 products share one alignment, one sum and one normalisation, as they do in the hardware. A Merkle level costs more: one Poseidon2 permutation of width 24, which a digest of nine elements (139-bit collisions) needs, where the paper counts 75 constraints. Paths are a small part of a layer's proof, since a leaf is a whole row of a matrix. A look-up costs more than estimated because the instruction around it is in the count: of its cells, 3 are the look-up and its result, the rest reads and writes registers. A division is 15 above the estimate: 81 of its cells are the instruction around it, which reads two registers and the rounding mode, writes one and accrues flags; quotient and rounding are 134. SHA-256 is as estimated: 193 words of 32 bit columns are 6,176 cells whatever the layout, and a single row for a block, 6,950 cells, would make a proof two megabytes larger, since every query opens whole rows.`;
