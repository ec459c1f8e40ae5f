/**
 * The fast way to run: RV32IM as one dense switch over a decoded copy of the text, with no allocation per step.
 * Everything else (Xulp, floating point, precompiles, `ecall`) goes through the instruction's own `execute`.
 *
 * It restates the base instructions' semantics for speed; `interpret.test.ts` holds it against `executeAll` and against
 * published answers. About 120 million instructions a second on one core of the development machine.
 *
 * A slot of the decoded text is two i32: op | rd << 8 | rs1 << 16 | rs2 << 24, and the immediate, which for branches
 * and jal is the index of the target slot. rd is a register address, 64 for writes to x0.
 */
import { opOf } from '../isa/op.ts';
import { CLK_START, CLK_STEP, RAM_END } from '../space.ts';
import { type ProgramRow, xTarget } from './instruction.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';
import { LOG_PAGE_WORDS, PAGE_WORDS } from './ram.ts';

/** Goes through `execute`. */
const OTHER = 0;

/** Dense numbers of what the switch knows, in its order. */
const FAST = [
  'lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw lbu lhu sb sh sw addi slti sltiu xori ori andi slli srli srai',
  'add sub sll slt sltu xor srl sra or and fence mul mulh mulhsu mulhu div divu rem remu',
]
  .join(' ')
  .split(' ');
const FAST_BY_OP = new Map(FAST.map((mnemonic, i) => [opOf(mnemonic), i + 1]));

/**
 * Runs until the program halts. The time is right wherever `execute` sees it; those of accesses are not kept.
 * @throws {TrapSignal} when it traps; `run` makes a value of it.
 */
