/** Writes `docs/protocol-linear.md`: the linear layer's statement, tape and checks, with numbers from the sources. */

import { DIGEST_FELTS } from '../../precompiles/poseidon2/constants.ts';
import { ROW_HALFWORDS, ROW_SALTS } from '../../precompiles/poseidon2/format.ts';

import { tapeSize } from '../../protocol/linear.ts';
import { escapeProbability } from '../../protocol/sampling.ts';
import {
  geometry,
  type LinearShape,
  type LinearStatement,
  MAX_INNER,
  MAX_LEAVES,
  MAX_OUTER,
  MAX_SAMPLES,
  STATEMENT_MAGIC,
  STATEMENT_VERSION,
  STATEMENT_WORD,
  type TileSide,
} from '../../protocol/statement.ts';
import { markdownTable, numberText } from './table.ts';

const power = (value: number): string => `2^${Math.log2(value)}`;

/** What each part of the statement holds. */
const MEANING: Readonly<Record<Exclude<keyof typeof STATEMENT_WORD, 'length'>, string>> = {
  magic: `0x${STATEMENT_MAGIC.toString(16)}, the bytes \`ULPL\``,
  version: `${STATEMENT_VERSION}`,
  model: 'accumulation model: the funct3 field of its `bf16.dot` instruction, 0 for Hopper',
  flags: 'bit 0: there is a bias; bits 1 and 2: log2 of the side T of a tile, 0 to 2; the others are 0',
  rows: `M, rows of X and Y, 1 to ${power(MAX_OUTER)}`,
  columns: `N, rows of W and columns of Y, 1 to ${power(MAX_OUTER)}`,
  inner: `K, columns of X and W, 1 to ${power(MAX_INNER)}`,
  samples: `k, samples, 1 to ${power(MAX_SAMPLES)}`,
  rootX: `root of X: ${DIGEST_FELTS} canonical field elements`,
  rootW: 'root of W',
  rootY: 'root of Y',
  rootBias: 'root of the bias; zeros without one',
  seed: 'challenge seed: 32 bytes as little-endian words',
};

function statementRows(): string[][] {
  const parts = Object.entries(STATEMENT_WORD) as [keyof typeof STATEMENT_WORD, number][];
  return parts.slice(0, -1).map(([name, first], i) => {
    const last = parts[i + 1]![1] - 1;
    return [first === last ? `${first}` : `${first} .. ${last}`, name, MEANING[name as keyof typeof MEANING]];
  });
}

const EXAMPLES: readonly (LinearShape & { readonly samples: number; readonly tile: TileSide })[] = [
  { rows: 256, columns: 512, inner: 512, samples: 64, tile: 1 },
  { rows: 256, columns: 512, inner: 512, samples: 16, tile: 2 },
  { rows: 256, columns: 512, inner: 512, samples: 4, tile: 4 },
  { rows: 2048, columns: 4096, inner: 4096, samples: 64, tile: 1 },
  { rows: 1, columns: 1, inner: 53_248, samples: 1, tile: 1 },
];

const sizeRows = (): string[][] =>
  EXAMPLES.map((shape) => {
    const { dotBlocks, rowBlocks, depthX, depthW, depthY } = geometry(shape);
    const { halfwords, felts } = tapeSize(shape as LinearStatement, false);
    return [
      `${shape.rows} x ${shape.columns}, K = ${numberText(shape.inner)}, k = ${shape.samples}, T = ${shape.tile}`,
      numberText(dotBlocks),
      numberText(rowBlocks),
      `${depthX}, ${depthW}, ${depthY}`,
      numberText(2 * halfwords),
      numberText(felts),
      numberText(shape.samples * shape.tile ** 2 * dotBlocks * 16),
    ];
  });

const percent = (probability: number): string => `${Number((100 * probability).toPrecision(2))} %`;

