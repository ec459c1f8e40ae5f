import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { processIo } from './io.ts';

const folder = mkdtempSync(join(tmpdir(), 'ulp-io-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'file');
writeFileSync(file, 'abc');

describe('failures of files name the path and the reason', () => {
  test.each([
    ['read', () => processIo.readFile(join(folder, 'none')), 'none: no such file or directory'],
    ['read', () => processIo.readFile(folder), `${folder}: it is a directory`],
    ['read', () => processIo.readFile(join(file, 'x')), 'x: a part of the path is not a directory'],
    ['read', () => processIo.openFile(join(folder, 'none')), 'none: no such file or directory'],
    ['read', () => processIo.openFile(folder), `${folder}: it is a directory`],
    ['write', () => processIo.writeFile(folder, ''), `${folder}: it is a directory`],
    [
      'write',
      () => processIo.writeFile(join(folder, 'none', 'x'), ''),
      `x: there is no folder ${join(folder, 'none')}`,
    ],
    ['write', () => processIo.requireWritable(folder), `${folder}: it is a directory`],
    [
      'write',
      () => processIo.requireWritable(join(folder, 'none', 'x')),
      `x: there is no folder ${join(folder, 'none')}`,
    ],
    ['create', () => processIo.makeFolder(file), 'file: a file of this name is in the way'],
  ])('%s %#', async (verb, act, end) => {
    const error = (await act().catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ name: 'CliError', code: 'file' });
    expect(error.message.startsWith(`cannot ${verb} `)).toBe(true);
    expect(error.message.endsWith(end), error.message).toBe(true);
  });
});

test('what can be written passes, and is not touched', async () => {
  await processIo.requireWritable(file);
  await processIo.requireWritable(join(folder, 'new'));
  expect(await processIo.readFile(file)).toEqual(Buffer.from('abc'));
  expect(await processIo.exists(join(folder, 'new'))).toBe(false);
});

test('a secret is for its owner only', async () => {
  const path = join(folder, 'secret');
  await processIo.writeFile(path, 'x', { secret: true });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file is read by ranges', async () => {
  const source = await processIo.openFile(file);
  expect(source.byteLength).toBe(3);
  expect(await source.read(1, 2)).toEqual(new TextEncoder().encode('bc'));
  await source.close();
});
