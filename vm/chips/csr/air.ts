/**
 * CSR chip: csrrw, csrrs, csrrc and their immediate forms on fflags, frm and fcsr. One row an instruction.
 *
 * Assumes  the frame (`frame.ts`); frm is below 2^3 and fflags below 2^5, with high limbs 0: they start as 0, and this chip
 *          and the frame of floating-point instructions are all that writes them. `decode` gives rs1 = x0 wherever it gives
 *          an immediate, so that the sum of their low limbs is a limb, and one of the codes of `execute.ts`.
 * Ensures  rd, frm and fflags are those of `semantics.ts`.
 * Proof    immHi = isFrm + 2 isFcsr + 4 isSet + 8 isClear has one solution in bits; the program says which. The source limb
 *          is split at the bits of the parts named: a part of frm below 2^3, one of fflags below 2^5 (both by tables), and
 *          what is above them, as integers below 2^16. The table of flags has OR of each part with the part before; with
 *          it cleared bits are OR less the source: b AND NOT s = (b OR s) - s. A part that is not named keeps its value.
 * Padding  all zero: silent on every bus but ranges of zeros.
 */
import { below, bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { type Expr, expr } from '../../../stark/air/expr.ts';
import { opOf } from '../../isa/op.ts';
import { REGISTER, SPACE } from '../../space.ts';
import { access, accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { FLAGS_BUS } from './flags-table.ts';

const OLD = 'the memory bus: checked where written';
const PART = 'flags: below 2^5';

/** Columns of the access to one part of fcsr, and of the operation on it. */
const partColumns = <const N extends string>(name: N, sourceDomain: string) =>
  ({
    [`${name}Lo`]: given(OLD, `${name} before`),
    [`${name}Clk`]: given('the memory bus', `time of the last access to ${name}`),
    [`${name}AgeLo`]: u16(`low limb of the time between the accesses to ${name}, less one`),
    [`${name}AgeHi`]: below(13, `high limb of the time between the accesses to ${name}, less one`),
    [`${name}Source`]: given(sourceDomain, `bits of the source for ${name}, if named`),
    [`${name}Or`]: given(PART, `${name} before OR those bits`),
    [`${name}After`]: given('a constraint: as wide as before', `${name} after`),
  }) as {
    readonly [K in `${N}${'Lo' | 'Clk' | 'AgeLo' | 'AgeHi' | 'Source' | 'Or' | 'After'}`]: ReturnType<typeof given>;
  };

export const csrAir = defineAir({
  name: 'csr',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    ...partColumns('frm', 'a range check: below 2^3'),
    ...partColumns('fflags', PART),
    immLo: given('the program bus', 'immediate, below 2^5'),
    isFrm: bit('1 for frm'),
    isFcsr: bit('1 for fcsr; neither for fflags'),
    isSet: bit('1 for csrrs'),
    isClear: bit('1 for csrrc; neither for csrrw'),
    rest: given('a range check on what is above the parts', 'bits of the source above the parts named'),
    out: given('a sum of parts: below 2^8', 'what rd receives'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal: active, pc, clk, immLo, isFrm, isFcsr, isSet, isClear, rest, out } = local;
    const { rs1Address: rs1, rdAddress: rd, frmLo: frm, fflagsLo: fflags, frmSource, fflagsSource } = local;
    const immHi = isFrm.plus(isFcsr.times(2)).plus(isSet.times(4)).plus(isClear.times(8));
    instruction(builder, { active, pc, clk, op: opOf('csrrw'), rd, rs1, immLo, immHi });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written: { lo: out, hi: 0 } });

    const namesFlags = isFrm.not();
    const namesFrm = isFrm.plus(isFcsr);
    const frmWeight = isFrm.plus(isFcsr.times(2 ** 5));
    assertZero('rd receives the parts named', out.minus(namesFlags.times(fflags)).minus(frmWeight.times(frm)));

    // Above frm alone are 13 bits, above fflags 11, above fcsr 8.
    const above = expr(2 ** 5)
      .minus(isFrm.times(2 ** 5 - 2 ** 3))
      .plus(isFcsr.times(2 ** 8 - 2 ** 5));
    const parts = namesFlags.times(fflagsSource).plus(frmWeight.times(frmSource));
    assertZero('the source is its parts', local.rs1Lo.plus(immLo).minus(parts).minus(rest.times(above)));
    const restBits = expr(11).plus(isFrm.times(2)).minus(isFcsr.times(3));
    send('the rest of the source is above the parts', RANGE_BUS, { claimed: [restBits, rest] }, 1);
    send('frmSource is below 2^3', RANGE_BUS, { claimed: [3, frmSource] }, 1);

    for (const [name, address, time, named] of [
      ['frm', REGISTER.frm, 4, namesFrm],
      ['fflags', REGISTER.fflags, 5, namesFlags],
    ] as const) {
      const [before, source, or, after] = [
        local[`${name}Lo`],
        local[`${name}Source`],
        local[`${name}Or`],
        local[`${name}After`],
      ];
      send(`${name} and its source have this union`, FLAGS_BUS, { given: [before, source], claimed: [or] }, active);
      const changed: Expr = source.plus(isSet.times(or.minus(source))).plus(isClear.times(or.minus(source.times(2))));
      assertZero(`${name} changes if named`, after.minus(before).minus(named.times(changed.minus(before))));
      access(builder, {
        name,
        space: SPACE.register,
        address: expr(address),
        lo: before,
        hi: expr(0),
        clk: local[`${name}Clk`],
        ageLo: local[`${name}AgeLo`],
        ageHi: local[`${name}AgeHi`],
        now: clk.plus(time),
        written: { lo: after, hi: 0 },
        active,
      });
    }
  },
});
