/**
 * Forgeries of whole executions (`support/lying-execution.ts`): control flow, instructions, memory.
 * Forgeries of single rows stand beside each chip.
 */
import { describe, expect, test } from 'vitest';
import { philox4x32 } from '../precompiles/philox/semantics.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { ProgramInput } from '../vm/executor/program.ts';
import { CLK_STEP, REGISTER } from '../vm/space.ts';
import {
  afterwards,
  type Cheat,
  findings,
  first,
  type LyingExecution,
  load,
  rowAt,
  testExecutions,
  unchecked,
} from './support/lying-execution.ts';

const RAM = 0x0800_0000;
const [T0, T2, T3, T4] = [5, 7, 28, 29];

/** The memory table claims these words too, each touched once by the access at `clk`. */
const alsoMemory =
  (word: number, clk: (execution: Execution) => number) =>
  (execution: Execution): Execution => ({
    ...execution,
    memory: {
      address: Uint32Array.of(word, ...execution.memory.address),
      value: Uint32Array.of(0, ...execution.memory.value),
      clk: Uint32Array.of(clk(execution), ...execution.memory.clk),
    },
  });
/** Time of the access to RAM of the last event of `load`. */
const lastLoad = ({ logs }: Execution): number => {
  const { words, count, eventWords } = logs.get('load')!;
  return words[(count - 1) * eventWords + 1]! + 2;
};

/** When T0 was written. */
let written = 0;

const CONTROL = `
  .data
  value: .word 5
  .text
  .globl _start
  _start:
    li s0, ${RAM}
    li a7, 93
    ulp.pub.w t0, 0(zero)
    ulp.hint.w t1, 0(zero)
    la s1, value
  first: add t2, t0, t1
  second: sub t3, t0, t1
  constant: addi t2, t2, 7
  drop: addi zero, t2, 1
  store: sw t2, 8(s0)
  load: lw t4, 8(s0)
  image: lw t5, 0(s1)
  fresh: lw t6, 64(s0)
  branch: beq t0, t1, wrong
  equal: ulp.assert.eq t2, t4, "stored and loaded"
  change: sw t3, 8(s0)
  reload: lw t4, 8(s0)
  call: jal ra, leaf
  back: mv a0, zero
  end: ecall
  wrong: li a0, 1
    ecall
  leaf: jalr zero, 0(ra)
`;
const control: ProgramInput = { publicInput: Uint32Array.of(40), hints: Uint16Array.of(3, 0) };

