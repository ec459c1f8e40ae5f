// Compiles the AssemblyScript kernels to dist/stark/kernels/kernels.wasm and copies the worker beside them.
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
mkdirSync('dist/stark/kernels', { recursive: true });

const { error, stderr } = await asc.main([
  'stark/kernels/assembly/index.ts',
  ...['--outFile', 'dist/stark/kernels/kernels.wasm'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...['--runtime', 'stub', '--noAssert', '-O3'],
]);
process.stderr.write(stderr.toString());
if (error) {
  console.error(error.message);
  process.exit(1);
}
copyFileSync('stark/kernels/worker.mjs', 'dist/stark/kernels/worker.mjs');
