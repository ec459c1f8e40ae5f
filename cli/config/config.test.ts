/** Configuration files as users write them, and everything that can be wrong with one: the message has the place. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FROM_SOURCE, removeFolder, UlpSession, userFolder } from '../../test/support/session.ts';

const base = userFolder();
let session: UlpSession;
beforeAll(() => {
  session = new UlpSession(base);
});
afterAll(async () => {
  await session.close();
  removeFolder(base);
});

let folders = 0;
/** A new folder, as modules are loaded once; below `base`, so that it is removed. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(base, `user-${++folders}`);
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

const LAST = 'chip list';

/** A configuration whose only chip is an air of these columns and this definition. */
const airConfig = (name: string, define: string): string => `import { bit, defineAir, defineBus } from 'ulpvm/stark';
const air = defineAir({ name: '${name}', columns: { x: bit('x') }, define: ({ local: { x }, assertZero, send }) => {
${define}
} });
export default [{ name: 'mine', chips: [{ air, rows: () => 0, fill() {} }] }];
`;
/** A configuration whose only instruction is an add, changed. */
const specConfig = (change: string): string => `import { specOf } from 'ulpvm/vm';
const spec = { ...specOf('add'), mnemonic: 'mine', ${change} };
export default [{ name: 'mine', instructions: [{ spec, decode() {}, execute() {} }] }];
`;

const TABLE_CONFIG = (last: number): string => `
import { defineBus } from 'ulpvm/stark';
import { fixedTable } from 'ulpvm/vm';
const bus = defineBus('squares', 'table', ['x', 'y']);
const squareOf = (x: number): number => (x === 15 ? ${last} : x * x);
const table = fixedTable({
  name: 'squares', bus, perRow: 1, count: 16,
  tupleAt: (x) => [x, squareOf(x)],
  indexOf: (tuple) => (tuple[0]! < 16 && squareOf(tuple[0]!) === tuple[1] ? tuple[0] : undefined),
});
export default [{ name: 'squares', tables: [table] }];
`;
const EXIT = '.text\n.globl _start\n_start:\n li a0, 0\n li a7, 93\n ecall\n';

