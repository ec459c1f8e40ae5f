/** Where a run spends its instructions, by routine: what `ulp cost` shows. */
import type { Label, Program } from './program.ts';

export interface RoutineCycles {
  /** Name of the label, or `(no symbol)` for text before the first one. */
  readonly routine: string;
  readonly cycles: number;
}

/**
 * Instructions executed per routine, most first. A routine reaches from its label to the next one.
 * @param counts executions by instruction slot, as `run` gives them with `profile`
 * @param isRoutine which labels start a routine; default: all
 */
export function cyclesByRoutine(
  program: Program,
  counts: Uint32Array,
  isRoutine: (label: Label) => boolean = () => true,
): RoutineCycles[] {
  const labels = program.symbols.filter(isRoutine);
  const totals = new Map<string, number>();
  let [next, routine] = [0, '(no symbol)'];
  counts.forEach((count, slot) => {
    const pc = program.textBase + 4 * slot;
    while (next < labels.length && labels[next]!.address <= pc) routine = labels[next++]!.name;
    if (count > 0) totals.set(routine, (totals.get(routine) ?? 0) + count);
  });
  return [...totals].map(([name, cycles]) => ({ routine: name, cycles })).sort((a, b) => b.cycles - a.cycles);
}
