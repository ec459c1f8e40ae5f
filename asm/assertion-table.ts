/**
 * Messages of assertions, in our section `.ulp.asserts`.
 *
 * Format, little-endian, one table or several one after the other: u32 count, per message u32 id and the text as u32 length, UTF-8, zeros to a multiple of 4.
 */

import { ByteReader, ByteWriter } from './bytes.ts';

export function encodeAssertions(messages: ReadonlyMap<number, string>): Uint8Array {
  const table = new ByteWriter().u32(messages.size);
  for (const [id, message] of messages) table.u32(id).text(message);
  return table.finish();
}

/** Reads tables one after the other, as linkers gather them. @throws OutOfBytes if one is cut short */
export function decodeAssertions(bytes: Uint8Array): Map<number, string> {
  return new Map(assertionPlaces(bytes).map(({ id, text }) => [id, text]));
}

/** All messages, and the offset of each id: there it is filled in when the program is linked. @throws OutOfBytes */
export function assertionPlaces(bytes: Uint8Array): { offset: number; id: number; text: string }[] {
  const reader = new ByteReader(bytes);
  const places: { offset: number; id: number; text: string }[] = [];
  while (reader.remaining > 0) {
    for (let left = reader.u32(); left > 0; left--) {
      const offset = bytes.length - reader.remaining;
      const id = reader.u32();
      places.push({ offset, id, text: reader.text() });
    }
  }
  return places;
}
