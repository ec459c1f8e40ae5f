/** Names of the registers. Source: RISC-V Unprivileged ISA, chapter 33 (assembly programmer's handbook). */

/** ABI names of x0..x31, by number. */
export const X_NAMES: readonly string[] =
  'zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'.split(' ');

/** ABI names of f0..f31, by number. */
export const F_NAMES: readonly string[] = (
  'ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 ' +
  'fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11'
).split(' ');

/** Every name an author may use, ABI and numeric, with `fp` for s0. */
export const X_NUMBERS: ReadonlyMap<string, number> = new Map([...numbered('x', X_NAMES), ['fp', 8]]);
export const F_NUMBERS: ReadonlyMap<string, number> = new Map(numbered('f', F_NAMES));

/** Rounding modes by assembler name. Source: chapter 21.2, table "Rounding mode encoding". */
export const ROUNDING_MODES: Readonly<Record<string, number>> = { rne: 0, rtz: 1, rdn: 2, rup: 3, rmm: 4, dyn: 7 };

function numbered(prefix: string, names: readonly string[]): [string, number][] {
  return names.flatMap((name, number): [string, number][] => [
    [name, number],
    [`${prefix}${number}`, number],
  ]);
}
