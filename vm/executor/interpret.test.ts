import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_INSTRUCTIONS, programOf } from '../../test/support/program.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { encode } from '../isa/encoding.ts';
import { M } from '../isa/m.ts';
import { specOf } from '../isa/op.ts';
import { RAM_END, REGISTER } from '../space.ts';
import { interpret } from './interpret.ts';
import { Machine } from './machine.ts';
import { executeAll } from './run.ts';
import { type Trap, TrapSignal } from './trap.ts';

const MAX_CYCLES = 200;
/** Runs one way and returns everything that can be seen of it but times. */
function outcome(words: readonly number[], registers: readonly number[], way: typeof interpret): unknown {
  const machine = new Machine(programOf(words), {});
  machine.registers.set(registers, 1);
  let trap: Trap | undefined;
  try {
    way(machine, MAX_CYCLES);
  } catch (signal) {
    if (!(signal instanceof TrapSignal)) throw signal;
    trap = signal.trap;
  }
  const written: [number, number][] = [];
  machine.ram.pages.forEach((page, p) => {
    if (page === machine.ram.pages[0]) return;
    for (const [i, word] of page.entries()) if (word !== 0) written.push([p * page.length + i, word]);
  });
  const { exitCode, cycles } = machine;
  return { trap, exitCode, cycles, registers: [...machine.registers.subarray(0, REGISTER.sink)], written };
}

const spec = fc.constantFrom(...BASE_INSTRUCTIONS.map((i) => i.spec));
/** Instructions of the base set over few registers, so that they read what others wrote; short branches and jumps. */
const word = fc.tuple(spec, fc.nat(7), fc.nat(7), fc.nat(7), u32()).map(([spec, rd, rs1, rs2, bits]): number => {
  const signed = (bits % 4096) - 2048;
  const near = ((bits % 9) - 3) * 4;
  switch (spec.format) {
    case 'R':
      return encode(spec, { rd, rs1, rs2 });
    case 'I':
      if (spec.fixed !== undefined) return encode(spec, {});
      return encode(spec, { rd, rs1, imm: spec.mnemonic === 'fence' ? 0 : signed });
    case 'shift':
      return encode(spec, { rd, rs1, imm: bits % 32 });
    case 'S':
      return encode(spec, { rs1, rs2, imm: signed });
    case 'B':
      return encode(spec, { rs1, rs2, imm: near });
    case 'U':
      return encode(spec, { rd, imm: (bits & 0xfffff000) | 0 });
    case 'J':
      return encode(spec, { rd, imm: near });
    default:
      throw new RangeError(`format: expected one of the base instructions, got ${spec.format}`);
  }
});
/** Addresses in the image, at the ends of RAM and of the text, and numbers. */
const register = fc.oneof(fc.constantFrom(0x1_0000, 0x1_0080, RAM_END - 8, RAM_END - 2048, 0x2000_0000), u32());

test('the fast way and the way of the chips agree on random programs', () => {
  const program = fc.tuple(
    fc.array(word, { minLength: 1, maxLength: 24 }),
    fc.array(register, { minLength: 7, maxLength: 7 }),
  );
  forAll(
    program,
    ([words, registers]) => {
      expect(outcome(words, registers, interpret)).toEqual(outcome(words, registers, executeAll));
    },
    600,
  );
});

test('they agree on every instruction alone, with edge operands', () => {
  const EDGES = [0, 1, 2, 31, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000, 0xffff_8000];
  for (const { spec } of BASE_INSTRUCTIONS.filter((i) => i.spec.format === 'R')) {
    for (const a of EDGES) {
      for (const b of EDGES) {
        const words = [encode(spec, { rd: 3, rs1: 1, rs2: 2 })];
        const registers = [a, b];
        expect(outcome(words, registers, interpret)).toEqual(outcome(words, registers, executeAll));
      }
    }
  }
});

describe('M against integers', () => {
  const signed = (n: number): bigint => BigInt.asIntN(32, BigInt(n));
  const unsigned = (n: number): bigint => BigInt(n);
  const high = (n: bigint): number => Number(BigInt.asUintN(32, n >> 32n));
  // The interpreter needs no chip for them.
  const instructions = M.map((spec) => ({
    spec,
    decode: () => ({ op: spec.op }),
    execute: (machine: Machine) => machine.trap('unsupported'),
  }));
  const result = (mnemonic: string, a: number, b: number): number => {
    const words = [encode(specOf(mnemonic), { rd: 3, rs1: 1, rs2: 2 })];
    const machine = new Machine(programOf(words, instructions), {});
    machine.registers.set([a, b], 1);
    expect(() => interpret(machine, 1)).toThrow(TrapSignal);
    return machine.registers[REGISTER.x0 + 3]!;
  };

  test('multiplications', () => {
    forAll(fc.tuple(u32(), u32()), ([a, b]) => {
      expect(result('mul', a, b)).toBe(Number(BigInt.asUintN(32, unsigned(a) * unsigned(b))));
      expect(result('mulh', a, b)).toBe(high(signed(a) * signed(b)));
      expect(result('mulhsu', a, b)).toBe(high(signed(a) * unsigned(b)));
      expect(result('mulhu', a, b)).toBe(high(unsigned(a) * unsigned(b)));
    });
  });

  // riscv-tests isa/rv64um/{div,divu,rem,remu}.S, values of rv32.
  test.each([
    ['div', 20, 6, 3],
    ['div', -20, 6, -3],
    ['div', 20, -6, -3],
    ['div', -20, -6, 3],
    ['div', 0x8000_0000, 1, 0x8000_0000],
    ['div', 0x8000_0000, -1, 0x8000_0000],
    ['div', 0x8000_0000, 0, -1],
    ['div', 1, 0, -1],
    ['divu', 20, 6, 3],
    ['divu', -20, 6, 0x2aaa_aaa7],
    ['divu', 0x8000_0000, -1, 0],
    ['divu', 0x8000_0000, 0, -1],
    ['rem', 20, 6, 2],
    ['rem', -20, 6, -2],
    ['rem', 20, -6, 2],
    ['rem', -20, -6, -2],
    ['rem', 0x8000_0000, -1, 0],
    ['rem', 0x8000_0000, 0, 0x8000_0000],
    ['remu', -20, 6, 2],
    ['remu', 20, -6, 20],
    ['remu', 0x8000_0000, -1, 0x8000_0000],
    ['remu', 1, 0, 1],
  ])('%s %i %i is %i', (mnemonic, a, b, expected) => {
    expect(result(mnemonic, a >>> 0, b >>> 0)).toBe(expected >>> 0);
  });
});
