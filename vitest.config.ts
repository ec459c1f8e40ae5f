import { defineConfig } from 'vitest/config';

/** The default suite: everything that runs within three minutes with Node alone. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.slow.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
