import { loadMu, loadP, mulMont } from './field';
export function test(a: usize): void {
  v128.store(a, mulMont(v128.load(a), v128.load(a + 16), loadP(), loadMu()));
}
