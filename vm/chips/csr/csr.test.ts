import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse, mul, P } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { digestProgram } from '../../../test/support/digest-forgeries.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import type { Fields } from '../../isa/instruction.ts';
import { ADD_INSTRUCTIONS } from '../add/execute.ts';
import { addChip } from '../add/trace.ts';
import { csrAir } from './air.ts';
import { counterAir } from './counter-air.ts';
import { CSR_INSTRUCTIONS } from './execute.ts';
import { flagsTable } from './flags-table.ts';
import { counterChip, csrChip } from './trace.ts';

const [FFLAGS, FRM, FCSR] = [1, 2, 3];
const MNEMONICS = ['csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi', 'csrrci'];
const TABLES = { flags: (tuple: readonly number[]): boolean => flagsTable.provider.positionOf(tuple) !== undefined };
const run = (steps: readonly Step[]) =>
  stepped([...CSR_INSTRUCTIONS, ...ADD_INSTRUCTIONS], [csrChip, counterChip, addChip], steps);
/** `source`: value of x1, or the immediate. */
const step = (mnemonic: string, csr: number, source: number, frm: number, fflags: number, rd = 3): Step => ({
  mnemonic,
  fields: { rd, rs1: mnemonic.endsWith('i') ? source : 1, imm: csr },
  registers: { ...(mnemonic.endsWith('i') ? {} : { 1: source }), 65: frm, 66: fflags },
});

/** The manual's text on one 8-bit register: flags in bits 0 to 4, frm in bits 5 to 7. */
function oracle(mnemonic: string, csr: number, source: number, frm: number, fflags: number) {
  const whole = BigInt(fflags) | (BigInt(frm) << 5n);
  const [shift, bits] = csr === FRM ? [5n, 3n] : csr === FFLAGS ? [0n, 5n] : [0n, 8n];
  const mask = (1n << bits) - 1n;
  const old = (whole >> shift) & mask;
  const action = mnemonic[4];
  const next = action === 'w' ? BigInt(source) : action === 's' ? old | BigInt(source) : old & ~BigInt(source);
  const after = (whole & ~(mask << shift)) | ((next & mask) << shift);
  return { rd: Number(old), frm: Number(after >> 5n), fflags: Number(after & 31n) };
}

test('every instruction on every part reads the old value and leaves the right new one, and its trace is accepted', () => {
  forAll(
    fc.tuple(u32(), fc.nat(31), fc.nat(7), fc.nat(31)),
    ([word, imm, frm, fflags]) => {
      for (const mnemonic of MNEMONICS) {
        for (const csr of [FFLAGS, FRM, FCSR]) {
          const source = mnemonic.endsWith('i') ? imm : word;
          const { machine, trace } = run([step(mnemonic, csr, source, frm, fflags)]);
          const { registers } = machine;
          expect({ rd: registers[3], frm: registers[65], fflags: registers[66] }).toEqual(
            oracle(mnemonic, csr, source, frm, fflags),
          );
          const rows = { main: [...trace(csrChip).main, ...paddingRow(csrChip).main] };
          expect(violations(csrAir, rows)).toEqual([]);
          expect(objections(csrAir, rows, rows, TABLES)).toEqual([]);
        }
      }
    },
    60,
  );
});

test('rd may be the source, and x0', () => {
  const same = run([step('csrrw', FCSR, 0x1ff, 2, 3, 1)]);
  expect([same.machine.registers[1], same.machine.registers[65], same.machine.registers[66]]).toEqual([67, 7, 31]);
  const none = run([step('csrrw', FCSR, 0x21, 2, 3, 0)]);
  expect([none.machine.registers[0], none.machine.registers[65], none.machine.registers[66]]).toEqual([0, 1, 1]);
});

describe('counters', () => {
  const read = (csr: number): Step => ({ mnemonic: 'csrrs', fields: { rd: 3, rs1: 0, imm: csr } });

  test.each([0xc00, 0xc01, 0xc02])('%i counts the instructions before the read', (csr) => {
    const { machine, trace } = run([read(csr), read(csr)]);
    // `stepped` starts at time 2^17 + 1.
    expect(machine.registers[3]).toBe(2 ** 14 + 1);
    const rows = { main: [...trace(counterChip).main, ...paddingRow(counterChip).main] };
    expect(objections(counterAir, rows, rows)).toEqual([]);
  });

  test.each([0xc80, 0xc81, 0xc82])('%i, the upper half, is 0', (csr) => {
    const { machine, trace } = run([{ ...read(csr), registers: { 3: 7 } }]);
    expect(machine.registers[3]).toBe(0);
    expect(trace(addChip).main.length).toBe(1);
  });
});

