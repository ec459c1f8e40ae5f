/**
 * RAM that can be looked at while an instruction runs and that keeps earlier states cheaply: a state shares its pages
 * with the ones before it, and a page is copied on the first write after a state was kept.
 */
import { LOG_PAGE_WORDS, Ram } from '../executor/ram.ts';

/** Told of every access of a word; `before` and `after` are u32. */
export interface RamObserver {
  read(word: number, value: number): void;
  write(word: number, before: number, after: number): void;
}

/** The pages of one moment; nobody writes to them again. */
export type RamState = readonly Uint32Array[];

export class ObservedRam extends Ram {
  observer: RamObserver | undefined = undefined;
  /** By page: 1 if no kept state has it. */
  private readonly owned: Uint8Array;

  /** Takes the pages over: `ram` may not be used afterwards. */
  constructor(ram: Ram) {
    super();
    this.owned = new Uint8Array(this.pages.length);
    this.restore(ram.pages);
  }

  override read(word: number): number {
    const value = super.read(word);
    this.observer?.read(word, value);
    return value;
  }

  override write(word: number, value: number): void {
    this.observer?.write(word, super.read(word), value >>> 0);
    super.write(word, value);
  }

  override writablePage(word: number): Uint32Array {
    const index = word >>> LOG_PAGE_WORDS;
    if (this.owned[index] === 0) {
      this.owned[index] = 1;
      this.pages[index] = this.pages[index]!.slice();
    }
    return this.pages[index]!;
  }

  /** The word, without telling the observer. */
  peek(word: number): number {
    return super.read(word);
  }

  keep(): RamState {
    this.owned.fill(0);
    return this.pages.slice();
  }

  restore(state: RamState): void {
    this.owned.fill(0);
    state.forEach((page, i) => {
      this.pages[i] = page;
    });
  }
}
