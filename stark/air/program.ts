/**
 * Programs of the chunked vector interpreter: straight-line code over slots, one value per row of a chunk. This file
 * assigns the slots; `builder.ts` makes the operations.
 */
import * as Op from '../kernels/opcodes.ts';

/** Matrices a program reads. */
export type Source = 'main' | 'fixed' | 'known' | 'aux';
export const SOURCES: readonly Source[] = ['main', 'fixed', 'known', 'aux'];

/** Four adjacent columns of a matrix, from `column`, a multiple of 4, and the slot of the row buffer for each. */
export interface Gather {
  readonly source: Source;
  readonly column: number;
  readonly slots: readonly number[];
}

/** Offsets are in slots; `emit` turns them into bytes for a chunk size. */
export interface Program {
  /**
   * Slots of one row buffer, the last for columns that nothing reads. The local and the next rows have a buffer each, at
   * slots 0 and `numColumns`.
   */
  readonly numColumns: number;
  /** All slots of scratch memory; the last one is the driver's own. */
  readonly numSlots: number;
  readonly gathers: readonly Gather[];
  /** Slots filled from planar vectors given by name (inverse zerofiers). */
  readonly vectors: ReadonlyMap<string, number>;
  /** Slot of each output. */
  readonly outputs: readonly number[];
  readonly constants: Uint32Array;
  readonly numInstructions: number;
  /** The code for chunks of `rows` rows. `swapped`: local rows are in the second buffer. */
  emit(rows: number, swapped: boolean): Uint32Array;
}

/** 1: F_p. 5: K. */
export type Width = 1 | 5;
export type Place =
  | { readonly at: 'column'; readonly source: Source; readonly index: number; readonly rotation: 0 | 1 }
  | { readonly at: 'vector'; readonly name: string }
  | { readonly at: 'temporary' };

/** One value: an input, or the result of an operation, in the order of execution. */
export interface Node {
  readonly place: Place;
  readonly width: Width;
  /** An operation, or -1: an input, or slots that the operation after it needs. */
  readonly op: number;
  readonly args: readonly Node[];
  /** Component of each argument: 0, or which of the five slots of an element of K is read as an element of F_p. */
  readonly components: readonly number[];
  /** Byte offset in the constant table. */
  readonly constant: number;
}

/** Operations that add to their destination, by number of operands less one. */
export const DOTS: readonly number[] = [Op.OP_EXT_DOT1, Op.OP_EXT_DOT2, Op.OP_EXT_DOT3, Op.OP_EXT_DOT4];

/** Assigns slots: columns in buffers, then vectors, then temporaries, which are freed after their last reader. */
export function layOut(nodes: readonly Node[], outputs: readonly Node[], constants: Uint32Array): Program {
  const { slotOf: columnSlot, gathers, numColumns } = placeColumns(nodes);
  const vectors = new Map<string, number>();
  let numSlots = 2 * numColumns;
  for (const { place } of nodes) if (place.at === 'vector') vectors.set(place.name, numSlots++);

  const lastReader = new Map<Node, Node>();
  for (const node of nodes) for (const argument of node.args) lastReader.set(argument, node);
  for (const output of outputs) lastReader.delete(output);
  const temporaries = new Map<Node, number>();
  const free: Record<Width, number[]> = { 1: [], 5: [] };
  const take = (width: Width): number => {
    const slot = free[width].pop();
    if (slot !== undefined) return slot;
    numSlots += width;
    return numSlots - width;
  };
  for (const node of nodes) {
    if (node.place.at !== 'temporary') continue;
    const accumulates = DOTS.includes(node.op);
    const slot = accumulates ? temporaries.get(node.args[0]!)! : undefined;
    // Only an inversion and a dot product read their operands after writing; the others may overwrite one.
    const early = slot === undefined && node.op !== Op.OP_EXT_INVERT ? undefined : (slot ?? take(node.width));
    for (const argument of new Set(node.args)) {
      const dead = lastReader.get(argument) === node && argument.place.at === 'temporary';
      if (dead && temporaries.get(argument) !== slot) free[argument.width].push(temporaries.get(argument)!);
    }
    temporaries.set(node, early ?? take(node.width));
  }

  /** Slot, and which buffer it is relative to. */
  const slotOf = (node: Node, swapped: boolean): number => {
    const { place } = node;
    if (place.at === 'vector') return vectors.get(place.name)!;
    if (place.at === 'temporary') return temporaries.get(node)!;
    return columnSlot(place) + ((place.rotation === 1) === swapped ? 0 : numColumns);
  };
  const instructions = nodes.filter((node) => node.op >= 0);
  return {
    ...{ numColumns, gathers, vectors, constants },
    numSlots: numSlots + 1,
    outputs: outputs.map((node) => slotOf(node, false)),
    numInstructions: instructions.length,
    emit: (rows, swapped) => {
      const code = new Uint32Array(instructions.length * Op.INSTRUCTION_WORDS);
      instructions.forEach((node, i) => {
        const accumulates = DOTS.includes(node.op);
        const slots = node.args.map((argument, j) => slotOf(argument, swapped) + node.components[j]!);
        const words = accumulates ? slots : [slotOf(node, swapped), ...slots];
        code[i * Op.INSTRUCTION_WORDS] = node.op;
        for (const [j, slot] of words.entries()) code[i * Op.INSTRUCTION_WORDS + 1 + j] = slot * rows * 4;
        code[i * Op.INSTRUCTION_WORDS + 6] = node.constant;
        code[i * Op.INSTRUCTION_WORDS + 7] = node.width * rows * 4;
      });
      return code;
    },
  };
}

type ColumnPlace = Extract<Place, { at: 'column' }>;

function placeColumns(nodes: readonly Node[]): {
  slotOf: (place: ColumnPlace) => number;
  gathers: Gather[];
  numColumns: number;
} {
  const slots = new Map<string, number>();
  const gathers: Gather[] = [];
  for (const source of SOURCES) {
    const read = new Set<number>();
    for (const { place, width } of nodes) {
      if (place.at !== 'column' || place.source !== source) continue;
      for (let i = 0; i < width; i++) read.add(place.index + i);
    }
    const groups = new Map<number, number[]>();
    // In increasing order, so that the columns of an element of K are adjacent slots.
    for (const index of [...read].sort((a, b) => a - b)) {
      const column = index & ~3;
      const group = groups.get(column) ?? [-1, -1, -1, -1];
      group[index & 3] = slots.size;
      slots.set(`${source} ${index}`, slots.size);
      groups.set(column, group);
    }
    for (const [column, group] of groups) gathers.push({ source, column, slots: group });
  }
  const unread = slots.size;
  return {
    slotOf: ({ source, index }) => slots.get(`${source} ${index}`)!,
    gathers: gathers.map((gather) => ({ ...gather, slots: gather.slots.map((slot) => (slot < 0 ? unread : slot)) })),
    numColumns: slots.size + 1,
  };
}
