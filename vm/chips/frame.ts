/**
 * The frame of an instruction chip: what every instruction does around its arithmetic. A row takes the machine state
 * (pc, clk), looks its instruction up in the program, accesses registers and RAM, and sends the next state.
 *
 * Assumes  the execution bus carries one token: the statement sends (entry, CLK_START) once, `halt` takes the last one,
 *          and every chip sends one state per state received. Initial values are sent at time 0 to distinct addresses.
 *          All times are below 2^29 < p / 2 (the verifier bounds the sum of heights times CLK_STEP).
 * Ensures  the row's operands are the values last written to its registers, and its result is the value that the next
 *          reader of `rd` receives.
 * Proof    offline memory checking (Blum et al.): sends and receives of an address form one chain from its initial to
 *          its final tuple; every link goes forward in time because clk - previous - 1 is in [0, 2^29), as an integer
 *          since all times are below 2^29. A row without a token on the execution bus cannot exist.
 * Padding  isReal = 0: multiplicity 0 on every bus; the ages are range-checked zeros.
 */
import { type AirBuilder, below, bit, type Declaration, given, u16 } from '../../stark/air/air.ts';
import type { Expr, Operand } from '../../stark/air/expr.ts';
import { EXECUTION_BUS, MEMORY_BUS, PROGRAM_BUS } from '../buses.ts';
import { CLK_STEP, SPACE } from '../space.ts';

/** `rs1Address`, `rs1Lo`, ... for an access named `rs1`. `Lo`, `Hi`, `Clk` are the value and time received. */
type AccessPart = 'Address' | 'Lo' | 'Hi' | 'Clk' | 'AgeLo' | 'AgeHi';
export type AccessColumns<N extends string> = { readonly [K in `${N}${AccessPart}`]: Declaration<undefined> };

/** The columns of one access to a word. */
export function accessColumns<const N extends string>(name: N): AccessColumns<N> {
  const columns: Record<`${string}${AccessPart}`, Declaration<undefined>> = {
    [`${name}Address`]: given('the program bus or the chip', `address of ${name}`),
    [`${name}Lo`]: given('the memory bus: limbs are checked where written', `low limb that ${name} held`),
    [`${name}Hi`]: given('the memory bus: limbs are checked where written', `high limb that ${name} held`),
    [`${name}Clk`]: given('the memory bus', `time of the last access to ${name}`),
    [`${name}AgeLo`]: u16(`low limb of the time between the accesses to ${name}, less one`),
    [`${name}AgeHi`]: below(13, `high limb of the time between the accesses to ${name}, less one`),
  };
  return columns as AccessColumns<N>;
}

/** One access: receives the last tuple of the address, sends the next one. */
export interface Access {
  readonly name: string;
  readonly space: number;
  readonly address: Expr;
  readonly lo: Expr;
  readonly hi: Expr;
  readonly clk: Expr;
  readonly ageLo: Expr;
  readonly ageHi: Expr;
  /** Time of this access. */
  readonly now: Expr;
  /** The value afterwards: range-checked limbs. Left out: a read. */
  readonly written?: { readonly lo: Operand; readonly hi: Operand };
  readonly active: Expr;
}

/** What the parts of a chip state constraints with, whatever its columns. */
export type Sender = Pick<AirBuilder<never>, 'assertZero' | 'send' | 'receive'>;

export function access(builder: Sender, a: Access): void {
  const [lo, hi] = a.written === undefined ? [a.lo, a.hi] : [a.written.lo, a.written.hi];
  const age = a.ageLo.plus(a.ageHi.times(2 ** 16));
  builder.assertZero(`${a.name} was last accessed before`, a.active.times(a.now.minus(a.clk).minus(1).minus(age)));
  builder.receive(
    `${a.name} holds the value last written`,
    MEMORY_BUS,
    { given: [a.space, a.address, a.lo, a.hi, a.clk] },
    a.active,
  );
  builder.send(
    `${a.name} is left with its value`,
    MEMORY_BUS,
    { given: [a.space, a.address], claimed: [lo, hi, a.now] },
    a.active,
  );
}

/** An access whose columns were declared by `accessColumns(name)`. */
export function namedAccess<N extends string>(
  builder: Sender,
  cells: { readonly [K in `${N}${AccessPart}`]: Expr },
  name: N,
  rest: Pick<Access, 'now' | 'active' | 'written'> & { readonly space?: number },
): void {
  const part = (p: AccessPart): Expr => cells[`${name}${p}`];
  access(builder, {
    space: SPACE.register,
    ...rest,
    name,
    address: part('Address'),
    lo: part('Lo'),
    hi: part('Hi'),
    clk: part('Clk'),
    ageLo: part('AgeLo'),
    ageHi: part('AgeHi'),
  });
}

/** State columns of every instruction chip. Register columns come from `accessColumns('rs1')` and so on. */
export const frameColumns = {
  isReal: bit('1 on the row of an executed instruction, 0 on padding'),
  pc: given('the execution and program buses', 'address of the instruction'),
  clk: given('the execution bus', 'time of the instruction'),
};

export interface Frame {
  readonly active: Expr;
  readonly pc: Expr;
  readonly clk: Expr;
  /** Id of the instruction: a constant, or a sum of selector times id. */
  readonly op: Operand;
  readonly rd?: Operand;
  readonly rs1?: Operand;
  readonly rs2?: Operand;
  readonly immLo?: Operand;
  readonly immHi?: Operand;
  readonly target?: Operand;
  /** Left out: pc + 4. */
  readonly nextPc?: Expr;
}

/** Takes the machine state, looks the instruction up, and sends the next state. Fields left out are 0 in the program. */
export function instruction(builder: Sender, f: Frame): void {
  const field = (value: Operand | undefined): Operand => value ?? 0;
  builder.receive('the machine is at this instruction', EXECUTION_BUS, { given: [f.pc, f.clk] }, f.active);
  builder.send(
    'the program has this instruction',
    PROGRAM_BUS,
    {
      given: [f.pc],
      claimed: [f.op, field(f.rd), field(f.rs1), field(f.rs2), field(f.immLo), field(f.immHi), field(f.target)],
    },
    f.active,
  );
  builder.send(
    'the machine goes on to the next instruction',
    EXECUTION_BUS,
    { claimed: [f.nextPc ?? f.pc.plus(4), f.clk.plus(CLK_STEP)] },
    f.active,
  );
}
