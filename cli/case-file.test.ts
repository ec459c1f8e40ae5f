import { expect, test } from 'vitest';
import { formatCase, formatPublicValues, parseCase, parsePublicValues } from './case-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('every member of a case may be left out', () => {
  expect(parseCase(bytes('{}'), 'case.json')).toEqual({
    publicInput: new Uint32Array(0),
    hints: new Uint16Array(0),
    advice: new Uint32Array(0),
  });
});

test('lists and little-endian base64 say the same', () => {
  const lists = parseCase(bytes('{"publicInput": [4294967295], "hints": [1, 65535], "advice": [2130706432]}'), 'a');
  const text = parseCase(bytes('{"publicInput": [4294967295], "hints": "AQD//w==", "advice": "AAAAfw=="}'), 'b');
  expect(text).toEqual(lists);
});

test('what is written is read back', () => {
  const input = {
    publicInput: Uint32Array.of(0, 1, 2 ** 32 - 1),
    hints: Uint16Array.of(0, 1, 0x3f80, 0xffff),
    advice: Uint32Array.of(0, 2130706432),
  };
  expect(parseCase(bytes(formatCase(input)), 'case.json')).toEqual(input);
  const values = { publicInput: input.publicInput, publicOutput: Uint32Array.of(7), exitCode: 3 };
  expect(parsePublicValues(bytes(formatPublicValues(values)), 'public.json')).toEqual(values);
});

test.each([
  ['', 'case.json: no JSON: offset 0: expected a value, got the end'],
  ['[]', 'case.json: expected an object with publicInput, hints, advice'],
  [
    '{"hints": [1], "hints": [2]}',
    'case.json: no JSON: offset 15: expected a name not used before in this object, got "\\""',
  ],
  ['{"hint": []}', 'case.json: hint: expected one of publicInput, hints, advice'],
  ['{"publicInput": 5}', 'case.json: publicInput: expected a list of numbers'],
  ['{"publicInput": ["5"]}', 'case.json: publicInput[0]: expected an integer in [0, 4294967296), got "5"'],
  ['{"publicInput": [0, -1]}', 'case.json: publicInput[1]: expected an integer in [0, 4294967296), got -1'],
  ['{"publicInput": [0.5]}', 'case.json: publicInput[0]: expected an integer in [0, 4294967296), got 0.5'],
  [
    '{"publicInput": [4294967296]}',
    'case.json: publicInput[0]: expected an integer in [0, 4294967296), got 4294967296',
  ],
  ['{"hints": {}}', 'case.json: hints: expected a list of numbers or a base64 string'],
  ['{"hints": [65536]}', 'case.json: hints[0]: expected an integer in [0, 65536), got 65536'],
  ['{"hints": "AQ=="}', 'case.json: hints: expected a multiple of 2 bytes, got 1'],
  ['{"hints": "AQ"}', 'case.json: hints: expected base64 with padding'],
  ['{"hints": "A Q A="}', 'case.json: hints: expected base64 with padding'],
  ['{"advice": "AQAA"}', 'case.json: advice: expected a multiple of 4 bytes, got 3'],
  ['{"advice": [2130706433]}', 'case.json: advice[0]: expected an integer in [0, 2130706433), got 2130706433'],
  ['{"advice": "AQAAfw=="}', 'case.json: advice[0]: expected an integer in [0, 2130706433), got 2130706433'],
])('%s is refused', (text, message) => {
  expect(() => parseCase(bytes(text), 'case.json')).toThrow(message);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(() => parseCase(Uint8Array.of(0xff, 0xfe), 'case.json')).toThrow('case.json: no UTF-8 text');
});

test.each([
  ['{"publicOutput": [], "exitCode": 0}', 'public.json: publicInput: expected a value, got nothing'],
  ['{"publicInput": [], "exitCode": 0}', 'public.json: publicOutput: expected a value, got nothing'],
  ['{"publicInput": [], "publicOutput": []}', 'public.json: exitCode: expected a value, got nothing'],
  [
    '{"publicInput": [], "publicOutput": [], "exitCode": -1}',
    'public.json: exitCode: expected an integer in [0, 4294967296), got -1',
  ],
])('public values %s are refused', (text, message) => {
  expect(() => parsePublicValues(bytes(text), 'public.json')).toThrow(message);
});
