/** Which buses a witness leaves unbalanced: the lookup argument again, bus by bus, once the sum of all is not zero. */
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Backend } from '../kernels/backend.ts';
import { buildAux } from '../logup/aux.ts';
import type { Batch, LookupChallenges, LookupLayout } from '../logup/layout.ts';
import { sumOfTerms } from '../logup/terms.ts';
import type { Statement } from '../relation.ts';
import type { Shape } from '../shape.ts';
import type { TableTraces } from './traces.ts';

export interface UnbalancedInput {
  readonly shape: Shape;
  readonly lookups: LookupLayout;
  readonly challenges: LookupChallenges;
  readonly statement: Statement;
  /** Tables with interactions. */
  readonly traces: readonly TableTraces[];
}

/**
 * Names of the buses whose sums do not cancel under the challenges; none of their denominators may be zero.
 *
 * **Cost**: a table with b buses is read b times. No memory stays in use.
 */
export async function unbalancedBuses(backend: Backend, input: UnbalancedInput): Promise<string[]> {
  const { lookups, challenges, statement, traces } = input;
  const found: string[] = [];
  for (const bus of lookups.busIds.keys()) {
    const terms = statement.terms.filter((term) => term.bus.name === bus);
    let sum = sumOfTerms(terms, lookups, challenges)!;
    for (const table of traces) {
      const batches = table.shape.lookups.batches
        .map((batch) => batch.filter((interaction) => interaction.bus.name === bus))
        .filter((batch) => batch.length > 0);
      if (batches.length > 0) sum = K.add(sum, await sumOf(backend, input, table, batches));
    }
    if (!K.isZero(sum)) found.push(bus);
  }
  return found;
}

/** What some of a table's interactions add up to: where their running sum ends, less where it starts. */
async function sumOf(
  backend: Backend,
  { lookups: layout, challenges, shape: { blindingRows } }: UnbalancedInput,
  { shape: { air }, main, fixed, known }: TableTraces,
  batches: readonly Batch[],
): Promise<Ext> {
  const mark = backend.arena.mark();
  const lookups = { batches, auxWidth: K.DEGREE * batches.length };
  const matrices = { main, ...(fixed && { fixed }), ...(known && { known }) };
  const zeros = (count: number): Uint32Array => new Uint32Array(count);
  const built = await buildAux(backend, { air, lookups, layout, challenges }, matrices, blindingRows, zeros);
  const start = K.ext(backend.arena.u32(main.address + 4 * main.stride * (main.height - 1), K.DEGREE));
  backend.arena.release(mark);
  return K.sub(built!.terminal, start);
}
