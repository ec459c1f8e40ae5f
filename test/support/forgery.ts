/** Registers the forgeries of a chip (`kit/forgery.ts`) as tests. */
import { describe, expect, test } from 'vitest';
import { type Forgery, type ForgeryOptions, judgeForgeries } from '../../kit/forgery.ts';
import type { Air } from '../../stark/air/air.ts';
import { pastRanges } from './range-forgeries.ts';

export * from '../../kit/forgery.ts';

export interface DescribeOptions extends ForgeryOptions {
  /** Range checks for which a forgery just past the range is searched (`range-forgeries.ts`). */
  readonly pastRanges?: readonly string[];
}

export function describeForgeries(
  air: Air,
  listed: readonly Forgery[],
  { pastRanges: names = [], ...options }: DescribeOptions = {},
): void {
  const forgeries = [...listed, ...pastRanges(air, listed, names, options.tables)];
  const { unnamed, unneeded, excusedInVain } = judgeForgeries(air, forgeries, options);

  describe(`forgeries of ${air.name}`, () => {
    test.each(forgeries.map((f) => [f.claim, f] as const))('%s', (_, forgery) => {
      expect(judgeForgeries(air, [forgery], options).misjudged).toEqual([]);
    });

    test('every constraint and interaction rejects one of them', () => {
      expect(unnamed).toEqual([]);
    });

    test('every constraint and interaction is the only one to reject some forgery, or says why it never is', () => {
      expect({ unneeded, excusedInVain }).toEqual({ unneeded: [], excusedInVain: [] });
    });
  });
}
