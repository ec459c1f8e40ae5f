/** The client of `ulp-session.ts`, and a folder of a user's outside of the source tree. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** `node` with the sources of Ulp as they are. */
export const FROM_SOURCE = ['--import', join(import.meta.dirname, 'from-source.mjs')] as const;

export interface SessionResult {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

export class UlpSession {
  readonly folder: string;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private trouble = '';

  /** `folder`: where commands run; caches go to `.cache` in it. */
  constructor(folder: string) {
    this.folder = folder;
    this.child = spawn(process.execPath, [...FROM_SOURCE, join(import.meta.dirname, 'ulp-session.ts')], {
      env: { ...process.env, XDG_CACHE_HOME: join(folder, '.cache') },
    });
    this.child.stderr.on('data', (text) => {
      this.trouble += text;
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Runs `ulp` with these arguments; a string is split at spaces. */
  async run(line: string | readonly string[], folder = this.folder): Promise<SessionResult> {
    const args = typeof line === 'string' ? line.split(' ') : line;
    this.child.stdin.write(`${JSON.stringify({ folder, args })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the session ended: ${this.trouble}`);
    return JSON.parse(value) as SessionResult;
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await new Promise((resolve) => this.child.once('close', resolve));
  }
}

/** A folder with these files. */
export function userFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'ulp-user-'));
  for (const [path, text] of Object.entries(files)) writeUserFile(folder, path, text);
  return folder;
}

export function writeUserFile(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
