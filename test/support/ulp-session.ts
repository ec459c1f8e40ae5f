/**
 * Command lines of `ulp`, one after the other in one process outside of the test runner: configuration files are loaded
 * as a user's are, and Node starts once. Requests and results are JSON, one a line; started by `UlpSession`.
 */
import { createInterface } from 'node:readline';
import { openEngine } from '../../cli/config/open-engine.ts';
import { type Io, processIo } from '../../cli/io.ts';
import { runUlp } from '../../cli/ulp.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, args } = JSON.parse(line) as { folder: string; args: string[] };
  process.chdir(folder);
  const [out, err]: [string[], string[]] = [[], []];
  let code = 0;
  const io: Io = {
    ...processIo,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    exitCode: (value) => {
      code = value;
    },
    interactive: false,
    colours: false,
  };
  await runUlp(io, openEngine, args);
  process.stdout.write(`${JSON.stringify({ out: out.join('\n'), err: err.join('\n'), code })}\n`);
}
