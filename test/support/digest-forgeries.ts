/** The forgeries that `poseidon2.sponge` and `poseidon2.merkle` have in common: those of `digest-words.ts`. */
import { finishDigest } from '../../precompiles/poseidon2/digest-words-trace.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { type Felt, felt, inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import type { Instruction } from '../../vm/executor/instruction.ts';
import { cells, type Forgery, messages, type Tables, withCells } from './forgery.ts';
import { frameForgeries, frameNeverAlone } from './frame-forgeries.ts';
import { stepped } from './step.ts';

/** Byte address of the words. */
export const DIGEST_RAM = 0x0002_0000;
const WORDS = Array.from({ length: 9 }, (_, i) => i);
const ACCESSES = { rs1: 0, rs2: 1, rs3: 3 };

/**
 * A row of the instruction's chip that leaves these nine residues in memory: no hash has to have them. The words were
 * last accessed 2^16 + 1 earlier.
 */
export function rowWithDigest(
  chip: Chip & { readonly eventWords: number },
  { spec, decode }: Instruction,
  registers: { readonly rs2: number; readonly rs3: number },
  digest: readonly number[],
): Rows {
  const execute: Instruction['execute'] = (machine, row) =>
    finishDigest(machine, row, chip.air.name, Uint32Array.from(digest));
  const steps = [
    {
      mnemonic: spec.mnemonic,
      fields: { rs1: 1, rs2: 2, rs3: 3 },
      registers: { 1: DIGEST_RAM, 2: registers.rs2, 3: registers.rs3 },
      ram: Object.fromEntries(WORDS.map((i) => [DIGEST_RAM / 4 + i, 1000 + i])),
    },
  ];
  return stepped([{ spec, decode, execute }], [chip], steps).trace(chip);
}

/** A program that has the instruction of the row at its pc and at the next one, and nothing else. */
export function digestProgram(air: Air, row: Rows): Tables {
  const [[pc, ...fields]] = messages(air, row, 'the program has this instruction') as [[number, ...number[]]];
  const has = (tuple: readonly number[]): boolean =>
    (tuple[0] === pc || tuple[0] === pc + 4) && tuple.slice(1).join() === fields.join();
  return { program: has };
}

export const digestNeverAlone: Record<string, string> = frameNeverAlone([
  ...Object.keys(ACCESSES),
  ...WORDS.map((i) => `word ${i}`),
]);

