/** What a table says on the buses: the tuples and multiplicities of its interactions, some rows at a time. */
import { type Interaction, tupleOf } from '../stark/air/air.ts';
import { BATCH, BatchExpressions, type BatchValues, type TableCells } from './batch.ts';

/** The messages of one interaction on the rows of a batch. */
export interface Messages {
  readonly interaction: Interaction;
  readonly fields: readonly BatchValues[];
  readonly multiplicity: BatchValues;
}

/** Visits the messages of the interactions on `rows` rows from `first` on, at most BATCH rows at a time. */
export type ForEachBatch = (
  table: TableCells,
  first: number,
  rows: number,
  visit: (messages: Messages, first: number, rows: number) => void,
) => void;

/** @throws {RangeError} if a message reads the next row. */
export function messagesOf(interactions: readonly Interaction[]): ForEachBatch {
  const expressions = new BatchExpressions();
  const all = interactions.map(
    (interaction): Messages => ({
      interaction,
      fields: tupleOf(interaction).map((field) => expressions.valuesOf(field)),
      multiplicity: expressions.valuesOf(interaction.multiplicity),
    }),
  );
  return (table, first, rows, visit) => {
    for (let done = 0; done < rows; done += BATCH) {
      const count = Math.min(BATCH, rows - done);
      expressions.evaluate(table, first + done, count);
      for (const messages of all) visit(messages, first + done, count);
    }
  };
}