test('no other register, and no write to a counter, is an instruction of the machine', () => {
  const decoded = (mnemonic: string, fields: Partial<Fields>): unknown =>
    CSR_INSTRUCTIONS.find(({ spec }) => spec.mnemonic === mnemonic)!.decode(
      { rd: 3, rs1: 0, rs2: 0, rs3: 0, imm: 0, rm: 0, ...fields },
      0,
    );
  for (const mnemonic of MNEMONICS) {
    for (const imm of [0x000, 0x004, 0x300, 0xc03, 0xc83, 0xf14]) expect(decoded(mnemonic, { imm })).toBeUndefined();
    expect(decoded(mnemonic, { imm: 0xc00, rs1: 1 })).toBeUndefined();
    expect(decoded(mnemonic, { imm: 0xc80, rs1: 1 })).toBeUndefined();
  }
  expect(decoded('csrrw', { imm: 0xc00 })).toBeUndefined();
  expect(decoded('csrrwi', { imm: 0xc02 })).toBeUndefined();
  expect(decoded('csrrc', { imm: 0xc00 })).toEqual({ op: 113, rd: 3 });
});

describe('forgeries of instructions on fcsr', () => {
  const one = (mnemonic: string, csr: number, source: number, frm: number, fflags: number): Rows =>
    run([step(mnemonic, csr, source, frm, fflags)]).trace(csrChip);
  const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(csrAir, rows, 0, changes);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: forge(honest, changes),
    rejectedBy,
  });
  /** What the machine asks for, which no row may answer so. */
  const asked = (claim: string, rows: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
    const forged = forge(rows, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const write = one('csrrw', FCSR, 0x0145, 2, 3); // frm 2, fflags 5, rest 1
  const setFlags = one('csrrs', FFLAGS, 0x14, 2, 3);
  const clearFlags = one('csrrc', FFLAGS, 0x12, 2, 3);
  const writeFlags = one('csrrw', FFLAGS, 0x45, 2, 3);
  const writeFrm = one('csrrw', FRM, 0x0d, 2, 3);
  const immediate = one('csrrwi', FRM, 3, 2, 5);
  const padding = paddingRow(csrChip);
  const part = (name: string): Forgery[] => [
    lie(
      `${name} held another value`,
      write,
      name === 'frm' ? { frmLo: 3, frmOr: 3, out: 99 } : { fflagsLo: 2, fflagsOr: 7, out: 66 },
      `${name} holds the value last written`,
    ),
  ];

  const forgeries: Forgery[] = [
    ...frameForgeries({
      air: csrAir,
      honest: write,
      accesses: { rs1: 0, rd: 3, frm: 4, fflags: 5 },
    }),
    ...part('frm'),
    ...part('fflags'),
    lie('rs1 held another value', write, { rs1Lo: 0x245, rest: 2 }, 'rs1 holds the value last written'),
    lie('rd held another value before', write, { rdLo: 1 }, 'rd holds the value last written'),
    lie('rd receives something else', write, { out: 68 }, 'rd receives the parts named'),
    lie('frm becomes another mode', write, { frmAfter: 4 }, 'frm changes if named'),
    lie('a flag is lost', write, { fflagsAfter: 4 }, 'fflags changes if named'),
    lie('a write to fflags changes frm', writeFlags, { frmAfter: 1 }, 'frm changes if named'),
    lie(
      'other bits are written than those of the source',
      write,
      { fflagsSource: 4, fflagsOr: 7, fflagsAfter: 4 },
      'the source is its parts',
    ),
    lie(
      'the flags written take over the rest of the source',
      writeFlags,
      { fflagsSource: 0x25, fflagsOr: 7, rest: 1, fflagsAfter: 0x25 },
      'fflags and its source have this union',
    ),
    lie(
      'the mode written takes over the rest of the source',
      writeFrm,
      { frmSource: 13, frmOr: 15, rest: 0, frmAfter: 13 },
      'frmSource is below 2^3',
    ),
    lie(
      'the rest of the source is a quotient by 2^3',
      writeFrm,
      { frmSource: 7, frmOr: 7, rest: mul(felt(3), inverse(felt(4))), frmAfter: 7 },
      'the rest of the source is above the parts',
    ),
    lie(
      'bits of frm set are not the union',
      one('csrrs', FRM, 1, 2, 3),
      { frmOr: 7, frmAfter: 7 },
      'frm and its source have this union',
    ),
    lie(
      'bits set are not the union',
      setFlags,
      { fflagsOr: 0x1f, fflagsAfter: 0x1f },
      'fflags and its source have this union',
    ),
    lie('bits cleared stay', clearFlags, { fflagsOr: 0x15, fflagsAfter: 3 }, 'fflags and its source have this union'),
    lie('a set is a write', setFlags, { isSet: 0, fflagsAfter: 0x14 }, 'the program has this instruction'),
    lie(
      'another immediate than the program has',
      immediate,
      { immLo: 5, frmSource: 5, frmOr: 7, frmAfter: 5 },
      'the program has this instruction',
    ),
    asked('isFrm is 2 on padding', padding, { isFrm: 2 }, 'isFrm is a bit'),
    asked('isFcsr is -1 on padding', padding, { isFcsr: -1 }, 'isFcsr is a bit'),
    asked('isSet is 2 on padding', padding, { isSet: 2 }, 'isSet is a bit'),
    asked('isClear is 2 on padding', padding, { isClear: 2 }, 'isClear is a bit'),
  ];
  describeForgeries(csrAir, forgeries, {
    tables: TABLES,
    neverAlone: frameNeverAlone(['rs1', 'rd', 'frm', 'fflags']),
  });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const query = {
      honest: write,
      inputs: [
        'isReal',
        'pc',
        'clk',
        'immLo',
        'isFrm',
        'isFcsr',
        'isSet',
        'isClear',
        'rs1Lo',
        'rs1Hi',
        'frmLo',
        'fflagsLo',
      ],
      outputs: ['out', 'frmAfter', 'fflagsAfter'],
      tables: TABLES,
    };
    expect(findSecondWitness(csrAir, query)).toBeUndefined();
    for (const name of ['rd receives the parts named', 'frm changes if named']) {
      expect(findSecondWitness(csrAir, { ...query, without: [name] }), name).toBeDefined();
    }
  });
});

