/**
 * The twiddle tables of the transforms, made when first needed and kept while their memory is. A table for a large size
 * serves all smaller ones: only the largest of a kind is used. Layout: `assembly/twiddles.ts`.
 */
import type { Arena, Table } from './memory.ts';
import type { Job, Pool } from './pool.ts';

const PAIR_BYTES = 8;

/** The tables of the cosets, `bytes` apart. */
export interface CosetTables {
  readonly address: number;
  readonly bytes: number;
}

export interface Twiddles {
  /** The address of the inverse table for transforms of 2^logSize points. */
  inverse(logSize: number): Promise<number>;
  /** For the extension by 2^logBlowup of heights up to 2^logHeight. */
  cosets(logHeight: number, logBlowup: number): Promise<CosetTables>;
}

export function createTwiddles(arena: Arena, pool: Pool): Twiddles {
  async function table(key: string, log: number, bytes: number, jobs: (address: number) => Job[]): Promise<Table> {
    const known = arena.recall(key);
    if (known !== undefined && known.log >= log) return known;
    const made = { address: arena.alloc(bytes), log };
    await pool.run(jobs(made.address));
    arena.remember(key, made);
    return made;
  }

  return {
    async inverse(logSize) {
      const log = logSize - 1;
      const jobs = (address: number) => [{ kernel: 'inverseTwiddles', args: [address, log] }];
      return (await table('inverse twiddles', log, PAIR_BYTES * 2 ** log, jobs)).address;
    },

    async cosets(logHeight, logBlowup) {
      const bytes = PAIR_BYTES * 2 ** logHeight;
      const blowup = 2 ** logBlowup;
      const { address, log } = await table(`twiddles of blowup ${blowup}`, logHeight, blowup * bytes, (address) =>
        Array.from({ length: blowup }, (_, coset) => ({
          kernel: 'cosetTwiddles',
          args: [address + coset * bytes, logHeight, logBlowup, coset],
        })),
      );
      return { address, bytes: PAIR_BYTES * 2 ** log };
    },
  };
}
