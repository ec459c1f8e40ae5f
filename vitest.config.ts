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
    // Files share the modules of a worker: no test changes what another one sees, and the machine is composed twice, not 200 times.
    isolate: false,
  },
});
