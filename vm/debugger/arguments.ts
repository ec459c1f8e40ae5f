/** Words of a command line of the debugger as numbers, places and registers. */
import { RAM_END } from '../space.ts';
import type { WatchTarget } from './breakpoints.ts';
import { DebugError } from './debug-error.ts';
import { registerAddress } from './effects.ts';
import type { DebugSession } from './session.ts';
import { hexWord } from './values.ts';

/** A decimal or 0x number. @throws {DebugError} `name: expected ..` */
export function numberOf(name: string, text: string, min = 0, max = 2 ** 32 - 1): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new DebugError(`${name}: expected a number from ${min} to ${max}, got ${text}`);
  return value;
}

/** `loop`, `loop+8`, `0x10008`, `sp`, `sp-16`: a number, a symbol or a register, plus or minus a number. */
export function addressOf({ places, machine }: DebugSession, text: string): number {
  const [, base = '', sign = '+', offset = '0'] = /^\*?(.+?)(?:([+-])(0x[0-9a-f]+|\d+))?$/i.exec(text) ?? [];
  const register = registerAddress(base);
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(base)
    ? Number(base)
    : (places.symbol(base) ?? (register === undefined ? undefined : machine.registers[register]!));
  if (value === undefined) throw new DebugError(`there is no symbol or register ${base}`);
  return (value + (sign === '-' ? -1 : 1) * Number(offset)) >>> 0;
}

export interface CodePlace {
  readonly label: string;
  readonly addresses: readonly number[];
}

/** `file:line`, a line of the current file, or an address of an instruction. */
export function codePlaceOf(session: DebugSession, text: string): CodePlace {
  const { places } = session;
  const [, named, line] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  if (line !== undefined) {
    const file = named ?? session.line?.file;
    if (file === undefined) throw new DebugError(`line ${line} of which file? write file:${line}`);
    const { place, addresses } = places.addressesOf(file, Number(line));
    return { label: `${place.file}:${place.line}`, addresses };
  }
  const address = addressOf(session, text);
  if (!places.isText(address) || address % 4 !== 0) {
    throw new DebugError(`${text} is ${hexWord(address)}, which is not an instruction of the program`);
  }
  return { label: places.describe(address), addresses: [address] };
}

/** A register, or `bytes` bytes of RAM. */
export function watchTargetOf(session: DebugSession, text: string, bytes: string | undefined): WatchTarget {
  const register = registerAddress(text);
  if (register === 0) throw new DebugError('zero never changes');
  if (register !== undefined && bytes === undefined) return { register };
  const address = addressOf(session, text);
  const count = numberOf('bytes', bytes ?? '4', 1, 2 ** 20);
  for (const at of [address, address + count - 1]) {
    if (at >= RAM_END || !session.machine.isMapped(at)) throw new DebugError(`${hexWord(at)} is not mapped`);
  }
  return { address, bytes: count };
}
