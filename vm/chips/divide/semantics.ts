/**
 * DIV, DIVU, REM and REMU of M, with the results of division by zero and of signed overflow. RISC-V Unprivileged ISA,
 * 13.2, table "Semantics for division by zero and division overflow". Operands and results are u32.
 */
/** Toward zero; -1 if b is 0; -2^31 / -1 = -2^31. */
export const divideSigned = (a: number, b: number): number => (b === 0 ? 0xffff_ffff : ((a | 0) / (b | 0)) >>> 0); // 2^31, truncated, is -2^31 modulo 2^32
export const divideUnsigned = (a: number, b: number): number => (b === 0 ? 0xffff_ffff : Math.floor(a / b));
/** With the sign of a; a if b is 0; 0 on overflow. */
export const remainderSigned = (a: number, b: number): number => (b === 0 ? a : ((a | 0) % (b | 0)) >>> 0);
export const remainderUnsigned = (a: number, b: number): number => (b === 0 ? a : a % b);
