/** Collects diagnostics. One of a kind for one place: a line repeated by `.rept` reports its error once. */

import { type Diagnostic, DiagnosticError } from './diagnostic.ts';
import type { Source } from './source.ts';

/** After so many, nobody reads the next. */
const MAX_DIAGNOSTICS = 1000;

export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private readonly places = new WeakMap<Source, Set<string>>();

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === 'error');
  }

  add(diagnostic: Diagnostic): void {
    const { code, span } = diagnostic;
    const places = this.places.get(span.source) ?? new Set();
    this.places.set(span.source, places);
    const key = `${code} ${span.start}`;
    if (places.has(key) || this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    places.add(key);
    this.diagnostics.push(diagnostic);
  }

  /** Runs one step and collects its diagnostic; the result is then undefined. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.add(error.diagnostic);
      return undefined;
    }
  }
}
