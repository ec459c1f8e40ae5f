import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolder, UlpSession, userFolder } from '../../test/support/session.ts';
import { Cli } from '../cli.fixture.ts';

describe('chips of Ulp', () => {
  test('are listed with their extension', async () => {
    const { out, code } = await new Cli().run('chip list');
    expect(code).toBeUndefined();
    expect(out).toMatch(/^ {2}fp32-add +fp32-add +chip +Ulp$/m);
    const rows = JSON.parse((await new Cli().run('chip list --json')).out) as { name: string; kind: string }[];
    expect(rows.filter(({ name }) => name === 'range')).toMatchObject([{ kind: 'fixed table', extension: 'tables' }]);
  });

  test('are reported as their air is', async () => {
    const [report] = JSON.parse((await new Cli().run('chip report bitwise --json')).out);
    expect(report).toMatchObject({ name: 'bitwise', mainColumns: report.columns.length });
    expect(report.cellsPerRow).toBe(report.mainColumns + report.auxColumns);
    expect(report.auxColumns).toBe(5 * report.batches.length);
    expect(report.batches.flatMap((b: { interactions: string[] }) => b.interactions).sort()).toEqual(
      report.interactions.map((i: { name: string }) => i.name).sort(),
    );
    expect(report.operations).toContainEqual(expect.objectContaining({ mnemonic: 'xor', rows: 1 }));
    const { out } = await new Cli().run('chip report bitwise');
    expect(out).toContain(`${report.mainColumns} main + ${report.auxColumns} auxiliary columns`);
  });

  test('are checked, and what was not checked is said', async () => {
    const { out, code } = await new Cli().run('chip check add --tries 20 --effort 12');
    expect(code).toBe(0);
    expect(out).toMatch(/passed +honest events +\d+ rows of add, sub, addi/);
    expect(out).toMatch(/passed +determinism +of \d+ events, \d+ are proven to have one witness/);
    const { out: program, code: programCode } = await new Cli().run('chip check program --json');
    expect(programCode).toBe(0);
    const [{ parts }] = JSON.parse(program);
    expect(parts).toContainEqual(expect.objectContaining({ name: 'padding', verdict: 'not checked' }));
    expect(parts).toContainEqual(expect.objectContaining({ name: 'determinism', verdict: 'passed' }));
    const { out: table } = await new Cli().run('chip check bytes');
    expect(table).toContain('tuples are found where they are');
  });

  test.each([
    ['chip report fp32-ad', 'error: the machine has no chip fp32-ad', 'did you mean fp32-add?'],
    ['chip check nonesuch', 'error: the machine has no chip nonesuch', '`ulp chip list` shows them'],
    [
      'chip report fadd.s',
      'error: the machine has no chip fadd.s',
      'fadd.s is an instruction of fp32-add: `ulp chip report fp32-add`',
    ],
    ['chip check bf16.dot.amx', 'no chip bf16.dot.amx', 'an instruction of bf16-dot: `ulp chip check bf16-dot`'],
    [
      'chip new Mine',
      'error: name: expected lower-case letters, digits and single dashes, got Mine',
      'such as fp8-decode',
    ],
    ['chip new add', 'error: the machine has a chip add already', 'choose another name'],
  ])('%s is refused', async (line, message, help) => {
    const { err, code } = await new Cli().run(line);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain(help);
  });

  test('a folder that is there is not written to', async () => {
    const { err, code } = await new Cli({ mine: 'a file' }).run('chip new mine');
    expect({ err, code }).toMatchObject({ code: 2 });
    expect(err).toContain('cannot create mine: a file or folder of this name is there already');
  });
});