describe('a configuration is refused with its place', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an enum', { 'ulp.config.ts': '\nenum A { B }\n' }, 'ulp.config.ts:2:1: TypeScript enum is not supported'],
    ['a syntax error', { 'ulp.config.ts': 'export default [;\n' }, 'ulp.config.ts:1:17: Expression expected'],
    [
      'a syntax error in JavaScript',
      { 'ulp.config.mjs': '\nexport default [;\n' },
      'ulp.config.mjs:2:17: Expression expected',
    ],
    [
      'a syntax error in an imported file',
      { 'ulp.config.ts': "import './chip.ts';\n", 'chip.ts': '\n\nconst = 1;\n' },
      'chip.ts:3:7: ',
    ],
    ['an exception', { 'ulp.config.ts': "\nthrow new Error('no');\n" }, 'ulp.config.ts:2:7: no'],
    [
      'an exception of Ulp',
      {
        'ulp.config.ts':
          "import { defineAir } from 'ulpvm/stark';\nimport { addUp } from 'ulpvm/vm';\naddUp(defineAir);\n",
      },
      'ulp.config.ts:3:1: ',
    ],
    [
      'a missing file',
      { 'ulp.config.ts': "// chips\nimport { chip } from './chip.ts';\nexport default [chip];\n" },
      'ulp.config.ts:2: cannot find chip.ts',
    ],
    ['a missing package', { 'ulp.config.ts': "import 'nonesuch';\n" }, 'ulp.config.ts:1: cannot find nonesuch'],
    ['a missing export', { 'ulp.config.ts': "import { nonesuch } from 'ulpvm/vm';\n" }, 'ulp.config.ts:1: '],
    [
      'no default export',
      { 'ulp.config.ts': 'export const a = 1;\n' },
      'ulp.config.ts: default export: expected a list',
    ],
    ['no list', { 'ulp.config.js': 'export default {};\n' }, 'ulp.config.js: default export: expected a list'],
    [
      'no name',
      { 'ulp.config.ts': 'export default [{}];\n' },
      'ulp.config.ts: extension 0, name: expected a string, got nothing',
    ],
    [
      'an extension that is null',
      { 'ulp.config.ts': 'export default [null];\n' },
      'ulp.config.ts: extension 0: expected an object, got null',
    ],
    [
      'a member that none is called',
      { 'ulp.config.ts': "export default [{ name: 'a', chip: [] }];\n" },
      'ulp.config.ts: extension 0: expected name, chips, tables, instructions, forgeries, got chip',
    ],
    [
      'chips that are no list',
      { 'ulp.config.ts': "export default [{ name: 'a', chips: {} }];\n" },
      'ulp.config.ts: extension 0, chips: expected a list of chips, got an object',
    ],
    [
      'a chip without rows',
      { 'ulp.config.ts': "export default [{ name: 'a', chips: [{ air: {} }] }];\n" },
      'ulp.config.ts: extension 0, chips[0].rows: expected a chip: air, rows, fill, got nothing',
    ],
    [
      'a table without its provider',
      { 'ulp.config.ts': "export default [{ name: 'a', tables: [{ air: {} }] }];\n" },
      'ulp.config.ts: extension 0, tables[0].provider: expected a table',
    ],
    [
      'an instruction that is null',
      { 'ulp.config.ts': "export default [{ name: 'a', instructions: [null] }];\n" },
      'ulp.config.ts: extension 0, instructions[0].spec: expected an instruction',
    ],
    [
      'forgeries that are no function',
      { 'ulp.config.ts': "export default [{ name: 'a', forgeries: [] }];\n" },
      'ulp.config.ts: extension 0, forgeries: expected a function',
    ],
    [
      'an instruction that Ulp has',
      {
        'ulp.config.ts':
          "import { specOf } from 'ulpvm/vm';\nexport default [{ name: 'a', instructions: [{ spec: specOf('add'), decode() {}, execute() {} }] }];\n",
      },
      'ulp.config.ts: specs: expected unique mnemonics, got add twice',
    ],
    ['what is thrown and no error', { 'ulp.config.ts': 'throw undefined;\n' }, 'ulp.config.ts: undefined'],
    [
      'a chip whose air is none',
      { 'ulp.config.ts': "export default [{ name: 'a', chips: [{ air: {}, rows() {}, fill() {} }] }];\n" },
      'ulp.config.ts: extension 0, chips[0].air: expected what defineAir returns, got an object',
    ],
    [
      'an instruction whose spec is none',
      { 'ulp.config.ts': "export default [{ name: 'a', instructions: [{ spec: {}, decode() {}, execute() {} }] }];\n" },
      'ulp.config.ts: extension 0, instructions[0].spec: expected an InstructionSpec, got an object',
    ],
    [
      'a chip name that Ulp has',
      { 'ulp.config.ts': airConfig('add', '') },
      'ulp.config.ts: chips: expected distinct names, got add twice',
    ],
    [
      'an extension that is listed twice',
      {
        'ulp.config.ts': `${airConfig('mine', '').replace('export default', 'const list =')}export default [...list, ...list];\n`,
      },
      'ulp.config.ts: chips: expected distinct names, got mine twice',
    ],
    [
      'an encoding that Ulp has',
      { 'ulp.config.ts': specConfig('op: 250') },
      'ulp.config.ts: specs: expected disjoint encodings, got add and mine',
    ],
    [
      'an op id that Ulp has',
      { 'ulp.config.ts': specConfig('opcode: 0x7b') },
      'ulp.config.ts: specs: expected unique op ids, got ',
    ],
    [
      'a constraint of too high a degree',
      { 'ulp.config.ts': airConfig('mine', "assertZero('high', x.times(x).times(x).times(x).times(x));") },
      'ulp.config.ts:2:13: mine, high: expected degree at most 4, got 5',
    ],
    [
      'a bus that nobody answers',
      {
        'ulp.config.ts': airConfig('mine', "send('asked', defineBus('nobody', 'table', ['x']), { claimed: [x] }, 1);"),
      },
      'ulp.config.ts: mine, asked: expected a table or chip of the machine that receives from bus nobody, got none',
    ],
    [
      'a fixed table that is too tall',
      { 'ulp.config.ts': TABLE_CONFIG(225).replace('count: 16', 'count: 2 ** 21') },
      'ulp.config.ts: squares: expected at most 2096896 rows of a fixed table, got 2097152',
    ],
  ])('%s', async (_, files, message) => {
    const { out, err, code } = await session.run(LAST, folderWith(files));
    expect({ out, code }).toEqual({ out: '', code: 2 });
    const [error, help] = err.split('\n');
    expect(error).toContain(`error: ${message}`);
    expect(help).toMatch(/^ {2}help: ./);
  });

  test('a top-level await that never ends', () => {
    const folder = folderWith({ 'ulp.config.ts': 'await new Promise(() => {});\nexport default [];\n' });
    const main = join(import.meta.dirname, '../main.ts');
    const { status, stderr } = spawnSync(process.execPath, [...FROM_SOURCE, main, 'chip', 'list'], { cwd: folder });
    expect({ status, line: `${stderr}`.split('\n')[0] }).toEqual({
      status: 2,
      line: 'error: ulp.config.ts: a top-level await never ends',
    });
  }, 60_000);

  test('a fixed table with a value outside of the field', async () => {
    const folder = folderWith({ 'ulp.config.ts': TABLE_CONFIG(-1), 'a.s': EXIT });
    expect(await session.run('asm a.s -o a.elf', folder)).toMatchObject({ code: 0 });
    const { err, code } = await session.run('vk a.elf', folder);
    expect(code).toBe(2);
    expect(err).toContain('error: squares, row 15, y[0]: expected a field element in 0..2130706432, got -1\n  help: ');
  });

  test('one that was named and is missing', async () => {
    const { err, code } = await session.run(`${LAST} --config mine.ts`, folderWith({}));
    expect({ err, code }).toEqual({ err: 'error: cannot read mine.ts: no such file or directory', code: 2 });
  });

  test.each([
    ['chip.json', '{}', 'error: --config chip.json: expected a module: a .ts, .js or .mjs file'],
    ['folder.ts', undefined, 'error: cannot read folder.ts: it is a directory'],
  ])('one that was named and is no module: %s', async (name, text, message) => {
    const folder = folderWith(text === undefined ? {} : { [name]: text });
    if (text === undefined) mkdirSync(join(folder, name));
    const { err, code } = await session.run(`${LAST} --config ${name}`, folder);
    expect({ err: err.split('\n')[0], code }).toEqual({ err: message, code: 2 });
  });

  test.each([
    ["import './chip.ts';\n", 'help: paths start from the file that imports'],
    ["import 'nonesuch';\n", 'help: it is a package: `npm install nonesuch`'],
    ["export default [{ name: 'a', chip: [] }];\n", 'help: did you mean chips?'],
    [
      airConfig('mine', "assertZero('y', ({} as { y: typeof x }).y.plus(1));"),
      'help: a column that the chip does not declare',
    ],
  ])('what to do next: %s', async (text, help) => {
    expect((await session.run(LAST, folderWith({ 'ulp.config.ts': text }))).err).toContain(help);
  });
});

