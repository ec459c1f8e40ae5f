/**
 * What a word that is no instruction of the machine probably is: so that a program compiled for more than RV32IMF says
 * what to compile it for. Source: RISC-V Unprivileged ISA, chapter 34, table "RISC-V base opcode map".
 */

/** Options of GCC and Clang that make what a machine of this project runs. */
export const MARCH = '-march=rv32imf_zicsr -mabi=ilp32f';

/** Extensions by major opcode (bits 6..0), of instructions of 32 bits. */
const BY_OPCODE: ReadonlyMap<number, string> = new Map([
  [0x2f, 'A, atomic memory'],
  [0x57, 'V, vectors'],
  [0x1b, 'RV64'],
  [0x3b, 'RV64'],
]);
/** By the width of loads and stores (funct3), and by the format of arithmetic (bits 26..25). */
const FLOATS_BY_WIDTH = ['V, vectors', 'Zfh, half precision', undefined, 'D, double precision', 'Q, quad precision'];
const FLOATS_BY_FORMAT = [undefined, 'D, double precision', 'Zfh, half precision', 'Q, quad precision'];

/** One line: the bytes, the extension if it is known, and what to do. */
export function explainIllegal(word: number): string {
  const bytes = `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
  const extension = extensionOf(word >>> 0);
  return extension === undefined ? `${bytes} is no instruction` : `${bytes} (${extension}): compile by ${MARCH}`;
}

function extensionOf(word: number): string | undefined {
  // All zeros and all ones are what memory without code holds.
  if (word === 0 || word === 0xffffffff) return undefined;
  if ((word & 3) !== 3) return 'C, 16-bit instructions';
  const [opcode, funct3] = [word & 0x7f, (word >>> 12) & 7];
  if (opcode === 0x07 || opcode === 0x27) return FLOATS_BY_WIDTH[funct3] ?? 'V, vectors';
  if (opcode === 0x53 || (opcode >= 0x43 && opcode <= 0x4f && (opcode & 3) === 3)) {
    return FLOATS_BY_FORMAT[(word >>> 25) & 3];
  }
  if (opcode === 0x73 && funct3 === 0) return 'privileged';
  if (opcode === 0x33 || opcode === 0x13) return 'B, bit manipulation';
  return BY_OPCODE.get(opcode);
}
