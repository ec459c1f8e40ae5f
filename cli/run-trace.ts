/** `ulp run --trace`: every instruction on a line of its own, as it is executed. */
import { setImmediate } from 'node:timers/promises';
import type { Debuggee } from '../vm/debugger/session.ts';
import { type TraceEnd, type TraceStep, traceLines, traceRun } from '../vm/debugger/trace.ts';
import type { Ran, Trapped } from './engine.ts';
import type { Io } from './io.ts';

export interface TraceOptions {
  readonly traceFrom?: number;
  readonly traceTo?: number;
  readonly json?: true;
}

/** Steps that are written at once. A reader that went away is noticed between two writes. */
const BATCH = 256;

/** Prints the steps, as text or as one JSON object a line, and returns how the run ended. */
export async function printTrace(io: Io, debuggee: Debuggee, options: TraceOptions): Promise<Ran | Trapped> {
  const { traceFrom: from = 0, traceTo: to = Infinity, json } = options;
  const steps = traceRun(debuggee, { from, to });
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    if (lines.length > 0) io.out(lines.join('\n'));
    lines = [];
    await setImmediate();
  };
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      await flush();
      return resultOf(value);
    }
    if (value === undefined) await flush();
    else if (json) lines.push(JSON.stringify(value));
    else lines.push(...traceLines(value as TraceStep, debuggee.source));
    if (lines.length >= BATCH) await flush();
  }
}

const resultOf = ({ trap, exitCode, cycles, publicOutput }: TraceEnd): Ran | Trapped =>
  trap === undefined
    ? { ok: true, exitCode: exitCode!, cycles, publicOutput: Uint32Array.from(publicOutput), rows: undefined }
    : { ok: false, trap };
