/** Readers of option values; commander prints what they refuse together with the option's name. */
import { InvalidArgumentError, Option } from 'commander';
import { FAST, type Parameters, STRONG } from '../stark/parameters.ts';

/** Bytes of kernel memory that an address can reach, and the default limit. */
export const MAX_MEMORY = 2 ** 32;
const MIN_MEMORY = 2 ** 20;
const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/** "512MiB" -> 536870912. */
export function parseBytes(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (digits === '' || Number.isNaN(bytes)) throw new InvalidArgumentError('Expected a size such as 512MiB or 4GiB.');
  if (bytes < MIN_MEMORY || bytes > MAX_MEMORY) throw new InvalidArgumentError('Expected 1MiB to 4GiB.');
  return Math.floor(bytes);
}

/** An integer in [min, max]. */
export const integerIn =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}.`);
    }
    return value;
  };

/** One of some integers. */
export const oneOf =
  <T extends number>(values: readonly T[]) =>
  (text: string): T => {
    const value = values.find((allowed) => text === `${allowed}`);
    if (value === undefined) throw new InvalidArgumentError(`Expected one of ${values.join(', ')}.`);
    return value;
  };

/** 32 bytes in hex. */
export function parseSeed(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2}){32}$/i.test(text)) throw new InvalidArgumentError('Expected 32 bytes as 64 hex digits.');
  return Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16));
}

/** A root of a tensor: 9 field elements in hex, as `ulp layer` prints them. */
export function parseRoot(text: string): string {
  if (!/^[0-9a-f]{72}$/.test(text)) throw new InvalidArgumentError('Expected a root: 72 lower-case hex digits.');
  return text;
}

export const PARAMETERS: Readonly<Record<Parameters['name'], Parameters>> = { fast: FAST, strong: STRONG };

export const paramsOption = (): Option =>
  new Option(
    '--params <set>',
    `parameter set: fast (${FAST.targetBits} provable bits) or strong (${STRONG.targetBits})`,
  )
    .choices(Object.keys(PARAMETERS))
    .default('fast');

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'worker threads').argParser(integerIn(1, 256)).default(2);

export const memoryOption = (): Option =>
  new Option('--max-memory <size>', 'most kernel memory that proving may use, e.g. 512MiB')
    .argParser(parseBytes)
    .default(MAX_MEMORY, '4GiB');

/** What a verifier insists on. */
export const requireOption = (): Option =>
  new Option('--require <set>', 'reject proofs with a weaker parameter set').choices(Object.keys(PARAMETERS));

/** The options of everything that proves. */
export interface ProvingOptions {
  readonly params: Parameters['name'];
  readonly threads: number;
  readonly maxMemory: number;
  /** Commander's reading of `--no-zk`. */
  readonly zk: boolean;
  readonly quiet?: true;
}

export const provingOptions = (): Option[] => [
  paramsOption(),
  new Option('--no-zk', 'no zero-knowledge: faster, and the proof says so'),
  threadsOption(),
  memoryOption(),
  new Option('--quiet', 'no progress'),
];
