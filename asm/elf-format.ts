/**
 * Numbers of the ELF file format, for writer and reader.
 *
 * Source: System V ABI, chapters 4 and 5; RISC-V ELF psABI Specification, chapter 8.
 */

export const ELF_MAGIC = 0x464c457f; // 7f 'E' 'L' 'F'
export const CLASS_32 = 1;
export const LITTLE_ENDIAN = 1;
export const VERSION = 1;
export const TYPE_EXECUTABLE = 2;
export const MACHINE_RISCV = 243;
/** e_flags: the single-precision calling convention (ilp32f). */
export const FLOAT_ABI_SINGLE = 2;
/** e_flags: the program has 16-bit instructions. */
export const FLAG_COMPRESSED = 1;

export const FILE_HEADER_BYTES = 52;
export const PROGRAM_HEADER_BYTES = 32;
export const SECTION_HEADER_BYTES = 40;
export const SYMBOL_BYTES = 16;

export const SEGMENT_LOAD = 1;
export const SEGMENT_INTERPRETER = 3;
export const SEGMENT_EXECUTE = 1;
export const SEGMENT_WRITE = 2;
export const SEGMENT_READ = 4;

export const SECTION_PROGBITS = 1;
export const SECTION_SYMTAB = 2;
export const SECTION_STRTAB = 3;
export const SECTION_NOBITS = 8;
export const SECTION_WRITE = 1;
export const SECTION_ALLOC = 2;
export const SECTION_EXECUTE = 4;

/** st_shndx of a symbol that is a number, not an address. */
export const INDEX_ABSOLUTE = 0xfff1;

export const SYMBOL_KINDS = ['notype', 'object', 'function', 'section', 'file'] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];
export const BIND_GLOBAL = 1;

/** Our own sections: `line-table.ts`, `assertion-table.ts`. */
export const LINES_SECTION = '.ulp.lines';
export const ASSERTS_SECTION = '.ulp.asserts';
