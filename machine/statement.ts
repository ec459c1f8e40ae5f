/**
 * The statement of a run: this program, with this public input, wrote this public output and exited with this code.
 *
 * From it follow, for prover and verifier alike, the known columns (program, image, public input), the tuples that the
 * outside world puts on the buses (first state, RAM base, output words, exit code), and the canonical bytes that are
 * absorbed before the first challenge. Symbols, line tables and messages of the program are no part of it.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { MIN_LOG_HEIGHT, numBlindingRows, type Parameters } from '../stark/parameters.ts';
import type { KnownTable, PublicTerm, Statement } from '../stark/relation.ts';
import { EXECUTION_BUS, EXIT_BUS, PUBLIC_OUTPUT_BUS, RAM_BASE_BUS } from '../vm/buses.ts';
import type { KnownRows } from '../vm/chip.ts';
import { imageAir } from '../vm/chips/image/air.ts';
import { imageRows } from '../vm/chips/image/known.ts';
import { programAir } from '../vm/chips/program/air.ts';
import { programRows } from '../vm/chips/program/known.ts';
import { publicInputAir } from '../vm/chips/public-input/air.ts';
import { publicInputRows } from '../vm/chips/public-input/known.ts';
import type { Program } from '../vm/executor/program.ts';
import { CLK_START } from '../vm/space.ts';

/** What is said about a run. Words are u32. */
export interface Claim {
  readonly program: Program;
  readonly publicInput: Uint32Array;
  readonly publicOutput: Uint32Array;
  readonly exitCode: number;
}

/** Contents of the tables with known columns that take part, by air name. */
export function knownRowsOf({ program, publicInput }: Claim): ReadonlyMap<string, KnownRows> {
  const tables: [string, KnownRows][] = [
    [programAir.name, programRows(program)],
    [imageAir.name, imageRows(program)],
    [publicInputAir.name, publicInputRows(publicInput)],
  ];
  return new Map(tables.filter(([, { rows }]) => rows > 0));
}

/**
 * The statement for one parameter set, whose number of blinding rows the heights of the known tables leave room for.
 * @throws {RangeError} if the exit code is no u32: 2^32 would be the same statement as 0
 */
export function statementOf(claim: Claim, parameters: Parameters): Statement {
  if (claim.exitCode !== claim.exitCode >>> 0) throw new RangeError(`exitCode: expected a u32, got ${claim.exitCode}`);
  const blindingRows = numBlindingRows(parameters);
  const known = [...knownRowsOf(claim)].map(([name, { rows, columns }]): [string, KnownTable] => [
    name,
    { logHeight: Math.max(MIN_LOG_HEIGHT, Math.ceil(Math.log2(rows + blindingRows))), columns },
  ]);
  return { bytes: statementBytes(claim), known: new Map(known), terms: publicTerms(claim) };
}

const limbs = (word: number): [lo: number, hi: number] => [word & 0xffff, word >>> 16];

/** What the outside world sends and receives. */
export function publicTerms({ program, publicOutput, exitCode }: Claim): PublicTerm[] {
  return [
    { bus: EXECUTION_BUS, tuple: [program.entry, CLK_START], multiplicity: 1 },
    { bus: RAM_BASE_BUS, tuple: [program.ramBase], multiplicity: 1 },
    ...Array.from(
      publicOutput,
      (word, index): PublicTerm => ({ bus: PUBLIC_OUTPUT_BUS, tuple: [index, ...limbs(word)], multiplicity: -1 }),
    ),
    { bus: EXIT_BUS, tuple: limbs(exitCode), multiplicity: -1 },
  ];
}

const DOMAIN = utf8ToBytes('ulp statement v1');

/**
 * Everything that the known columns and public terms are made from, as u32 little-endian, each list after its length:
 * entry, RAM base, program rows (9 words a slot), image (address and value), public input, public output, exit code.
 */
export function statementBytes({ program, publicInput, publicOutput, exitCode }: Claim): Uint8Array {
  const { entry, ramBase, image } = program;
  const { rows, columns } = programRows(program);
  const words = [
    Uint32Array.of(entry, ramBase, rows),
    ...columns,
    Uint32Array.of(image.address.length),
    image.address,
    image.value,
    Uint32Array.of(publicInput.length),
    publicInput,
    Uint32Array.of(publicOutput.length),
    publicOutput,
    Uint32Array.of(exitCode),
  ];
  const length = words.reduce((total, list) => total + list.length, 0);
  const bytes = new Uint8Array(DOMAIN.length + 4 * length);
  bytes.set(DOMAIN);
  const view = new DataView(bytes.buffer, DOMAIN.length);
  let at = 0;
  for (const list of words) {
    for (const word of list) {
      view.setUint32(at, word, true);
      at += 4;
    }
  }
  return bytes;
}

/** BLAKE3 of the statement's bytes: its name for people and for challenges derived from it. */
export const statementDigest = (claim: Claim): Uint8Array => blake3(statementBytes(claim));
