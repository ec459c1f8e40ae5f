import { defineConfig } from 'vitest/config';

/** The slow suite: exhaustive searches, long differential runs, large proofs. */
export default defineConfig({
  test: {
    include: ['**/*.slow.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: 3_600_000,
    maxWorkers: 2,
  },
});
