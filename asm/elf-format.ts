/**
 * Numbers of the ELF file format, for writer and reader.
 *
 * Source: System V ABI, chapters 4 and 5; RISC-V ELF psABI Specification, chapter 8.
 */

export const ELF_MAGIC = 0x464c457f; // 7f 'E' 'L' 'F'
export const CLASS_32 = 1;
export const LITTLE_ENDIAN = 1;
export const VERSION = 1;
export const TYPE_RELOCATABLE = 1;
export const TYPE_EXECUTABLE = 2;
export const MACHINE_RISCV = 243;
/** e_flags: the single-precision calling convention (ilp32f). */
export const FLOAT_ABI_SINGLE = 2;
/** e_flags: the bits of the calling convention; 0 soft float, 2 single, 4 double, 6 quad. */
export const FLOAT_ABI_MASK = 6;
/** e_flags: the program has 16-bit instructions. */
export const FLAG_COMPRESSED = 1;

export const FILE_HEADER_BYTES = 52;
export const PROGRAM_HEADER_BYTES = 32;
export const SECTION_HEADER_BYTES = 40;
export const SYMBOL_BYTES = 16;
export const RELOCATION_BYTES = 12;

export const SEGMENT_LOAD = 1;
export const SEGMENT_INTERPRETER = 3;
export const SEGMENT_EXECUTE = 1;
export const SEGMENT_WRITE = 2;
export const SEGMENT_READ = 4;

export const SECTION_PROGBITS = 1;
export const SECTION_SYMTAB = 2;
export const SECTION_STRTAB = 3;
export const SECTION_RELA = 4;
export const SECTION_NOBITS = 8;
export const SECTION_GROUP = 17;
export const SECTION_WRITE = 1;
export const SECTION_ALLOC = 2;
export const SECTION_EXECUTE = 4;
/** sh_flags of a relocation section: sh_info is the index of the section it is for. */
export const SECTION_INFO_LINK = 0x40;

/** st_shndx of a symbol that is a number, not an address. */
export const INDEX_ABSOLUTE = 0xfff1;
/** st_shndx of a symbol the linker allots: its value is the alignment. */
export const INDEX_COMMON = 0xfff2;

export const SYMBOL_KINDS = ['notype', 'object', 'function', 'section', 'file'] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];
export const BINDINGS = ['local', 'global', 'weak'] as const;
export type Binding = (typeof BINDINGS)[number];

/** Our own sections: `line-table.ts`, `assertion-table.ts`. */
export const LINES_SECTION = '.ulp.lines';
export const ASSERTS_SECTION = '.ulp.asserts';
/** In object files, one byte for every assertion message: its address in the linked section is the message's id. */
export const IDS_SECTION = '.ulp.ids';
