import { defineConfig } from 'vitest/config';

/** The default suite: everything that runs within three minutes with Node alone. */
export default defineConfig({
  // The package's own entries, from source: examples import what a user imports.
  resolve: { alias: [{ find: /^ulpvm\/(\w+)$/, replacement: `${import.meta.dirname}/$1/index.ts` }] },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.slow.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