export function interpret(machine: Machine, maxCycles: number): void {
  const { program, ram, mapped } = machine;
  const { textBase, rows } = program;
  const { pages } = ram;
  const code = decodeText(program);
  const x = new Int32Array(machine.registers.buffer);
  const [ramBytes, ramSize] = [program.ramBase * 4, RAM_END - program.ramBase * 4];
  const numSlots = rows.length;
  let slot = (machine.pc - textBase) >>> 2;
  let cycles = machine.cycles;

  /** Leaves the state for a trap or for `execute`. */
  const sync = (): void => {
    machine.pc = textBase + slot * 4;
    machine.cycles = cycles;
    machine.clk = CLK_START + cycles * CLK_STEP;
  };
  const wordOfRead = (address: number, bytes: number): number => {
    const inRam = (address - ramBytes) >>> 0 < ramSize || mapped[address >>> 2] === 1;
    if (!inRam || (address & (bytes - 1)) !== 0) {
      sync();
      machine.requireMapped(address >>> 0, bytes);
    }
    return address >>> 2;
  };
  const pageOfWrite = (address: number, bytes: number): Uint32Array => {
    if ((address - ramBytes) >>> 0 >= ramSize || (address & (bytes - 1)) !== 0) {
      sync();
      machine.requireMapped(address >>> 0, bytes);
    }
    return ram.writablePage(address >>> 2);
  };

  for (; ; cycles++) {
    if (cycles >= maxCycles) {
      sync();
      machine.trap('out-of-cycles', `${maxCycles} instructions`);
    }
    const head = code[2 * slot]!;
    const imm = code[2 * slot + 1]!;
    const rd = (head >>> 8) & 0xff;
    const a = x[(head >>> 16) & 0xff]!;
    const b = x[head >>> 24]!;
    switch (head & 0xff) {
      case 1:
      case 2: // lui, auipc: the immediate is the result
        x[rd] = imm;
        break;
      case 3: // jal
        x[rd] = textBase + slot * 4 + 4;
        slot = imm;
        continue;
      case 4: {
        const target = (a + imm) & ~1;
        x[rd] = textBase + slot * 4 + 4;
        slot = (target - textBase) >>> 2;
        if ((target & 3) !== 0 || slot >= numSlots) {
          machine.pc = target >>> 0;
          machine.cycles = cycles + 1;
          if (cycles + 1 >= maxCycles) machine.trap('out-of-cycles', `${maxCycles} instructions`);
          machine.fetch();
        }
        continue;
      }
      case 5:
        slot = a === b ? imm : slot + 1;
        continue;
      case 6:
        slot = a !== b ? imm : slot + 1;
        continue;
      case 7:
        slot = a < b ? imm : slot + 1;
        continue;
      case 8:
        slot = a >= b ? imm : slot + 1;
        continue;
      case 9:
        slot = a >>> 0 < b >>> 0 ? imm : slot + 1;
        continue;
      case 10:
        slot = a >>> 0 >= b >>> 0 ? imm : slot + 1;
        continue;
      case 11: {
        const word = wordOfRead(a + imm, 1);
        const value = pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
        x[rd] = ((value >>> (((a + imm) & 3) * 8)) << 24) >> 24;
        break;
      }
      case 12: {
        const word = wordOfRead(a + imm, 2);
        const value = pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
        x[rd] = ((value >>> (((a + imm) & 2) * 8)) << 16) >> 16;
        break;
      }
      case 13: {
        const word = wordOfRead(a + imm, 4);
        x[rd] = pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
        break;
      }
      case 14: {
        const word = wordOfRead(a + imm, 1);
        const value = pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
        x[rd] = (value >>> (((a + imm) & 3) * 8)) & 0xff;
        break;
      }
      case 15: {
        const word = wordOfRead(a + imm, 2);
        const value = pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
        x[rd] = (value >>> (((a + imm) & 2) * 8)) & 0xffff;
        break;
      }
      case 16: {
        const address = a + imm;
        const page = pageOfWrite(address, 1);
        const [at, shift] = [(address >>> 2) & (PAGE_WORDS - 1), (address & 3) * 8];
        page[at] = (page[at]! & ~(0xff << shift)) | ((b & 0xff) << shift);
        break;
      }
      case 17: {
        const address = a + imm;
        const page = pageOfWrite(address, 2);
        const [at, shift] = [(address >>> 2) & (PAGE_WORDS - 1), (address & 2) * 8];
        page[at] = (page[at]! & ~(0xffff << shift)) | ((b & 0xffff) << shift);
        break;
      }
      case 18: {
        const address = a + imm;
        pageOfWrite(address, 4)[(address >>> 2) & (PAGE_WORDS - 1)] = b;
        break;
      }
      case 19:
        x[rd] = a + imm;
        break;
      case 20:
        x[rd] = a < imm ? 1 : 0;
        break;
      case 21:
        x[rd] = a >>> 0 < imm >>> 0 ? 1 : 0;
        break;
      case 22:
        x[rd] = a ^ imm;
        break;
      case 23:
        x[rd] = a | imm;
        break;
      case 24:
        x[rd] = a & imm;
        break;
      case 25:
        x[rd] = a << imm;
        break;
      case 26:
        x[rd] = a >>> imm;
        break;
      case 27:
        x[rd] = a >> imm;
        break;
      case 28:
        x[rd] = a + b;
        break;
      case 29:
        x[rd] = a - b;
        break;
      case 30:
        x[rd] = a << (b & 31);
        break;
      case 31:
        x[rd] = a < b ? 1 : 0;
        break;
      case 32:
        x[rd] = a >>> 0 < b >>> 0 ? 1 : 0;
        break;
      case 33:
        x[rd] = a ^ b;
        break;
      case 34:
        x[rd] = a >>> (b & 31);
        break;
      case 35:
        x[rd] = a >> (b & 31);
        break;
      case 36:
        x[rd] = a | b;
        break;
      case 37:
        x[rd] = a & b;
        break;
      case 38: // fence
        break;
      case 39:
        x[rd] = Math.imul(a, b);
        break;
      case 40:
        x[rd] = highWord(a, b);
        break;
      case 41:
        x[rd] = highWord(a, b >>> 0);
        break;
      case 42:
        x[rd] = highWord(a >>> 0, b >>> 0);
        break;
      case 43: // -2^31 / -1 = 2^31, which reduces to -2^31
        x[rd] = b === 0 ? -1 : (a / b) | 0;
        break;
      case 44:
        x[rd] = b === 0 ? -1 : Math.floor((a >>> 0) / (b >>> 0)) | 0;
        break;
      case 45:
        x[rd] = b === 0 ? a : (a % b) | 0;
        break;
      case 46:
        x[rd] = b === 0 ? a : ((a >>> 0) % (b >>> 0)) | 0;
        break;
      default: {
        sync();
        const row = machine.fetch();
        row.instruction.execute(machine, row);
        if (machine.exitCode !== undefined) {
          machine.cycles = cycles + 1;
          return;
        }
        slot = (machine.pc - textBase) >>> 2;
        if ((machine.pc & 3) !== 0 || slot >= numSlots) {
          machine.cycles = cycles + 1;
          if (cycles + 1 >= maxCycles) machine.trap('out-of-cycles', `${maxCycles} instructions`);
          machine.fetch();
        }
        continue;
      }
    }
    slot++;
  }
}

/** floor(a * b / 2^32) modulo 2^32 for |a|, |b| <= 2^32: 16-bit parts of b keep every product below 2^49. */
function highWord(a: number, b: number): number {
  const [low, high] = [b & 0xffff, Math.floor(b / 2 ** 16)];
  const middle = a * high + Math.floor((a * low) / 2 ** 16); // |.| < 2^49: exact
  return Math.floor(middle / 2 ** 16) | 0;
}

/** One slot more than the text: running off its end reaches OTHER, where the fetch traps. */
function decodeText(program: Program): Int32Array {
  const code = new Int32Array(2 * (program.rows.length + 1));
  program.rows.forEach((row, slot) => {
    const [op, imm] = row === undefined ? [OTHER, 0] : fastForm(program, row);
    if (op === OTHER) return;
    const { rd, rs1, rs2 } = row!.fields;
    code[2 * slot] = op | (xTarget(rd) << 8) | (rs1 << 16) | (rs2 << 24);
    code[2 * slot + 1] = imm;
  });
  return code;
}

function fastForm(program: Program, { spec, fields, pc }: ProgramRow): [op: number, imm: number] {
  const op = FAST_BY_OP.get(spec.op) ?? OTHER;
  if (spec.format === 'B' || spec.format === 'J') {
    const target = (pc + fields.imm - program.textBase) / 4;
    const inText = Number.isInteger(target) && target >= 0 && target < program.rows.length;
    return [inText ? op : OTHER, target];
  }
  return [op, spec.mnemonic === 'auipc' ? (pc + fields.imm) | 0 : fields.imm];
}
