/** `docs/write-a-chip.md` done as its reader would: files written, commands run, in a folder outside of the source tree. */
import { execFileSync } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { FROM_SOURCE, removeFolder, UlpSession, userFolder, writeUserFile } from '../support/session.ts';
import { readText } from './markdown.ts';

const folder = userFolder();
afterAll(() => removeFolder(folder));

const blocks = [...readText('docs/write-a-chip.md').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
/** The session knows the files that were there when it loaded them. */
let session: UlpSession | undefined;
const forget = async (): Promise<void> => {
  await session?.close();
  session = undefined;
};

async function outputOf(command: string): Promise<string> {
  const [program, ...args] = command.split(' ') as [string, ...string[]];
  if (program === 'ulp') {
    session ??= new UlpSession(folder);
    const { out, err } = await session.run(args);
    return `${err}\n${out}`;
  }
  if (program === 'sed') {
    await forget();
    return execFileSync('sh', ['-c', command], { cwd: folder }).toString();
  }
  expect(args.slice(0, 2)).toEqual(['--import', 'ulpvm/loader']);
  return execFileSync(process.execPath, [...FROM_SOURCE, ...args.slice(2)], { cwd: folder }).toString();
}

/** The lines shown, in this order, each the beginning of a line that was printed. */
function expectShown(shown: readonly string[], printed: string, command: string): void {
  const lines = printed.split('\n');
  let from = 0;
  for (const line of shown) {
    const at = lines.findIndex((printedLine, i) => i >= from && printedLine.startsWith(line));
    expect(at, `${command}\n${printed}\nlacks, or has elsewhere:\n${line}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}

test('every file and command of the tutorial does what it says', { timeout: 120_000 }, async () => {
  let commands = 0;
  for (const [, language, text] of blocks) {
    if (language !== 'console') {
      const [, path, rest] = /^(?:\/\/|#) (\S+)\n([\s\S]*)$/.exec(text!)!;
      writeUserFile(folder, path!, rest!);
      continue;
    }
    for (const part of text!.split(/^\$ /m).slice(1)) {
      const [command, ...shown] = part.trimEnd().split('\n') as [string, ...string[]];
      expectShown(shown, await outputOf(command), command);
      commands += 1;
    }
  }
  await forget();
  expect(commands).toBe(12);
});
