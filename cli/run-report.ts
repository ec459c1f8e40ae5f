/** The end of a run on the terminal or as JSON. */
import type { Ran, Trapped } from './engine.ts';
import { countText, wordText } from './format.ts';
import { EXIT, type Io } from './io.ts';
import { tableText } from './table.ts';
import { trapError } from './trap-report.ts';

/** Words of the public output that are printed; `--json` has all of them. */
const MAX_WORDS = 16;

/** @throws {CliError} `trap`, unless it was asked for JSON. */
export function reportRun(io: Io, result: Ran | Trapped, { json }: { readonly json?: true }): void {
  if (!result.ok) {
    if (!json) throw trapError(result.trap);
    io.out(JSON.stringify({ trap: result.trap }));
    io.exitCode(EXIT.failed);
    return;
  }
  const { publicOutput, exitCode, cycles, rows } = result;
  io.exitCode(exitCode === 0 ? EXIT.accepted : EXIT.failed);
  if (json) {
    const table = rows && { rows: Object.fromEntries(rows) };
    io.out(JSON.stringify({ exitCode, cycles, publicOutput: [...publicOutput], ...table }));
    return;
  }
  io.out(`  exit code      ${exitCode}`);
  io.out(`  cycles         ${countText(cycles)}`);
  io.out(`  public output  ${outputText(publicOutput)}`);
  if (rows !== undefined) {
    io.out('');
    io.out(
      tableText(
        ['chip', 'rows'],
        [...rows].map(([name, count]) => [name, countText(count)]),
      ),
    );
  }
}

function outputText(words: Uint32Array): string {
  if (words.length === 0) return 'none';
  const shown = [...words.subarray(0, MAX_WORDS)].map(wordText).join(' ');
  return words.length > MAX_WORDS ? `${shown} and ${countText(words.length - MAX_WORDS)} more` : shown;
}
