/** Why a movement stopped and where the run is now, as lines of text. */
import { type WatchHit, watchText } from './breakpoints.ts';
import type { DebugSession, Stop } from './session.ts';
import { bytesText, hexOf } from './values.ts';
import { instructionText, sourceText } from './views.ts';

export function stopLines(session: DebugSession, stop: Stop): string[] {
  const { places, timeline } = session;
  switch (stop.reason) {
    case 'step':
      return whereLines(session);
    case 'start':
      return ['the start of the run', ...whereLines(session)];
    case 'breakpoint':
      return [`breakpoint ${stop.breakpoints.map(({ id }) => id).join(', ')}`, ...whereLines(session)];
    case 'watchpoint':
      return [...stop.hits.map((hit) => hitText(session, hit)), ...whereLines(session)];
    case 'halted':
      return [
        `halted with exit code ${stop.exitCode} after ${timeline.cycle} cycles${timeline.edited ? ', after changes' : ''}`,
      ];
    case 'trapped': {
      const { cause, detail, pc, cycle } = stop.trap;
      const source = sourceText(session, pc);
      return [
        `trapped: ${cause}${detail === '' ? '' : `: ${detail}`}`,
        `  at ${places.describe(pc)}, cycle ${cycle}`,
        `  ${instructionText(session, pc)}`,
        ...(source === '' ? [] : [`  ${source}`]),
      ];
    }
  }
}

/** Place and time, then the instruction that comes next and its source line. */
export function whereLines(session: DebugSession): string[] {
  const { places, machine, timeline } = session;
  const end = session.ending();
  if (end !== undefined) return stopLines(session, end);
  const source = sourceText(session, machine.pc);
  const next = `  ${instructionText(session, machine.pc)}`;
  return [
    `${places.describe(machine.pc)}, cycle ${timeline.cycle}`,
    source === '' ? next : `${next.padEnd(36)} | ${source}`,
  ];
}

function hitText(
  { places }: DebugSession,
  { watchpoint, pc, access, address, bytes, before, after }: WatchHit,
): string {
  const place = address === undefined ? '' : ` ${bytesText(bytes)} at ${hexOf(address, 4)}`;
  const value = access === 'read' ? hexOf(before, bytes) : `${hexOf(before, bytes)} -> ${hexOf(after, bytes)}`;
  return `watchpoint ${watchpoint.id} (${watchText(watchpoint)}): ${access}${place}: ${value} by ${places.describe(pc)}`;
}
