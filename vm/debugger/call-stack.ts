/**
 * The call stack as the executed jumps show it. A jump that links to ra or t0 enters a function, one through them goes
 * back to where a call was made: the convention that return-address predictors of hardware rely on.
 *
 * Source: RISC-V Unprivileged ISA (20240411), section 2.5.1, table 3 (return-address stack hints).
 *
 * A stack is a linked list from the innermost frame outwards and is never changed, so that kept states share it.
 */
import type { ProgramRow } from '../executor/instruction.ts';
import { opOf } from '../isa/op.ts';

export interface Frame {
  /** Where the function begins. */
  readonly entry: number;
  /** The instruction that called it, and the one after it. */
  readonly callSite: number;
  readonly returnTo: number;
  /** The stack pointer at the call. */
  readonly sp: number;
  readonly depth: number;
  readonly caller: CallStack;
}

/** Undefined: in the function that the program entered. */
export type CallStack = Frame | undefined;

const [JAL, JALR] = [opOf('jal'), opOf('jalr')];
const isLink = (register: number): boolean => register === 1 || register === 5;

export const depthOf = (stack: CallStack): number => stack?.depth ?? 0;

/** Whether an instruction can change the stack. */
export const jumps = ({ spec }: ProgramRow): boolean => spec.op === JAL || spec.op === JALR;

/** The stack after a jump from `row` to `target`; `sp` is the stack pointer. */
export function afterJump(stack: CallStack, { pc, spec, fields }: ProgramRow, target: number, sp: number): CallStack {
  const { rd, rs1 } = fields;
  const goesBack = spec.op === JALR && isLink(rs1) && rd !== rs1;
  const rest = goesBack ? returned(stack, target) : stack;
  if (!isLink(rd)) return rest;
  return { entry: target, callSite: pc, returnTo: pc + 4, sp, depth: depthOf(rest) + 1, caller: rest };
}

/** Without the frames up to the one that returns to the target; a jump to elsewhere was no return. */
function returned(stack: CallStack, target: number): CallStack {
  for (let frame = stack; frame !== undefined; frame = frame.caller) {
    if (frame.returnTo === target) return frame.caller;
  }
  return stack;
}
