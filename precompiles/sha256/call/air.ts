/**
 * SHA256-CALL chip: sha256.compress rs1, rs2.
 *
 * Assumes  the frame and the blocks of words (`vm/chips/frame.ts`, `word-block.ts`). Chips `sha256-schedule` and
 *          `sha256-rounds`.
 * Ensures  rs1 and rs2 are multiples of 4; the eight words from rs1 on are left with their compression (FIPS 180-4,
 *          6.2.2) with the 16 words that rs2 pointed to.
 * Proof    the state is accessed after the message, so that both may overlap. clk = 1 + 8 n, n < 2^26, so that the keys 17 n + i, i < 17, are below p
 *          and no other instruction has them. after = before + rounds + carry in - 2^16 carry, limb by limb, with bits for
 *          carries: the limbs of the rounds' words are below 2^16, so `after` below 2^16 is unique.
 * Padding  isReal = 0, all cells zero: multiplicity 0 on every bus but the range checks of zeros.
 */
import { array, bit, defineAir, u16 } from '../../../stark/air/air.ts';
import type { Expr } from '../../../stark/air/expr.ts';
import { felt, inverse, mul } from '../../../stark/field/koala-bear.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../../../vm/chips/frame.ts';
import { blockColumns, wordBlock } from '../../../vm/chips/word-block.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { CLK_START, CLK_STEP } from '../../../vm/space.ts';
import { SHA256_MESSAGE_BUS, SHA256_STATE_BUS } from '../bus.ts';
import { BLOCK_KEYS, MESSAGE_WORDS, STATE_WORDS } from '../constants.ts';

/** After clk: the words are accessed at these times. */
export const MESSAGE_TIME = 2;
export const STATE_TIME = 3;
/** Words of the state in the order of the state bus: d, c, b, a, h, g, f, e. */
export const STATE_ORDER: readonly number[] = [3, 2, 1, 0, 7, 6, 5, 4];

const KEYS_PER_TIME = mul(felt(BLOCK_KEYS), inverse(felt(CLK_STEP)));

export const sha256CallAir = defineAir({
  name: 'sha256-call',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    after: array(2 * STATE_WORDS, u16('limbs of the state after')),
    carry: array(2 * STATE_WORDS, bit('carry out of a limb of before + rounds')),
    ...blockColumns('state', STATE_WORDS),
    ...blockColumns('message', MESSAGE_WORDS),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal: active, pc, clk, after, carry } = local;
    const { rs1Address: rs1, rs2Address: rs2 } = local;
    instruction(builder, { active, pc, clk, op: opOf('sha256.compress'), rs1, rs2 });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });

    const [state, message] = [local.stateLimbs, local.messageLimbs];
    wordBlock(builder, local, 'message', {
      pointer: { name: 'rs2', value: { lo: local.rs2Lo, hi: local.rs2Hi } },
      now: clk.plus(MESSAGE_TIME),
      active,
    });
    wordBlock(builder, local, 'state', {
      pointer: { name: 'rs1', value: { lo: local.rs1Lo, hi: local.rs1Hi } },
      now: clk.plus(STATE_TIME),
      active,
      written: after,
    });

    const key = clk.minus(CLK_START).times(KEYS_PER_TIME);
    const limbsInOrder = (limb: (at: number) => Expr): Expr[] =>
      STATE_ORDER.flatMap((word) => [limb(2 * word), limb(2 * word + 1)]);
    const left = limbsInOrder((at) => {
      const low = after[at]!.minus(state[at]!).plus(carry[at]!.times(2 ** 16));
      return at % 2 === 0 ? low : low.minus(carry[at - 1]!);
    });
    send('the schedule takes the message', SHA256_MESSAGE_BUS, { given: [key.plus(1)], claimed: message }, active);
    send(
      'the rounds take the state before',
      SHA256_STATE_BUS,
      { given: [key], claimed: limbsInOrder((at) => state[at]!) },
      active,
    );
    receive(
      'the rounds leave what the state grows by',
      SHA256_STATE_BUS,
      { given: [key.plus(BLOCK_KEYS - 1), ...left] },
      active,
    );
  },
});
