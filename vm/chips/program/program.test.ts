import { expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { withKnown, withKnownCell } from '../../../test/support/known.ts';
import { defineInstructionSet } from '../../executor/instruction.ts';
import { loadProgram } from '../../executor/load.ts';
import { encode } from '../../isa/encoding.ts';
import { opOf, specOf } from '../../isa/op.ts';
import { TEXT_BASE } from '../../space.ts';
import { ADD_INSTRUCTIONS } from '../add/execute.ts';
import { programAir } from './air.ts';
import { programProvider, programRows } from './known.ts';

const words = [encode(specOf('addi'), { rd: 5, rs1: 6, imm: -2 }), 0, encode(specOf('sub'), { rd: 0, rs1: 1, rs2: 2 })];
const bytes = new Uint8Array(Uint32Array.from(words).buffer);
const program = loadProgram(
  { entry: TEXT_BASE, segments: [{ address: TEXT_BASE, bytes, memoryBytes: 12, write: false, execute: true }] },
  defineInstructionSet(ADD_INSTRUCTIONS),
);
const known = programRows(program);
const MULTIPLICITY = programAir.offsets.multiplicity;
const counts = (...times: number[]) =>
  withKnown(
    times.map((n) => programAir.main.map((_, c) => (c === MULTIPLICITY ? n : 0))),
    known,
  );

test('holds one row per slot of the text, nothing where there is no instruction', () => {
  expect(known.columns.map((column) => [...column])).toEqual([
    [1, 0, 1],
    [TEXT_BASE, 0, TEXT_BASE + 8],
    [opOf('add'), 0, opOf('sub')],
    [5, 0, 64],
    [6, 0, 1],
    [0, 0, 2],
    [0xfffe, 0, 0],
    [0xffff, 0, 0],
    [0, 0, 0],
  ]);
});

test('finds an instruction by its pc', () => {
  const { positionOf } = programProvider(program);
  expect(
    [TEXT_BASE, TEXT_BASE + 4, TEXT_BASE + 8, TEXT_BASE + 12, TEXT_BASE + 2, 0].map((pc) => positionOf([pc])),
  ).toEqual([0, undefined, 2, undefined, undefined, undefined]);
});

test('any counts of instructions satisfy the constraints', () => {
  expect(violations(programAir, counts(3, 0, 7, 0))).toEqual([]);
});

const honest = counts(1, 0, 1, 0);
const forgeries: Forgery[] = [
  {
    claim: 'padding is the instruction with id 0 at pc 0',
    honest,
    forged: withCells(programAir, honest, 3, { multiplicity: 1 }),
    rejectedBy: ['only instructions are executed', 'the instruction was looked up'],
  },
  {
    claim: 'an instruction that the statement does not mark as one',
    honest,
    forged: withKnownCell(honest, 0, 0, 0),
    rejectedBy: ['only instructions are executed'],
  },
  {
    claim: 'the program of another statement: sub for add',
    honest,
    forged: withKnownCell(honest, 0, 2, opOf('sub')),
    rejectedBy: ['the instruction was looked up'],
  },
];
describeForgeries(programAir, forgeries);
