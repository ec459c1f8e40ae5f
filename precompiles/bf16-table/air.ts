/**
 * BF16-TABLE chips, one for each function: bf16.table fd, fs1, id.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers are below 2^16 where they are received. The function's
 *          table (`table.ts`).
 * Ensures  fd is left with the FP32 that the table of function id has for the low halfword of fs1. The high one is not
 *          looked at: a boxed BF16 and a BF16 with zeros above it have the same result.
 * Proof    the table has each pattern once, so that the limbs of the result are those of the function, below 2^16.
 * Padding  isReal = 0: multiplicity 0 on every bus but the range checks of zeros.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { BF16_FUNCTION_BUSES, BF16_FUNCTION_NAMES } from './names.ts';

const airOf = (id: number) =>
  defineAir({
    name: `bf16-${BF16_FUNCTION_NAMES[id]!}`,
    columns: {
      ...frameColumns,
      ...accessColumns('rs1'),
      ...accessColumns('rd'),
      lo: given('the table of the function', 'low limb of the result'),
      hi: given('the table of the function', 'high limb of the result'),
    },
    define(builder) {
      const { local, send } = builder;
      const { isReal: active, pc, clk, lo, hi } = local;
      const { rs1Address: rs1, rdAddress: rd } = local;
      instruction(builder, { active, pc, clk, op: opOf('bf16.table'), rd, rs1, immLo: id });
      namedAccess(builder, local, 'rs1', { now: clk, active });
      namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written: { lo, hi } });
      const tuple = { given: [local.rs1Lo], claimed: [lo, hi] };
      send('the function has this value', BF16_FUNCTION_BUSES[id]!, tuple, active);
    },
  });

/** By function id. */
export const bf16TableAirs: readonly ReturnType<typeof airOf>[] = BF16_FUNCTION_NAMES.map((_, id) => airOf(id));
