// The chunked vector interpreter: one instruction works on a whole slot, one canonical u32 for every row of the chunk,
// so that dispatch costs nothing. Instructions are those of `../opcodes.ts`. Reference: stark/quotient/verify-eval.ts
// evaluates the same expressions. Every operation is its own function (Node 20 compiles small functions best) and is
// exported, which keeps the optimiser from joining them into one.
import { add, loadMu, loadP, mulMont, red, shoup, sub } from './field';
import {
  INSTRUCTION_WORDS, OP_ADD, OP_ADD_CONSTANT, OP_CONSTANT_SUB, OP_EXT_DOT1, OP_EXT_DOT2, OP_EXT_DOT3, OP_EXT_DOT4, OP_EXT_FILL, OP_EXT_INVERT,
  OP_EXT_MUL, OP_EXT_MUL_BASE, OP_MUL, OP_SCALE, OP_SUB,
} from '../opcodes';
import { dot2, dot3, dot4, extInvertSlot, extMulSlot } from './quintic';

export function slotAdd(dst: usize, a: usize, b: usize, bytes: usize): void {
  const p = loadP();
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, add(v128.load(a + i), v128.load(b + i), p));
}

export function slotSub(dst: usize, a: usize, b: usize, bytes: usize): void {
  const p = loadP();
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, sub(v128.load(a + i), v128.load(b + i), p));
}

export function slotMul(dst: usize, a: usize, b: usize, bytes: usize): void {
  const p = loadP(), mu = loadMu();
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, mulMont(v128.load(a + i), v128.load(b + i), p, mu));
}

export function slotAddConstant(dst: usize, a: usize, constant: usize, bytes: usize): void {
  const p = loadP(), c = v128.load_splat<u32>(constant);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, add(v128.load(a + i), c, p));
}

export function slotConstantSub(dst: usize, a: usize, constant: usize, bytes: usize): void {
  const p = loadP(), c = v128.load_splat<u32>(constant);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, sub(c, v128.load(a + i), p));
}

export function slotScale(dst: usize, a: usize, constant: usize, bytes: usize): void {
  const p = loadP(), w = v128.load_splat<u32>(constant), s = v128.load_splat<u32>(constant, 4);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(dst + i, red(shoup(v128.load(a + i), w, s, p), p));
}

/** dst = a b 2^-32, a in K, b in F_p. */
export function extMulBaseSlot(dst: usize, a: usize, b: usize, stride: usize): void {
  for (let k: usize = 0; k < 5; k++) slotMul(dst + k * stride, a + k * stride, b, stride);
}

export function extFillSlot(dst: usize, constant: usize, stride: usize): void {
  for (let k: usize = 0; k < 5; k++) {
    const c = v128.load_splat<u32>(constant + 4 * k);
    for (let i: usize = 0; i < stride; i += 16) v128.store(dst + k * stride + i, c);
  }
}

/** dst += sum of four products of an element of F_p and a constant of K. One reduction for four products. */
export function extDot4Slot(dst: usize, a: usize, b: usize, c: usize, d: usize, constants: usize, stride: usize): void {
  const p = loadP(), mu = loadMu();
  for (let k: usize = 0; k < 5; k++, dst += stride, constants += 4) {
    const ka = v128.load_splat<u32>(constants), kb = v128.load_splat<u32>(constants, 20);
    const kc = v128.load_splat<u32>(constants, 40), kd = v128.load_splat<u32>(constants, 60);
    for (let i: usize = 0; i < stride; i += 16) {
      const sum = dot4(v128.load(a + i), ka, v128.load(b + i), kb, v128.load(c + i), kc, v128.load(d + i), kd, p, mu);
      v128.store(dst + i, add(v128.load(dst + i), sum, p));
    }
  }
}

