import { Command } from 'commander';
import { format } from '../../asm/format.ts';
import { sourceText } from '../assembly.ts';
import { EXIT, type Io } from '../io.ts';

const HELP = `
Labels stand in the first column, statements in column 4, operands in column 12, comments after code in column 36.
Formatting never changes what is assembled. The names of the files that changed are printed.

Exit codes: 0 done, or all files are formatted; 1 with --check, some file is not; 2 a file is wrong.

Examples:
  ulp fmt guests/linear.s guests/lib/*.s
  ulp fmt --check guests/*.s`;

export function fmtCommand(io: Io): Command {
  return new Command('fmt')
    .description('lay out assembly sources')
    .argument('<files...>', 'assembly sources')
    .option('--check', 'write nothing; name the files that would change')
    .addHelpText('after', HELP)
    .action(async (paths: string[], { check }: { check?: true }) => {
      for (const path of paths) {
        const text = sourceText(path, await io.readFile(path));
        const formatted = format(text);
        if (formatted === text) continue;
        io.out(path);
        if (check) io.exitCode(EXIT.rejected);
        else await io.writeFile(path, formatted);
      }
    });
}