test('types are removed, and the file may be named before or after the command', async () => {
  const text =
    "import type { UserExtension } from 'ulpvm/kit';\nconst none: readonly UserExtension[] = [];\nexport default none;\n";
  const folder = folderWith({ 'mine.ts': text });
  for (const line of [`--config mine.ts ${LAST}`, `${LAST} --config mine.ts`]) {
    expect(await session.run(line, folder)).toMatchObject({ err: '', code: 0 });
  }
});

describe('the roots of a machine with another fixed table', () => {
  const cached = join(base, '.cache/ulp/fixed-roots');
  const key = async (folder: string) => {
    const { out, err, code } = await session.run('vk a.elf', folder);
    expect(code).toBe(0);
    return { key: out, isComputed: err.includes('computing their roots, once'), err };
  };
  const withTable = async (last: number): Promise<string> => {
    const folder = folderWith({ 'ulp.config.ts': TABLE_CONFIG(last), 'a.s': EXIT });
    const { err, code } = await session.run('asm a.s -o a.elf', folder);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    return folder;
  };

  test('are computed once, kept on disk by relation and cells, and change the verifying key', async () => {
    const [first, again, other] = [await withTable(225), await withTable(225), await withTable(226)];
    const plain = folderWith({ 'a.s': EXIT });
    await session.run('asm a.s -o a.elf', plain);
    const keys = [await key(first), await key(again), await key(other), await key(plain)];
    expect(keys.map(({ isComputed }) => isComputed)).toEqual([true, false, true, false]);
    expect(keys[0]!.key).toBe(keys[1]!.key);
    expect(new Set(keys.map((k) => k.key)).size).toBe(3);
    expect(keys[0]!.err).toContain('note: the key of Ulp with squares (ulp.config.ts); Ulp alone has another');
    expect(keys[3]!.err).toBe('');
    expect(readdirSync(cached)).toHaveLength(2);
  });

  test('are computed again from a damaged file, by another process', async () => {
    const folder = await withTable(225);
    const texts = (): string[] => readdirSync(cached).map((name) => readFileSync(join(cached, name), 'utf8'));
    const before = texts();
    for (const name of readdirSync(cached)) writeFileSync(join(cached, name), '{"fast": "00"}');
    const other = new UlpSession(base);
    try {
      const { err } = await other.run('vk a.elf', folder);
      expect(err).toContain('computing their roots, once');
    } finally {
      await other.close();
    }
    expect(texts().filter((text) => before.includes(text))).toHaveLength(1);
  });

  test('a command that speaks of no proof does not need them', async () => {
    const folder = await withTable(227);
    expect((await session.run('run a.elf', folder)).err).toBe('');
    expect(existsSync(cached)).toBe(true);
    expect((await session.run('chip check squares', folder)).out).toContain('all 16 tuples are found where they are');
  });
});