describe('an execution with another course', () =>
  testExecutions(CONTROL, control, [
    {
      claim: 'an instruction is passed over, and no time with it',
      at: {
        second: (m) => {
          m.pc += 4;
        },
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'an instruction is passed over, but its time passes',
      at: { second: (m) => m.next() },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'an instruction runs twice',
      at: {
        constant: (m, { pc }, honest) => {
          honest();
          m.pc = pc;
          honest();
        },
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'two instructions change places',
      at: {
        first: (m, { pc }, honest, execute) => {
          execute('second', rowAt(m.program, 'second').pc);
          m.pc = pc;
          honest();
        },
        second: (m) => {
          m.pc += 4;
        },
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'more time passes than an instruction takes',
      at: {
        second: afterwards((m) => {
          m.clk += CLK_STEP;
        }),
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'a branch is taken although its condition does not hold',
      at: {
        branch: afterwards((m, { target }) => {
          m.pc = target;
        }),
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'a call returns to the instruction after the next',
      at: {
        leaf: afterwards((m) => {
          m.pc += 4;
        }),
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'the run ends early, where the program has no ecall',
      at: { second: (_, __, ___, execute) => execute('end') },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'the run ends at an ecall that it did not reach',
      at: {
        second: (m, _, __, execute) => execute('end', rowAt(m.program, 'end').pc),
      },
      rejectedBy: ['bus execution'],
    },
    {
      claim: 'the run goes on after its end, and ends again',
      at: {
        second: (m, _, honest, execute) => {
          m.registers[17] = 93;
          execute('end', rowAt(m.program, 'end').pc);
          m.exitCode = undefined;
          m.pc = rowAt(m.program, 'second').pc;
          honest();
        },
      },
      rejectedBy: ['bus execution', 'bus exit'],
    },
    {
      claim: 'the run stops without an end',
      at: {
        end: (m) => {
          m.exitCode = 0;
        },
      },
      rejectedBy: ['bus execution', 'bus exit'],
    },
    {
      claim: 'the run ends with another environment call than exit',
      at: {
        end: (m, _, honest) => {
          m.registers[17] = 93;
          honest();
          m.registers[17] = 94;
        },
        back: afterwards((m) => {
          m.registers[17] = 94;
        }),
      },
      rejectedBy: ['bus memory'],
    },
  ]));

describe('an execution of other instructions', () =>
  testExecutions(CONTROL, control, [
    {
      claim: 'another immediate',
      at: { constant: (_, { imm }, honest) => honest({ imm: imm + 1 }) },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'another target register',
      at: { second: (_, __, honest) => honest({ rd: T4 }) },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'another source register',
      at: { second: (_, __, honest) => honest({ rs1: T2 }) },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'a floating-point register as the source of an integer instruction',
      at: { second: (_, __, honest) => honest({ rs1: REGISTER.f0 }) },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'a write to x0 that stays',
      at: { drop: (_, __, honest) => honest({ rd: REGISTER.x0 }) },
      rejectedBy: ['bus program'],
    },
    {
      claim: 'an addition in place of a subtraction',
      at: { second: (_, __, ___, execute) => execute('first') },
      rejectedBy: ['bus program'],
    },
  ]));

describe('an execution with another memory', () =>
  testExecutions(CONTROL, control, [
    {
      claim: 'a register starts with another value than 0',
      at: {
        first: first((m) => {
          m.registers[T2] = 1;
        }),
      },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a register changes between two instructions',
      at: {
        second: first((m) => {
          m.registers[T0] = 41;
        }),
      },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a register has a value that nobody wrote: two reads take it from each other, one of them from the future',
      at: {
        first: (m, _, honest) => {
          written = m.registerClk[T0]!;
          [m.registers[T0], m.registerClk[T0]] = [41, m.clk + CLK_STEP];
          honest();
        },
        second: afterwards((m) => {
          [m.registers[T0], m.registerClk[T0]] = [40, written];
        }),
      },
      // The age of -9 is in two limbs of which one is negative.
      cells: { add: ({ rs1AgeHi }) => (rs1AgeHi === 0xffff ? { rs1AgeHi: -1 } : {}) },
      rejectedBy: ['bus range'],
    },
    {
      claim: 'an assertion of different registers: one is equal while it is read',
      at: {
        load: afterwards((m) => {
          m.registers[T4] = 0;
        }),
        equal: (m, _, honest) => {
          m.registers[T4] = m.registers[T2]!;
          honest();
          m.registers[T4] = 0;
        },
      },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a word of RAM changes between two instructions',
      at: { reload: first((m) => m.ram.write(RAM / 4 + 2, 1)) },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a word of RAM starts with another value than 0',
      at: { fresh: first((m) => m.ram.write(RAM / 4 + 16, 1)) },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a word of the ELF file starts with another value',
      at: { image: first((m) => m.ram.write(m.registers[9]! / 4, 6)) },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a store that is lost: the load reads the value before',
      at: {
        change: (m, _, honest) => {
          const before = m.ram.read(RAM / 4 + 2);
          honest();
          m.ram.write(RAM / 4 + 2, before);
        },
      },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a store that hits a register',
      at: {
        change: (m, _, honest) => {
          const before = m.ram.read(RAM / 4 + 2);
          honest();
          m.ram.write(RAM / 4 + 2, before);
          m.registers[T0] = m.registers[T3]!;
        },
      },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a load through a null pointer',
      at: {
        fresh: (m, row, honest, execute) => {
          m.registers[8] = 0;
          unchecked(m, row, honest, execute);
          m.registers[8] = RAM;
        },
      },
      rejectedBy: ['bus memory'],
    },
  ]));

/** The guest reaches RAM where a hint says, as no program with a null pointer check would. */
const POINTER = `
  .data
  value: .word 5
  .text
  .globl _start
  _start:
    ulp.hint.w s0, 0(zero)
  load: lw t0, 0(s0)
    li a7, 93
    ecall
`;
const pointer = (address: number): ProgramInput => ({ hints: new Uint16Array(Uint32Array.of(address).buffer) });
const below = load(POINTER).ramBase - 1;

describe('an execution that reaches memory that is not there', () => {
  const program = load(POINTER);
  const rejected = (address: number, after?: LyingExecution['after']): string[] =>
    findings(program, pointer(address), { at: { load: unchecked }, ...(after && { after }) });

  test('the honest execution satisfies the relation', () => {
    expect(findings(program, pointer(RAM), {})).toEqual([]);
  });

  test('an unmapped word, which nobody initialised', () => expect(rejected(0x100)).toEqual(['bus memory']));

  test('an unmapped word, which the memory table initialises', () => {
    expect(rejected(0x100, alsoMemory(0x40, lastLoad))).toEqual(['bus range', 'memory: addresses increase']);
  });

  test('a word of the ELF file, which the memory table initialises as 0', () => {
    const zeroed = (execution: Execution): Execution => alsoMemory(below, lastLoad)(execution);
    const found = findings(program, pointer(below * 4), { after: zeroed });
    expect(found).toEqual(['bus memory', 'bus range', 'memory: addresses increase']);
  });

  test('a word of RAM that is initialised twice', () => {
    const twice = alsoMemory(RAM / 4, () => 0);
    expect(findings(program, pointer(RAM), { after: twice })).toEqual(['bus range', 'memory: addresses increase']);
  });

  test.each([0x1000_0000, 0xffff_fffc])('a word past the end of RAM, at %i', (address) => {
    const load: Cheat = (m, row, honest, execute) => {
      const { read, touch } = m.ram;
      Object.assign(m.ram, { read: () => 0, touch: () => 0 });
      unchecked(m, row, honest, execute);
      Object.assign(m.ram, { read, touch });
    };
    expect(findings(program, pointer(address), { at: { load } })).toEqual(['bus memory', 'bus range']);
  });

  test.each([1, 2, 3])('a word %i bytes off its alignment', (offset) => {
    expect(rejected(RAM + offset)).toEqual(['load: the high limbs add up', 'load: the low limbs add up']);
  });
});

/** Word blocks are as long as their instruction says, wherever a hint lets them begin. */
const BLOCK = `
  .text
  .globl _start
  _start:
    ulp.hint.w s0, 0(zero)
    li s1, ${RAM}
  block: philox s0, s1
    li a7, 93
    ecall
`;

describe('a block of words that runs over the end of RAM', () => {
  const program = load(BLOCK);
  const end = 0x1000_0000;
  const clkOf = ({ logs }: Execution): number => logs.get('philox')!.words[1]! + 3;
  /** RAM that goes on after its end. */
  const block: Cheat = (m, row, honest, execute) => {
    const { read, write, touch } = m.ram;
    Object.assign(m.ram, {
      read: (word: number) => (word * 4 < end ? read.call(m.ram, word) : 0),
      write: (word: number, value: number) => word * 4 < end && write.call(m.ram, word, value),
      touch: (word: number, now: number) => (word * 4 < end ? touch.call(m.ram, word, now) : 0),
    });
    unchecked(m, row, honest, execute);
    Object.assign(m.ram, { read, write, touch });
  };
  const rejected = (address: number, after: (execution: Execution) => Execution = (e) => e): string[] =>
    findings(program, pointer(address), { at: { block }, after });

  test('the honest execution satisfies the relation, with the last words too', () => {
    expect(findings(program, pointer(end - 16), {})).toEqual([]);
  });

  test('into words that nobody initialised', () => expect(rejected(end - 8)).toEqual(['bus memory']));

  test('into words that the memory table initialises', () => {
    const found = rejected(end - 12, ({ memory, ...execution }) => ({
      ...execution,
      memory: {
        address: Uint32Array.of(...memory.address, end / 4),
        value: Uint32Array.of(...memory.value, philox4x32([0, 0, 0, 0], [0, 0])[3]!),
        clk: Uint32Array.of(...memory.clk, clkOf(execution as Execution)),
      },
    }));
    expect(found).toEqual(['bus range']);
  });

  test('and over the last address that there is', () => expect(rejected(2 ** 32 - 8)).toEqual(['bus memory']));
});
