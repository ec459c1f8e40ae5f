/** Tuples of a table by any of their fields: which ones agree with what is known of a tuple. */

export interface TableIndex {
  has(tuple: ArrayLike<number>): boolean;
  /** Numbers of tuples that agree in the fields of `mask` (bit f: field f), at most `limit` of them. */
  matching(mask: number, tuple: ArrayLike<number>, limit: number): readonly number[];
  tuple(index: number): ArrayLike<number>;
  readonly count: number;
  /** The largest value of a field. */
  largest(field: number): number;
}

/** Every table bus has fewer: fields above are compared only. */
const MAX_FIELDS = 31;

/** @param tuples of equal length */
export function tableIndex(tuples: readonly ArrayLike<number>[]): TableIndex {
  const logBuckets = Math.max(4, Math.ceil(Math.log2(tuples.length + 1)));
  const numFields = Math.min(MAX_FIELDS, tuples[0]?.length ?? 0);
  const hashOf = (mask: number, tuple: ArrayLike<number>): number => {
    let hash = 0x811c9dc5;
    for (let field = 0; field < numFields; field++) {
      if ((mask >>> field) & 1) hash = Math.imul(hash ^ (tuple[field]! | 0), 0x85ebca6b) ^ (hash >>> 13);
    }
    return (hash ^ (hash >>> 16)) & (2 ** logBuckets - 1);
  };
  /** By mask: the last tuple of each bucket, and of each tuple the one before it in its bucket; -1 for none. */
  const chains = new Map<number, { readonly last: Int32Array; readonly before: Int32Array }>();
  const chainOf = (mask: number) => {
    let chain = chains.get(mask);
    if (chain === undefined) {
      chain = { last: new Int32Array(2 ** logBuckets).fill(-1), before: new Int32Array(tuples.length) };
      for (let i = 0; i < tuples.length; i++) {
        const bucket = hashOf(mask, tuples[i]!);
        chain.before[i] = chain.last[bucket]!;
        chain.last[bucket] = i;
      }
      chains.set(mask, chain);
    }
    return chain;
  };
  const largest: number[] = [];
  const all = numFields === 31 ? -1 >>> 1 : 2 ** numFields - 1;
  const agrees = (mask: number, a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
    for (let field = 0; field < a.length; field++) {
      const compared = field >= MAX_FIELDS ? mask === all : (mask >>> field) & 1;
      if (compared && a[field] !== b[field]) return false;
    }
    return true;
  };
  return {
    count: tuples.length,
    tuple: (index) => tuples[index]!,
    largest(field) {
      const known = largest[field] ?? tuples.reduce((most, tuple) => Math.max(most, tuple[field]!), 0);
      largest[field] = known;
      return known;
    },
    has(tuple) {
      const { last, before } = chainOf(all);
      for (let i = last[hashOf(all, tuple)]!; i >= 0; i = before[i]!) if (agrees(all, tuples[i]!, tuple)) return true;
      return false;
    },
    matching(mask, tuple, limit) {
      const { last, before } = chainOf(mask);
      const found: number[] = [];
      for (let i = last[hashOf(mask, tuple)]!; i >= 0 && found.length < limit; i = before[i]!) {
        if (agrees(mask, tuples[i]!, tuple)) found.push(i);
      }
      return found;
    },
  };
}
