/**
 * RAM as pages of u32 words, allocated on the first write, with the time of the last access of every word beside it.
 * A word address is byte address / 4, in [0, RAM_END / 4). Which of them are mapped is the business of the program.
 */
import { RAM_END } from '../space.ts';

export const LOG_PAGE_WORDS = 14;
export const PAGE_WORDS = 2 ** LOG_PAGE_WORDS;
const NUM_PAGES = RAM_END / 4 / PAGE_WORDS;
/** Stands for every page that was never written, in all machines: never written itself. */
const ZERO_PAGE = new Uint32Array(PAGE_WORDS);

export class Ram {
  readonly pages: Uint32Array[] = new Array<Uint32Array>(NUM_PAGES).fill(ZERO_PAGE);
  readonly clkPages: Uint32Array[] = new Array<Uint32Array>(NUM_PAGES).fill(ZERO_PAGE);

  read(word: number): number {
    return this.pages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
  }

  write(word: number, value: number): void {
    this.writablePage(word)[word & (PAGE_WORDS - 1)] = value;
  }

  /** The page of a word, for writing. */
  writablePage(word: number): Uint32Array {
    return own(this.pages, word >>> LOG_PAGE_WORDS);
  }

  /** Time of the last access, 0 if none. */
  clk(word: number): number {
    return this.clkPages[word >>> LOG_PAGE_WORDS]![word & (PAGE_WORDS - 1)]!;
  }

  /** Marks an access at time `now` and returns the time of the one before, 0 if none. */
  touch(word: number, now: number): number {
    const page = own(this.clkPages, word >>> LOG_PAGE_WORDS);
    const before = page[word & (PAGE_WORDS - 1)]!;
    page[word & (PAGE_WORDS - 1)] = now;
    return before;
  }

  /** Calls `visit` with every word address from `first` on that was touched, ascending. */
  forEachTouched(first: number, visit: (word: number) => void): void {
    for (let p = first >>> LOG_PAGE_WORDS; p < NUM_PAGES; p++) {
      const page = this.clkPages[p]!;
      if (page === ZERO_PAGE) continue;
      const base = p << LOG_PAGE_WORDS;
      for (let i = Math.max(0, first - base); i < PAGE_WORDS; i++) if (page[i] !== 0) visit(base + i);
    }
  }
}

function own(pages: Uint32Array[], index: number): Uint32Array {
  const page = pages[index]!;
  if (page !== ZERO_PAGE) return page;
  const fresh = new Uint32Array(PAGE_WORDS);
  pages[index] = fresh;
  return fresh;
}
