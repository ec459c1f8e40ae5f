/**
 * The ways an instruction may be written: its row in the table and the pseudo-instructions of its name, and the
 * choice among them by the shape of the operands.
 */

import type { InstructionSpec } from '../vm/isa/instruction.ts';
import { type Operand, type OperandName, operandsOf } from '../vm/isa/instruction.ts';
import { F_NUMBERS, ROUNDING_MODES, X_NUMBERS } from '../vm/isa/registers.ts';
import type { InstructionTable } from '../vm/isa/table.ts';
import { type DiagnosticError, fail } from './diagnostic.ts';
import { LOAD_IMMEDIATE, PSEUDO_INSTRUCTIONS, type Pseudo } from './pseudo.ts';
import { textOf } from './source.ts';
import { didYouMean } from './suggest.ts';
import type { Expression, OperandNode, Statement } from './syntax.ts';

export interface Form {
  readonly syntax: string;
  readonly slots: readonly Slot[];
  /** An instruction of the table, or a pseudo-instruction. */
  readonly meaning: { readonly spec: InstructionSpec } | { readonly pseudo: Pseudo };
}

/** One operand between commas. */
type Slot =
  | { readonly kind: 'single'; readonly operand: Operand }
  | { readonly kind: 'memory'; readonly offset: Operand; readonly base: Operand };

/** What the author wrote for each operand; text only for an assertion's message. */
export type Arguments = ReadonlyMap<OperandName, Expression | { readonly kind: 'text'; readonly text: string }>;

export interface Forms {
  of(mnemonic: string): readonly Form[];
  readonly mnemonics: readonly string[];
}

/** All forms of a table's instructions, and of the pseudo-instructions it can express. */
export function formsOf(table: InstructionTable): Forms {
  const forms = new Map<string, Form[]>();
  const add = (mnemonic: string, syntax: string, meaning: Form['meaning']) => {
    const list = forms.get(mnemonic) ?? [];
    list.push({ syntax, slots: slotsOf(syntax), meaning });
    forms.set(mnemonic, list);
  };
  for (const spec of table.specs) add(spec.mnemonic, spec.syntax, { spec });
  for (const pseudo of [...PSEUDO_INSTRUCTIONS, LOAD_IMMEDIATE]) {
    const used = pseudo.expansion.map((text) => text.split(' ')[0]!);
    const expressible = used.every((mnemonic) => table.byMnemonic(mnemonic) !== undefined);
    if (expressible) add(pseudo.mnemonic, pseudo.syntax, { pseudo });
  }
  return { of: (mnemonic) => forms.get(mnemonic) ?? [], mnemonics: [...forms.keys()] };
}

/**
 * Chooses the form a statement is written in.
 *
 * @throws DiagnosticError that names the operand that fits no form
 */
export function chooseForm(statement: Statement, forms: readonly Form[]): { form: Form; args: Arguments } {
  const { operands } = statement;
  const sameCount = forms.filter(({ slots }) => operands.length <= slots.length && operands.length >= required(slots));
  for (const form of sameCount) {
    if (!form.slots.every((slot, i) => operands[i] === undefined || fits(slot, operands[i]!))) continue;
    return { form, args: collect(form.slots, operands) };
  }
  if (sameCount.length === 0) throw countError(statement, forms);
  throw operandError(statement, sameCount);
}

/** The operands between commas of a syntax template. */
export function slotsOf(syntax: string): readonly Slot[] {
  const slots: Slot[] = [];
  for (const operand of operandsOf(syntax)) {
    const before = slots.at(-1);
    if (!operand.base) slots.push({ kind: 'single', operand });
    else if (before?.kind === 'single')
      slots[slots.length - 1] = { kind: 'memory', offset: before.operand, base: operand };
  }
  return slots;
}

function required(slots: readonly Slot[]): number {
  return slots.filter((slot) => slot.kind === 'memory' || !slot.operand.optional).length;
}