describe('chips of a user', () => {
  const folder = userFolder();
  let session: UlpSession;
  beforeAll(() => {
    session = new UlpSession(folder);
  });
  afterAll(async () => {
    await session.close();
    removeFolder(folder);
  });

  test('the scaffold is checked, assembled and run as it is', async () => {
    const { out, code } = await session.run('chip new half-sum');
    expect(code).toBe(0);
    expect(out).toContain('ulp chip check half-sum');
    const check = await session.run('chip check half-sum');
    expect(check).toMatchObject({ err: '', code: 0 });
    expect(check.out).toMatch(/passed +forgeries +\d+ forgeries, each rejected by exactly what it names/);
    expect(check.out.trimEnd().split('\n').at(-1)).toBe('nothing wrong was found');
    expect(await session.run('asm half-sum/example.s -o e.elf')).toMatchObject({ err: '', code: 0 });
    expect((await session.run('run e.elf')).out).toContain('public output  0x00010001');
  });

  test('a second one gets an encoding of its own, and the configuration is left alone', async () => {
    const { out, code } = await session.run('chip new other');
    expect(code).toBe(0);
    expect(out).toContain("add it to ulp.config.ts:  import { extension as other } from './other/extension.ts'");
    writeFileSync(
      join(folder, 'both.ts'),
      "import { extension as a } from './half-sum/extension.ts';\nimport { extension as b } from './other/extension.ts';\nexport default [a, b];\n",
    );
    expect(await session.run('chip check other --config both.ts')).toMatchObject({ err: '', code: 0 });
  });

  const broken = async (name: string, change: string): Promise<{ out: string; err: string; code: number }> => {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, 'ulp.config.ts'),
      `import { extension } from '../half-sum/extension.ts';\n${change}`,
    );
    return session.run('chip check half-sum', join(folder, name));
  };

  test('one that computes something else than it states is wrong, with the reason', async () => {
    const { out, code } = await broken(
      'lying',
      `const [instruction] = extension.instructions!;
export default [{ ...extension, instructions: [{ ...instruction, execute(machine, row) {
  instruction!.execute(machine, row);
  machine.registers[row.rd] ^= 1;
} }] }];\n`,
    );
    expect(code).toBe(1);
    expect(out).toMatch(/failed +honest events/);
    expect(out).toContain('half-sum, "rd is left with its value" says 1');
  });

  test('an error of its own code has its place', async () => {
    const { err, code } = await broken(
      'throwing',
      `export default [{ ...extension, forgeries: undefined, chips: [{ ...extension.chips![0]!, fill() {
  throw new TypeError('unfinished');
} }] }];\n`,
    );
    expect(code).toBe(2);
    expect(err).toMatch(/^error: ulp.config.ts:3:9: unfinished\n {2}help: the error comes from this file of yours/);
    const { err: proving, code: provingCode } = await session.run(
      'prove ../e.elf -o p.ulp --quiet',
      join(folder, 'throwing'),
    );
    expect(provingCode).toBe(2);
    expect(proving).toMatch(/^error: ulp.config.ts:3:9: unfinished\n {2}help: /);
  });

  /** A trace that changes one cell of the first row afterwards. */
  const writing = (cell: string, value: string): string => `
const [chip] = extension.chips!;
export default [{ ...extension, forgeries: undefined, chips: [{ ...chip!, fill(execution, table) {
  chip!.fill(execution, table);
  table.cells[chip!.air.offsets['${cell}']!] = ${value};
} }] }];\n`;

  test('a trace with a value outside of the field is refused by check and by prove', async () => {
    const message =
      /^error: half-sum, row 0, carry: expected a field element in 0..2130706432, got 4294967295\n {2}help: .*reduce/;
    const { err, code } = await broken('outside', writing('carry', '-1'));
    expect(code).toBe(2);
    expect(err).toMatch(message);
    const proving = await session.run('prove ../e.elf -o p.ulp --quiet', join(folder, 'outside'));
    expect(proving.code).toBe(2);
    expect(proving.err).toMatch(message);
  });

  test('a trace that its air refuses names constraint, row and line when it is proven', async () => {
    mkdirSync(join(folder, 'refused'));
    const text = `import { extension } from '../half-sum/extension.ts';\n${writing('sum', '2 ** 16')}`;
    writeFileSync(join(folder, 'refused', 'ulp.config.ts'), text);
    const { err, code } = await session.run('prove ../e.elf -o p.ulp --quiet', join(folder, 'refused'));
    expect(code).toBe(2);
    expect(err).toMatch(
      /^error: half-sum, row 0 \(.*example.s:\d+\): "the halfwords add up" does not hold for .*\n {2}help: `ulp chip check half-sum`/,
    );
  });

  test.each([
    ['missing', "() => import('./nonesuch.ts')", 'cannot find nonesuch.ts'],
    [
      'shapeless',
      'async () => ({ default: 5 })',
      'forgeries of half-sum: expected a default export with air and forgeries',
    ],
  ])('forgeries that are %s are refused', async (name, forgeries, message) => {
    const { err, code } = await broken(name, `export default [{ ...extension, forgeries: ${forgeries} }];\n`);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
