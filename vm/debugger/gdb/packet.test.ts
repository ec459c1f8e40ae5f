import { expect, test } from 'vitest';
import { encodePacket, PacketReader } from './packet.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const read = (...chunks: string[]) => {
  const reader = new PacketReader();
  return chunks.flatMap((chunk) => [...reader.receive(bytes(chunk))]);
};

test('the checksums of the manual and of the empty packet', () => {
  // Debugging with GDB, E.1: `$OK#9a`; the empty payload sums to 0.
  expect(new TextDecoder().decode(encodePacket('OK'))).toBe('$OK#9a');
  expect(new TextDecoder().decode(encodePacket(''))).toBe('$#00');
});

test('characters of the framing are escaped and read back', () => {
  const text = 'a}b#c$d*e';
  const packet = encodePacket(text);
  expect([...packet.subarray(1, -3)]).toEqual([...bytes('a}]b}\u0003c}\u0004d}\ne')]);
  expect([...new PacketReader().receive(packet)]).toEqual([{ kind: 'packet', payload: text }]);
});

test('packets in any pieces, with acknowledgements and noise between', () => {
  expect(read('+', '$g#6', '7+$', 'OK#9A', 'noise-')).toEqual([
    { kind: 'ack' },
    { kind: 'packet', payload: 'g' },
    { kind: 'ack' },
    { kind: 'packet', payload: 'OK' },
    { kind: 'nak' },
  ]);
});

test('a wrong checksum is damage, an interrupt is one only between packets', () => {
  expect(read('$g#68', '\u0003', '$\u0003#03')).toEqual([
    { kind: 'damaged' },
    { kind: 'interrupt' },
    { kind: 'packet', payload: '\u0003' },
  ]);
});

test('a packet that begins again forgets the first, one without an end is dropped', () => {
  expect(read('$m100$g#67')).toEqual([{ kind: 'packet', payload: 'g' }]);
  expect(read(`$${'x'.repeat(0x4001)}`, '$g#67')).toEqual([{ kind: 'packet', payload: 'g' }]);
});
