/**
 * Framing of the gdb remote serial protocol: `$payload#checksum`, acknowledged by `+` or `-`, and the interrupt byte.
 * Payloads are text of the characters 0..255, one a byte.
 *
 * Source: Debugging with GDB (13), appendix E.1 "Overview" and E.5 "Binary Data".
 */
import { hexOf } from '../values.ts';

export type Received =
  | { readonly kind: 'packet'; readonly payload: string }
  /** A packet whose checksum does not fit. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'ack' | 'nak' | 'interrupt' };

const [DOLLAR, HASH, PLUS, MINUS, ESCAPE, INTERRUPT] = [0x24, 0x23, 0x2b, 0x2d, 0x7d, 0x03];
const ESCAPE_MASK = 0x20;
/** A packet longer than this is noise. */
export const MAX_PACKET_BYTES = 0x4000;

/** The bytes of a packet. Characters with a meaning in the framing, and `*` (run length), are escaped. */
export function encodePacket(payload: string): Uint8Array {
  const body: number[] = [];
  for (const character of payload) {
    const byte = character.charCodeAt(0);
    if (byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === 0x2a) body.push(ESCAPE, byte ^ ESCAPE_MASK);
    else body.push(byte);
  }
  const digits = hexOf(checksum(body), 1).slice(2);
  return Uint8Array.of(DOLLAR, ...body, HASH, digits.charCodeAt(0), digits.charCodeAt(1));
}

/** Collects bytes as they arrive. */
export class PacketReader {
  private body: number[] | undefined;
  private digits = '';

  *receive(bytes: Uint8Array): Generator<Received> {
    for (const byte of bytes) {
      const received = this.take(byte);
      if (received !== undefined) yield received;
    }
  }

  private take(byte: number): Received | undefined {
    const { body } = this;
    if (body === undefined) {
      if (byte === DOLLAR) [this.body, this.digits] = [[], ''];
      else if (byte === PLUS) return { kind: 'ack' };
      else if (byte === MINUS) return { kind: 'nak' };
      else if (byte === INTERRUPT) return { kind: 'interrupt' };
      return undefined;
    }
    if (this.digits === '' && byte !== HASH) {
      if (byte === DOLLAR || body.length >= MAX_PACKET_BYTES) this.body = byte === DOLLAR ? [] : undefined;
      else body.push(byte);
      return undefined;
    }
    this.digits += String.fromCharCode(byte);
    if (this.digits.length < 3) return undefined;
    this.body = undefined;
    const fits = this.digits.slice(1).toLowerCase() === hexOf(checksum(body), 1).slice(2);
    return fits ? { kind: 'packet', payload: unescaped(body) } : { kind: 'damaged' };
  }
}

const checksum = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

function unescaped(body: readonly number[]): string {
  let text = '';
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    text += String.fromCharCode(byte === ESCAPE ? (body[++i] ?? 0) ^ ESCAPE_MASK : byte);
  }
  return text;
}
