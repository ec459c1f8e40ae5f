/** Assembled programs for the tests of the debugger. */
import { assemble, disassemble, readElf } from '../../asm/index.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { runCommand } from '../../vm/debugger/commands.ts';
import { type Debuggee, DebugSession } from '../../vm/debugger/session.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import type { ProgramInput } from '../../vm/executor/program.ts';

const { instructions } = ulpMachine();

/** Calls `square` three times, sums up in RAM and halts with exit code 0. */
export const SQUARES = `.globl _start
.text
_start:
    ulp.pub.w s0, 0(zero)
    la s1, total
next:
    mv a0, s0
    call square
    lw t0, 0(s1)
    add t0, t0, a0
    sw t0, 0(s1)
    addi s0, s0, -1
    bnez s0, next
    ulp.out t0, 0(zero)
    li a0, 0
    li a7, 93
    ecall

.type square, @function
square:
    addi sp, sp, -16
    sw ra, 12(sp)
    mul a0, a0, a0
    lw ra, 12(sp)
    addi sp, sp, 16
    ret
.size square, . - square
.data
total: .word 0
`;

/** With a stack pointer, which \`SQUARES\` leaves to its caller. */
export const withStack = (source: string): string => source.replace('_start:\n', '_start:\n    li sp, 0x10000000\n');

export function assembled(source: string, path = 'main.s'): Uint8Array {
  const { elf, diagnostics } = assemble({ path, text: source }, { table: instructions.table });
  if (elf === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return elf;
}

export function debuggeeOf(source: string, input: ProgramInput = {}, path = 'main.s'): Debuggee {
  const elf = readElf(assembled(source, path));
  const text = source.split('\n');
  return {
    program: loadProgram(elf, instructions),
    input,
    lines: elf.lines,
    disassemble: (word, pc, nameOf) => disassemble(word, instructions.table, { pc, nameOf, pseudo: true }),
    source: (file) => (file === path ? text : undefined),
  };
}

/** A session and a way to type at it: the lines printed, errors as `error: ..`. */
export function typing(source: string, input: ProgramInput = {}) {
  const session = new DebugSession(debuggeeOf(source, input));
  const type = (...lines: string[]): string => {
    const printed = lines.flatMap((line) => {
      try {
        for (const run = runCommand(session, line); ; ) {
          const { done, value } = run.next();
          if (done) return value;
        }
      } catch (error) {
        return [`error: ${(error as Error).message}`];
      }
    });
    return printed.join('\n');
  };
  return { session, type };
}