function fits(slot: Slot, node: OperandNode): boolean {
  if (slot.kind === 'memory') {
    return (
      node.kind === 'memory' && isRegister(node.base, 'x') && (node.offset === undefined || !isRegister(node.offset))
    );
  }
  const { operand } = slot;
  if (node.kind === 'text') return operand.name === 'id';
  if (node.kind !== 'expression') return false;
  const { expression } = node;
  if (operand.register !== undefined) return isRegister(expression, operand.register);
  if (operand.name === 'rm') return expression.kind === 'symbol' && Object.hasOwn(ROUNDING_MODES, expression.name);
  return !isRegister(expression);
}

function collect(slots: readonly Slot[], operands: readonly OperandNode[]): Arguments {
  const args = new Map<OperandName, Expression | { kind: 'text'; text: string }>();
  slots.forEach((slot, i) => {
    const node = operands[i];
    if (node === undefined) return;
    if (slot.kind === 'single') {
      args.set(
        slot.operand.name,
        node.kind === 'expression' ? node.expression : (node as OperandNode & { kind: 'text' }),
      );
    } else if (node.kind === 'memory') {
      args.set(slot.base.name, node.base);
      args.set(slot.offset.name, node.offset ?? { kind: 'value', value: { amount: 0n }, span: node.span });
    }
  });
  return args;
}

/** Whether an expression is the name of a register, of one file or of either. */
export function isRegister(expression: Expression, file?: 'x' | 'f'): boolean {
  if (expression.kind !== 'symbol') return false;
  return (file !== 'f' && X_NUMBERS.has(expression.name)) || (file !== 'x' && F_NUMBERS.has(expression.name));
}

function countError({ name, operands, span }: Statement, forms: readonly Form[]): DiagnosticError {
  const message = `\`${name}\` cannot have ${operands.length === 1 ? '1 operand' : `${operands.length} operands`}`;
  return fail('operand-count', message, span, `write ${writtenForms(name, forms)}`);
}

function operandError(statement: Statement, forms: readonly Form[]): DiagnosticError {
  const { name, operands } = statement;
  // The form that fits furthest is the one that was meant.
  const progress = ({ slots }: Form) => {
    const index = operands.findIndex((node, i) => !fits(slots[i]!, node));
    return index < 0 ? operands.length : index;
  };
  const best = forms.reduce((a, b) => (progress(b) > progress(a) ? b : a));
  const index = progress(best);
  const slot = best.slots[index]!;
  const node = operands[index]!;
  const inMemory = slot.kind === 'memory' && node.kind === 'memory';
  const part: Expression | undefined = inMemory
    ? isRegister(node.base, 'x')
      ? node.offset
      : node.base
    : node.kind === 'expression'
      ? node.expression
      : undefined;
  const register = inMemory && part === node.base ? 'x' : slot.kind === 'single' ? slot.operand.register : undefined;
  const help = `write ${writtenForms(name, forms)}`;
  const span = part?.span ?? node.span;
  const got = part !== undefined && isRegister(part) ? `the register \`${textOf(span)}\`` : `\`${textOf(span)}\``;
  if (register !== undefined && part?.kind === 'symbol' && !isRegister(part)) {
    const names = (register === 'x' ? X_NUMBERS : F_NUMBERS).keys();
    return fail(
      'unknown-register',
      `${got} is not an ${register} register`,
      span,
      didYouMean(part.name, names) ?? help,
    );
  }
  return fail('bad-operand', `expected ${describe(slot)}, got ${got}`, span, help);
}

function describe(slot: Slot): string {
  if (slot.kind === 'memory') return 'an address as `offset(register)`';
  const { name, register } = slot.operand;
  if (register !== undefined) return `an ${register} register`;
  if (name === 'rm') return `a rounding mode (${Object.keys(ROUNDING_MODES).join(', ')})`;
  if (name === 'target') return 'a label';
  if (name === 'id') return 'a message or an id';
  return 'a number';
}

function writtenForms(name: string, forms: readonly Form[]): string {
  return forms.map(({ syntax }) => `\`${`${name} ${syntax.replaceAll('?', '')}`.trim()}\``).join(' or ');
}
