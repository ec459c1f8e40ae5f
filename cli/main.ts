#!/usr/bin/env node
/** Entry point of the command `ulp`. */
import { openEngine } from './config/open-engine.ts';
import { processIo } from './io.ts';
import { runUlp } from './ulp.ts';

// A reader that closes the pipe (`ulp run x.elf | head`) ends the command quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
    process.exit();
  });
}

await runUlp(processIo, openEngine, process.argv.slice(2), process.env['ULP_DEBUG'] !== undefined);