export function protocolLinearDocument(): string {
  return `${[
    `# The linear layer, word for word

Generated with numbers from the sources by \`npx vitest run test/docs -u\`; a test compares it with them. [protocol.md](protocol.md) says who does what; this page is what a second implementation of the host or of a guest needs. Y = X W^T (+ bias) with X M x K, W N x K, Y M x N and a bias of N elements, all BF16.`,

    '## The statement',
    `The guest's public input, ${STATEMENT_WORD.length} words (\`protocol/statement.ts\`). Words 0 .. ${STATEMENT_WORD.seed - 1} are the claim; by default the seed is their BLAKE3 hash. Nothing that follows from other words is in it, so that no two parts can disagree.`,
    markdownTable(['words', 'name', 'holds'], statementRows()),
    `It says: *the committed Y agrees, at the k entries that the seed selects, and with T > 1 in the whole tiles around them, bit for bit with the declared product of the committed X and W (plus the committed bias).* The public output is the one word k, and the exit code 0.`,

    '## Commitments',
    `A leaf of X or W is a row; a leaf of Y or of the bias is ${ROW_HALFWORDS} neighbouring entries of a row. Leaves are padded with +0 to whole sponge rows of ${ROW_HALFWORDS} halfwords, each row with ${ROW_SALTS} salts. Leaf indexes: i for row i of X, j for row j of W, i ceil(N / ${ROW_HALFWORDS}) + floor(j / ${ROW_HALFWORDS}) for entry (i, j) of Y, floor(j / ${ROW_HALFWORDS}) for the bias. A tree of L leaves has depth ceil(log2 L); places beyond the last leaf hold nine zeros. Y has at most ${power(MAX_LEAVES)} leaves. (\`protocol/commitment.ts\`, \`precompiles/sponge/semantics.ts\`, \`precompiles/merkle/semantics.ts\`)`,

    '## A sample, step by step',
    `For s = 0 .. k - 1 the guest \`guests/linear.s\` does, and the host prepares:

1. **Challenge.** Two uniform numbers from the ChaCha20 key stream of the seed: the row i below M, then the column j below N. A word that would bias the result is skipped (\`protocol/challenge.ts\`, \`guests/lib/random.s\`). Samples may repeat. The tile of a sample is T rows and T columns: i - i mod T and on, j - j mod T and on; in the place of one beyond the edge, the last row or column again. T = 1 leaves the entry alone.
2. **Open X.** For each row i of the tile: hash B = 3 ceil(K / ${ROW_HALFWORDS}) blocks of the tape, climb the tree with leaf index i, compare with the root of X.
3. **Open W.** For each column j the next B blocks, leaf index j, root of W.
4. **Padding.** Elements K .. 16 ceil(K / 16) - 1 of these rows are +0: the dot product runs over whole blocks.
5. **Open Y.** For each row i the next 3 blocks, the leaf that holds (i, j) for all columns j of the tile (T divides ${ROW_HALFWORDS}), root of Y. An entry is halfword j mod ${ROW_HALFWORDS}.
6. **Open the bias**, if there is one: the next 3 blocks, root of the bias.
7. **Recompute**, for each entry of the tile, in squares of 2 x 2, row by row within a square (and the squares of a tile of 4 x 4 likewise). Accumulator +0, then the \`bf16.dot\` of the model over ceil(K / 16) blocks. With a bias, its halfword j mod ${ROW_HALFWORDS} is widened to FP32 and added, to nearest even.
8. **Compare.** The accumulator rounded to BF16, to nearest even, has the bits of the committed entry.

Every comparison is an assertion: where one fails the run traps, and there is no proof.`,

    '## Tape and advice',
    `Private. In this order, sample after sample, and nothing else (\`protocol/linear.ts\`):`,
    markdownTable(
      ['on the hint tape, blocks of 16 BF16', 'as advice, field elements'],
      [
        [
          'each row i of X, B blocks',
          `${ROW_SALTS} salts for each 3 blocks, then ${DIGEST_FELTS} for each level of the path, leaf up`,
        ],
        ['of each column j, row j of W, B blocks', 'the same'],
        ['of each row i, the leaf of Y, 3 blocks', `${ROW_SALTS} salts, then the path`],
        ['the leaf of the bias, 3 blocks, if there is one', `${ROW_SALTS} salts, then the path`],
      ],
    ),
    `Sample s starts at block s T (2 B + 3), or s (T (2 B + 3) + 3) with a bias.`,
    markdownTable(
      ['layer', 'dot blocks#', 'B#', 'depths of X, W, Y', 'tape bytes#', 'advice elements#', 'MACs proven#'],
      sizeRows(),
    ),

    '## What k samples prove',
    `If a fraction f of the entries of Y is not the declared product, all k samples miss it with probability (1 - f)^k: with k = 64 and f = 10 % that is ${percent(escapeProbability(0.1, 64))}, with f = 1 % it is ${percent(escapeProbability(0.01, 64))}. With tiles it is that or less. A prover who may try seeds (the default, a hash of its own claim) multiplies that by the number of tries. [sampling.md](sampling.md) has the tables and the limits.`,
  ].join('\n\n')}\n`;
}
