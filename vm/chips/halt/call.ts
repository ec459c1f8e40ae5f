/** The environment call of this machine. Source: RISC-V Linux system calls (exit is 93) and psABI (a7, a0). */
import { X_NUMBERS } from '../../isa/registers.ts';
import { REGISTER } from '../../space.ts';

export const EXIT_CALL = 93;
/** Register addresses. */
export const A0 = REGISTER.x0 + X_NUMBERS.get('a0')!;
export const A7 = REGISTER.x0 + X_NUMBERS.get('a7')!;
