/**
 * Files of inputs and public values: JSON, every member optional in a case.
 *
 *   case     publicInput  words (u32), a list of numbers
 *            hints        the hint tape in halfwords (u16): a list, or base64 of little-endian bytes
 *            advice       field elements (below p): a list, or base64 of little-endian words
 *   public   publicInput, publicOutput, exitCode; all of them
 */
import type { PublicValues } from '../machine/prove.ts';
import { type Json, parseJson } from '../protocol/strict-json.ts';
import { P } from '../stark/field/koala-bear.ts';
import type { ProgramInput } from '../vm/executor/program.ts';
import { CliError } from './cli-error.ts';

const U32 = 2 ** 32;

/** @throws {CliError} `input`, naming the file and the member that is wrong. */
export function parseCase(bytes: Uint8Array, path: string): Required<ProgramInput> {
  const members = objectOf(bytes, path, ['publicInput', 'hints', 'advice']);
  return {
    publicInput: Uint32Array.from(numbers(path, 'publicInput', members.get('publicInput') ?? [], U32)),
    hints: Uint16Array.from(numbersOrBytes(path, 'hints', members.get('hints') ?? [], 2, 2 ** 16)),
    advice: Uint32Array.from(numbersOrBytes(path, 'advice', members.get('advice') ?? [], 4, P)),
  };
}

/** @throws {CliError} `input`, naming the file and the member that is wrong. */
export function parsePublicValues(bytes: Uint8Array, path: string): PublicValues {
  const members = objectOf(bytes, path, ['publicInput', 'publicOutput', 'exitCode']);
  const words = (name: string): Uint32Array =>
    Uint32Array.from(numbers(path, name, members.get(name) ?? missing(path, name), U32));
  return {
    publicInput: words('publicInput'),
    publicOutput: words('publicOutput'),
    exitCode: number(path, 'exitCode', members.get('exitCode') ?? missing(path, 'exitCode'), U32),
  };
}

/** Hints and advice in base64. */
export function formatCase({ publicInput, hints, advice }: Required<ProgramInput>): string {
  const members = [
    `"publicInput": ${list(publicInput)}`,
    `"hints": "${base64(hints, 2)}"`,
    `"advice": "${base64(advice, 4)}"`,
  ];
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

export function formatPublicValues({ publicInput, publicOutput, exitCode }: PublicValues): string {
  const members = [
    `"publicInput": ${list(publicInput)}`,
    `"publicOutput": ${list(publicOutput)}`,
    `"exitCode": ${exitCode}`,
  ];
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

const list = (words: Uint32Array): string => `[${words.join(', ')}]`;

function base64(values: Uint16Array | Uint32Array, size: 2 | 4): string {
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, i) => {
    bytes.writeUIntLE(value, i * size, size);
  });
  return bytes.toString('base64');
}

function objectOf(bytes: Uint8Array, path: string, names: readonly string[]): Map<string, Json> {
  let value: Json;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? `no JSON: ${cause.message}` : 'no UTF-8 text';
    throw refusal(path, reason, cause);
  }
  if (!(value instanceof Map)) throw refusal(path, `expected an object with ${names.join(', ')}`);
  for (const name of value.keys()) {
    if (!names.includes(name)) throw refusal(path, `${name}: expected one of ${names.join(', ')}`);
  }
  return value;
}

function missing(path: string, name: string): never {
  throw refusal(path, `${name}: expected a value, got nothing`);
}

function numbers(path: string, name: string, value: Json, limit: number): number[] {
  if (!Array.isArray(value)) throw refusal(path, `${name}: expected a list of numbers`);
  return value.map((item, i) => number(path, `${name}[${i}]`, item, limit));
}

function numbersOrBytes(path: string, name: string, value: Json, size: 2 | 4, limit: number): number[] | Uint32Array {
  if (typeof value !== 'string') {
    if (!Array.isArray(value)) throw refusal(path, `${name}: expected a list of numbers or a base64 string`);
    return numbers(path, name, value, limit);
  }
  const bytes = Buffer.from(value, 'base64');
  // Buffer skips what is no base64, so what it read must say the same as the text.
  if (bytes.toString('base64') !== value) throw refusal(path, `${name}: expected base64 with padding`);
  if (bytes.length % size !== 0) {
    throw refusal(path, `${name}: expected a multiple of ${size} bytes, got ${bytes.length}`);
  }
  return Uint32Array.from({ length: bytes.length / size }, (_, i) =>
    number(path, `${name}[${i}]`, bytes.readUIntLE(i * size, size), limit),
  );
}

function number(path: string, name: string, value: Json, limit: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit) return value;
  const got = typeof value === 'number' ? `${value}` : value instanceof Map ? 'an object' : JSON.stringify(value);
  throw refusal(path, `${name}: expected an integer in [0, ${limit}), got ${got}`);
}

const refusal = (path: string, message: string, cause?: unknown): CliError =>
  new CliError('input', `${path}: ${message}`, {
    ...(cause !== undefined && { cause }),
    help: '`ulp prove --help` and docs/cli.md describe the format',
  });