export function extDot3Slot(dst: usize, a: usize, b: usize, c: usize, constants: usize, stride: usize): void {
  const p = loadP(), mu = loadMu();
  for (let k: usize = 0; k < 5; k++, dst += stride, constants += 4) {
    const ka = v128.load_splat<u32>(constants), kb = v128.load_splat<u32>(constants, 20);
    const kc = v128.load_splat<u32>(constants, 40);
    for (let i: usize = 0; i < stride; i += 16) {
      const sum = dot3(v128.load(a + i), ka, v128.load(b + i), kb, v128.load(c + i), kc, p, mu);
      v128.store(dst + i, add(v128.load(dst + i), sum, p));
    }
  }
}

export function extDot2Slot(dst: usize, a: usize, b: usize, constants: usize, stride: usize): void {
  const p = loadP(), mu = loadMu();
  for (let k: usize = 0; k < 5; k++, dst += stride, constants += 4) {
    const ka = v128.load_splat<u32>(constants), kb = v128.load_splat<u32>(constants, 20);
    for (let i: usize = 0; i < stride; i += 16) {
      v128.store(dst + i, add(v128.load(dst + i), dot2(v128.load(a + i), ka, v128.load(b + i), kb, p, mu), p));
    }
  }
}

export function extDot1Slot(dst: usize, a: usize, constants: usize, stride: usize): void {
  const p = loadP(), mu = loadMu();
  for (let k: usize = 0; k < 5; k++, dst += stride) {
    const w = v128.load_splat<u32>(constants + 4 * k);
    for (let i: usize = 0; i < stride; i += 16) {
      v128.store(dst + i, add(v128.load(dst + i), mulMont(v128.load(a + i), w, p, mu), p));
    }
  }
}

/**
 * Runs a program on a chunk. `slots` is the scratch memory that operands refer to, `slotBytes` the size of a slot.
 * `frobenius`, `scratch` and `flag` are those of `extInvertSlot`.
 */
export function runProgram(
  code: usize, numInstructions: u32, slots: usize, constants: usize, slotBytes: usize,
  frobenius: usize, scratch: usize, flag: usize,
): void {
  const end = code + <usize>numInstructions * (4 * INSTRUCTION_WORDS);
  for (; code < end; code += 4 * INSTRUCTION_WORDS) {
    const dst = slots + load<u32>(code, 4), a = slots + load<u32>(code, 8), b = slots + load<u32>(code, 12);
    const constant = constants + load<u32>(code, 24), bytes: usize = load<u32>(code, 28);
    switch (load<u32>(code)) {
      case OP_ADD: slotAdd(dst, a, b, bytes); break;
      case OP_SUB: slotSub(dst, a, b, bytes); break;
      case OP_MUL: slotMul(dst, a, b, bytes); break;
      case OP_ADD_CONSTANT: slotAddConstant(dst, a, constant, bytes); break;
      case OP_CONSTANT_SUB: slotConstantSub(dst, a, constant, bytes); break;
      case OP_SCALE: slotScale(dst, a, constant, bytes); break;
      case OP_EXT_MUL: extMulSlot(dst, a, b, slotBytes); break;
      case OP_EXT_MUL_BASE: extMulBaseSlot(dst, a, b, slotBytes); break;
      case OP_EXT_FILL: extFillSlot(dst, constant, slotBytes); break;
      case OP_EXT_DOT4:
        extDot4Slot(dst, a, b, slots + load<u32>(code, 16), slots + load<u32>(code, 20), constant, slotBytes);
        break;
      case OP_EXT_DOT3: extDot3Slot(dst, a, b, slots + load<u32>(code, 16), constant, slotBytes); break;
      case OP_EXT_DOT2: extDot2Slot(dst, a, b, constant, slotBytes); break;
      case OP_EXT_DOT1: extDot1Slot(dst, a, constant, slotBytes); break;
      case OP_EXT_INVERT: extInvertSlot(dst, a, b, slotBytes, slotBytes, frobenius, scratch, flag); break;
      default: unreachable();
    }
  }
}
