/**
 * Warns of hints nobody checks: a word loaded from the hint tape whose value, on every path, is overwritten or
 * abandoned before it, or anything computed from it, is used.
 *
 * Uses are operands of instructions without a destination register (assertions, branches, stores, public output,
 * hashes into memory), of indirect jumps and of environment calls; a call or return with such a value in any register
 * counts as a use, because the other routine may check it.
 *
 * Limits: one used path is enough, values are not followed through memory, and a use is not proof of a check. Silence
 * means that nothing obvious is missing; a test with wrong hints shows that everything is checked.
 */

import { variableFields } from '../vm/isa/encoding.ts';
import { operandsOf } from '../vm/isa/instruction.ts';
import type { Decoded, InstructionTable } from '../vm/isa/table.ts';
import { CUSTOM_0, CUSTOM_1, CUSTOM_2 } from '../vm/isa/xulp.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Linked } from './link.ts';
import type { Span } from './source.ts';

/** Paths looked at per hint load before it is taken for checked. */
const MAX_STEPS = 20_000;

interface Step extends Decoded {
  readonly address: number;
  readonly span: Span | undefined;
  /** Bit r for x_r, bit 32 + r for f_r. */
  readonly reads: bigint;
  readonly writes: bigint;
}

/** One warning for every hint load without a use. */
export function uncheckedHints({ instructions }: Linked, table: InstructionTable): Diagnostic[] {
  const steps = new Map<number, Step>();
  for (const { address, word, span } of instructions) {
    const decoded = table.decode(word);
    if (decoded !== undefined) steps.set(address, { ...decoded, address, span, ...registers(decoded) });
  }
  const end = (instructions.at(-1)?.address ?? 0) + 4;
  return [...steps.values()].flatMap((step): Diagnostic[] => {
    const { span, spec } = step;
    // What compilers made has no source here to point at.
    if (span === undefined || !spec.mnemonic.startsWith('ulp.hint.') || isUsed(step, steps, end)) return [];
    return [
      {
        code: 'unchecked-hint',
        severity: 'warning',
        message: 'this hint is never checked: its value is overwritten or abandoned before it is used',
        span,
        help: 'compare it by `ulp.assert.eq`, hash it against a commitment, or do not load it',
      },
    ];
  });
}

/** Whether the value some load gives is used on some path. `end` is the address after the last instruction. */
function isUsed(load: Step, steps: ReadonlyMap<number, Step>, end: number): boolean {
  const seen = new Set<string>();
  const queue: { address: number; tainted: bigint }[] = [{ address: load.address + 4, tainted: load.writes }];
  for (let count = 0; queue.length > 0; count++) {
    if (count > MAX_STEPS) return true;
    const { address, tainted } = queue.pop()!;
    const key = `${address} ${tainted}`;
    if (tainted === 0n || seen.has(key)) continue;
    seen.add(key);
    const step = steps.get(address);
    if (step === undefined) {
      // Beyond the program is a trap; data among instructions may do anything.
      if (address < end) return true;
      continue;
    }
    const touched = (step.reads & tainted) !== 0n;
    const flow = flowOf(step);
    if (flow.leaves || (touched && flow.uses)) return true;
    const rest = (tainted & ~step.writes) | (touched ? step.writes : 0n);
    for (const next of flow.next) queue.push({ address: next, tainted: rest });
  }
  return false;
}

interface Flow {
  readonly next: readonly number[];
  /** Whether reading a value here is a use. */
  readonly uses: boolean;
  /** Whether control goes where values cannot be followed. */
  readonly leaves: boolean;
}

function flowOf({ address, spec, fields, writes }: Step): Flow {
  const after = address + 4;
  switch (spec.format) {
    case 'B':
      return { next: [after, address + fields.imm], uses: true, leaves: false };
    case 'J':
      return { next: [address + fields.imm], uses: false, leaves: fields.rd !== 0 };
    default: {
      if (spec.mnemonic === 'jalr') return { next: [], uses: true, leaves: true };
      // Without a destination an instruction acts on memory, on the output, or traps.
      const acts = writes === 0n && !operandsOf(spec.syntax).some(({ field }) => field === 'rd');
      return { next: [after], uses: acts, leaves: spec.mnemonic === 'ebreak' };
    }
  }
}

/** The registers an instruction reads and writes. x0 is neither. */
function registers({ spec, fields }: Decoded): { reads: bigint; writes: bigint } {
  let [reads, writes] = [0n, 0n];
  for (const { field, register } of operandsOf(spec.syntax)) {
    if (register === undefined) continue;
    const bit = 1n << BigInt(fields[field] + (register === 'f' ? 32 : 0));
    if (field === 'rd') writes |= bit;
    // A precompile may accumulate into its destination.
    if (field !== 'rd' || (spec.format === 'R4' && isCustom(spec.opcode))) reads |= bit;
  }
  // An environment call takes a0..a7.
  if (spec.mnemonic === 'ecall' && variableFields(spec).length === 0) reads |= 0xffn << 10n;
  return { reads: reads & ~1n, writes: writes & ~1n };
}

function isCustom(opcode: number): boolean {
  return opcode === CUSTOM_0 || opcode === CUSTOM_1 || opcode === CUSTOM_2;
}