describe('forgeries of reads of a counter', () => {
  const honest = run([{ mnemonic: 'csrrs', fields: { rd: 3, rs1: 0, imm: 0xc02 } }]).trace(counterChip); // 2^14
  const forge = (changes: Record<string, number>, rows = honest): Rows => withCells(counterAir, rows, 0, changes);
  const cell = (name: string): number => cells(counterAir, honest, name)[0]!;
  const SHIFT = 2 ** 16 * 8;
  /** The same after 2^16 more instructions. */
  const later = forge({ clk: cell('clk') + SHIFT, rdClk: cell('rdClk') + SHIFT, countHi: 1 });
  const lie = (claim: string, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: forge(changes),
    rejectedBy,
  });
  const elsewhere = forge({ pc: cell('pc') + 8 });
  const forgeries: Forgery[] = [
    ...frameForgeries({ air: counterAir, honest, accesses: { rd: 3 } }).filter((f) => !/four units/.test(f.claim)),
    lie(
      'the instruction runs one instruction later than the machine is at it, and counts it',
      { clk: cell('clk') + 8, rdAgeLo: cell('rdAgeLo') + 8, countLo: 2 ** 14 + 1 },
      'the machine is at this instruction',
    ),
    {
      claim: 'the machine is where the program has another instruction',
      honest: elsewhere,
      forged: elsewhere,
      rejectedBy: ['the program has this instruction'],
    },
    lie('one more instruction has run', { countLo: 2 ** 14 + 1 }, 'the time counts instructions'),
    lie(
      'one more instruction has run, and the high limb is a quotient by 2^16',
      { countLo: 2 ** 14 + 1, countHi: P - inverse(felt(2 ** 16)) },
      'countHi is below 2^10',
    ),
    {
      claim: 'the low limb takes over the high one',
      honest: later,
      forged: forge({ countLo: 2 ** 14 + 2 ** 16, countHi: 0 }, later),
      rejectedBy: ['countLo is below 2^16'],
    },
    lie('rd held another value before', { rdLo: 1 }, 'rd holds the value last written'),
  ];
  describeForgeries(counterAir, forgeries, {
    tables: digestProgram(counterAir, honest),
    neverAlone: frameNeverAlone(['rd']),
  });
});
