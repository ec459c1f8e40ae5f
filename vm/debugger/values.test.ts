import { expect, test } from 'vitest';
import { forAll, u32 } from '../../test/support/property.ts';
import { bf16Text, floatText, fp32Text, hexOf } from './values.ts';

// Shortest decimals of binary32, as C's FLT_MAX, FLT_MIN and FLT_TRUE_MIN and as Rust and NumPy print them.
test.each([
  [0x3f800000, '1'],
  [0x3dcccccd, '0.1'],
  [0x40490fdb, '3.1415927'],
  [0x7f7fffff, '3.4028235e+38'],
  [0x00800000, '1.1754944e-38'],
  [0x00000001, '1e-45'],
  [0x00000000, '0'],
  [0x80000000, '-0'],
  [0xff800000, '-inf'],
  [0x7fc00000, 'nan'],
  [0x7f800001, 'nan(0x7f800001)'],
])('%i is %s', (word, text) => {
  expect(fp32Text(word)).toBe(text);
});

test('every number is read back from its text', () => {
  const view = new DataView(new ArrayBuffer(4));
  forAll(u32(), (word) => {
    const text = fp32Text(word);
    if (/nan|inf/.test(text)) return;
    view.setFloat32(0, Number(text));
    expect(view.getUint32(0)).toBe(word);
  });
});

test('BF16, boxed and not', () => {
  expect([0x3f80, 0xc000, 0x7f80, 0x7fc0, 0xffc1].map(bf16Text)).toEqual(['1', '-2', 'inf', 'nan', 'nan(0xffc1)']);
  expect([floatText(0xffff3fc0), floatText(0x3fc00000)]).toEqual(['bf16 1.5', 'fp32 1.5']);
});

test('hex has two digits a byte, unsigned', () => {
  expect([hexOf(5, 1), hexOf(-1, 4), hexOf(0, 2)]).toEqual(['0x05', '0xffffffff', '0x0000']);
});
