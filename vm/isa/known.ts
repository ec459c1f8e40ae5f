/**
 * Every instruction with an encoding in this folder. For tools that read any program; a machine has a table of its
 * own with those it implements.
 */

import { F } from './f.ts';
import { M } from './m.ts';
import { RV32I } from './rv32i.ts';
import { defineTable } from './table.ts';
import { XULP } from './xulp.ts';
import { ZFBFMIN } from './zfbfmin.ts';
import { ZICSR } from './zicsr.ts';

export const KNOWN_INSTRUCTIONS = defineTable(RV32I, M, F, ZICSR, ZFBFMIN, XULP);
