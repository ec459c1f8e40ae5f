/**
 * SHA256-CALL chip: sha256.compress rs1, rs2.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers and of RAM words are below 2^16 where they are received.
 *          Chips `sha256-schedule` and `sha256-rounds`.
 * Ensures  rs1 and rs2 are multiples of 4; the eight words from rs1 on are left with their compression (FIPS 180-4,
 *          6.2.2) with the 16 words that rs2 pointed to.
 * Proof    a pointer is 4 (low + 2^14 high) with low = its low limb / 4 below 2^14; word addresses stay below
 *          2^30 + 16 < p. The words of one kind have distinct addresses, so that their accesses share one time; the state
 *          is accessed after the message, so that both may overlap. The access before was age + 1 earlier, the age 16 + 13
 *          bits (see the frame). clk = 1 + 8 n, n < 2^26, so that the keys 17 n + i, i < 17, are below p
 *          and no other instruction has them. after = before + rounds + carry in - 2^16 carry, limb by limb, with bits for
 *          carries: the limbs of the rounds' words are below 2^16, so `after` below 2^16 is unique.
 * Padding  isReal = 0, all cells zero: multiplicity 0 on every bus but the range checks of zeros.
 */
import { array, below, bit, type Declaration, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import type { Expr } from '../../../stark/air/expr.ts';
import { felt, inverse, mul } from '../../../stark/field/koala-bear.ts';
import { MEMORY_BUS } from '../../../vm/buses.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../../../vm/chips/frame.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { CLK_START, CLK_STEP, SPACE } from '../../../vm/space.ts';
import { SHA256_MESSAGE_BUS, SHA256_STATE_BUS } from '../bus.ts';
import { BLOCK_KEYS, MESSAGE_WORDS, STATE_WORDS } from '../constants.ts';

/** After clk: the words are accessed at these times. */
export const MESSAGE_TIME = 2;
export const STATE_TIME = 3;
/** Words of the state in the order of the state bus: d, c, b, a, h, g, f, e. */
export const STATE_ORDER: readonly number[] = [3, 2, 1, 0, 7, 6, 5, 4];

const onBus = (doc: string): Declaration<undefined> => given('the memory bus: limbs are checked where written', doc);
const QUARTER = inverse(felt(4));
const KEYS_PER_TIME = mul(felt(BLOCK_KEYS), inverse(felt(CLK_STEP)));

export const sha256CallAir = defineAir({
  name: 'sha256-call',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    before: array(2 * STATE_WORDS, onBus('limbs of the state before')),
    after: array(2 * STATE_WORDS, u16('limbs of the state after')),
    carry: array(2 * STATE_WORDS, bit('carry out of a limb of before + rounds')),
    stateAgeLo: array(STATE_WORDS, u16('low limb of the time since the last access to a word of the state, less one')),
    stateAgeHi: array(STATE_WORDS, below(13, 'high limb of it')),
    message: array(2 * MESSAGE_WORDS, onBus('limbs of the message')),
    messageAgeLo: array(MESSAGE_WORDS, u16('low limb of the time since the last access to a word of it, less one')),
    messageAgeHi: array(MESSAGE_WORDS, below(13, 'high limb of it')),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal: active, pc, clk, before, after, carry, message } = local;
    const { rs1Address: rs1, rs2Address: rs2 } = local;
    instruction(builder, { active, pc, clk, op: opOf('sha256.compress'), rs1, rs2 });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });

    /** Word address of the first of the words at a register's address. */
    const firstWord = (name: string, lo: Expr, hi: Expr): Expr => {
      const low = lo.times(QUARTER);
      send(`${name} is a multiple of 4`, RANGE_BUS, { claimed: [14, low] }, 1);
      return low.plus(hi.times(2 ** 14));
    };
    const words = [
      ...[...Array(MESSAGE_WORDS).keys()].map((i) => ({
        ...{ name: `message ${i}`, first: 'message', i, limbs: message, written: message, now: clk.plus(MESSAGE_TIME) },
        age: local.messageAgeLo[i]!.plus(local.messageAgeHi[i]!.times(2 ** 16)),
      })),
      ...[...Array(STATE_WORDS).keys()].map((i) => ({
        ...{ name: `state ${i}`, first: 'state', i, limbs: before, written: after, now: clk.plus(STATE_TIME) },
        age: local.stateAgeLo[i]!.plus(local.stateAgeHi[i]!.times(2 ** 16)),
      })),
    ];
    const first: Record<string, Expr> = {
      state: firstWord('rs1', local.rs1Lo, local.rs1Hi),
      message: firstWord('rs2', local.rs2Lo, local.rs2Hi),
    };
    for (const { name, first: kind, i, limbs, written, now, age } of words) {
      const address = first[kind]!.plus(i);
      const [lo, hi] = [2 * i, 2 * i + 1];
      receive(
        `${name} holds the value last written`,
        MEMORY_BUS,
        { given: [SPACE.ram, address, limbs[lo]!, limbs[hi]!, now.minus(1).minus(age)] },
        active,
      );
      send(
        `${name} is left with its value`,
        MEMORY_BUS,
        { given: [SPACE.ram, address], claimed: [written[lo]!, written[hi]!, now] },
        active,
      );
    }

    const key = clk.minus(CLK_START).times(KEYS_PER_TIME);
    const limbsInOrder = (limb: (at: number) => Expr): Expr[] =>
      STATE_ORDER.flatMap((word) => [limb(2 * word), limb(2 * word + 1)]);
    const left = limbsInOrder((at) => {
      const low = after[at]!.minus(before[at]!).plus(carry[at]!.times(2 ** 16));
      return at % 2 === 0 ? low : low.minus(carry[at - 1]!);
    });
    send('the schedule takes the message', SHA256_MESSAGE_BUS, { given: [key.plus(1)], claimed: message }, active);
    send(
      'the rounds take the state before',
      SHA256_STATE_BUS,
      { given: [key], claimed: limbsInOrder((at) => before[at]!) },
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