/** `rowOf` gives a row of the chip that leaves nine residues. */
export function digestForgeries(air: Air, rowOf: (digest: readonly number[]) => Rows): Forgery[] {
  const honest = rowOf(WORDS.map((i) => 3 * 2 ** 16 + i));
  const forge = (row: Rows, changes: Readonly<Record<string, number>>): Rows => withCells(air, row, 0, changes);
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  /** The start of a chain of hash rows, and its end. */
  const hashing = air.interactions.filter((i) => ['sponge', 'merkle'].includes(i.bus.name)).map((i) => i.name);
  const asked = (changes: Readonly<Record<string, number>>): Pick<Forgery, 'honest' | 'forged'> => {
    const forged = forge(honest, changes);
    return { honest: forged, forged };
  };
  return [
    ...frameForgeries({ air, honest, accesses: ACCESSES })
      .filter((f) => !/four units/.test(f.claim))
      .map((f) => (/padding/.test(f.claim) ? { ...f, rejectedBy: [...f.rejectedBy, ...wordAccesses, ...hashing] } : f)),
    {
      claim: 'the instruction runs four units of time later than the machine is at it, and so does its hashing',
      honest,
      forged: forge(honest, {
        clk: cell('clk') + 4,
        ...Object.fromEntries(Object.keys(ACCESSES).map((name) => [`${name}AgeLo`, cell(`${name}AgeLo`) + 4])),
        ...Object.fromEntries(WORDS.map((i) => [`wordAgeLo[${i}]`, cell(`wordAgeLo[${i}]`) + 4])),
      }),
      rejectedBy: ['the machine is at this instruction', hashing[1]!],
    },
    {
      claim: 'the same instruction in the next place of the program runs instead',
      honest,
      forged: forge(honest, { pc: cell('pc') + 4 }),
      rejectedBy: ['the machine is at this instruction'],
    },
    {
      claim: 'the machine is where the program has another instruction',
      ...asked({ pc: cell('pc') + 8 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'rs1 is no multiple of 4, and the word is its quotient in the field',
      ...asked({ rs1Lo: 2, wordLow: inverse(felt(2)) }),
      rejectedBy: ['wordLow is below 2^14'],
    },
    { claim: 'rs1 is no multiple of 4', ...asked({ rs1Lo: 2 }), rejectedBy: ['rs1 is a multiple of 4'] },
    { claim: 'rs3 is 2^16 or more', ...asked({ rs3Hi: 1 }), rejectedBy: ['rs3 is below 2^16'] },
    {
      claim: 'another word than the one that rs1 points to',
      honest,
      forged: forge(honest, { wordLow: cell('wordLow') + 64 }),
      rejectedBy: ['rs1 is a multiple of 4', ...wordAccesses],
    },
    ...WORDS.flatMap((i) => wordForgeries(air, rowOf, honest, i)),
  ];
}

const wordAccesses = WORDS.flatMap((i) => [
  `word ${i} holds the value last written`,
  `word ${i} is left with its value`,
]);
function wordForgeries(air: Air, rowOf: (digest: readonly number[]) => Rows, honest: Rows, i: number): Forgery[] {
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  const [time, age, ageHi] = [`wordClk[${i}]`, `wordAgeLo[${i}]`, `wordAgeHi[${i}]`];
  const shifted = mul(reduce(cell(ageHi) * 2 ** 16 - 1), inverse(felt(2 ** 16)));
  const holds = `word ${i} holds the value last written`;
  const forge = (claim: string, changes: Record<string, number>, rejectedBy: string[], row = honest): Forgery => ({
    claim: `word ${i}: ${claim}`,
    honest: row,
    forged: withCells(air, row, 0, changes),
    rejectedBy,
  });
  const limbs = (lo: number, hi: number): Record<string, number> => {
    const gap = reduce(0x7f00 - hi);
    return { [`afterLo[${i}]`]: lo, [`afterHi[${i}]`]: hi, [`gapInverse[${i}]`]: gap === 0 ? 0 : inverse(gap as Felt) };
  };
  const small = rowOf(WORDS.map((k) => 100 + k));
  const middle = rowOf(WORDS.map((k) => 2 ** 20 + k));
  const large = rowOf(WORDS.map((k) => P - 2 ** 16 + 5 + k));
  return [
    forge('another age than its times say', { [age]: cell(age) + 1 }, [`word ${i} was last accessed before`]),
    forge('an access that never was, one unit earlier', { [time]: cell(time) - 1, [age]: cell(age) + 1 }, [holds]),
    forge('another value before', { [`beforeHi[${i}]`]: 7 }, [holds]),
    forge('the low limb of the age takes over the high one', { [age]: cell(age) + 2 ** 16, [ageHi]: cell(ageHi) - 1 }, [
      `${age} is below 2^16`,
    ]),
    forge('the high limb of the age is a quotient by 2^16', { [age]: cell(age) + 1, [ageHi]: shifted }, [
      `${ageHi} is below 2^13`,
    ]),
    forge('the low limb takes over the high one', limbs(i + 2 ** 16, 2), [`afterLo[${i}] is below 2^16`]),
    forge('a high limb below 0', limbs(5 + i, -1), [`afterHi[${i}] is below 2^15`], large),
    forge(
      'v + p for a small residue v',
      limbs(101 + i, 0x7f00),
      [`afterLo[${i}] is 0 where afterHi[${i}] is 0x7f00`],
      small,
    ),
    forge('v + p for a residue v below 2^24', limbs(1 + i, 0x7f10), [`afterHi[${i}] is at most 0x7f00`], middle),
  ];
}
