// Compiles the AssemblyScript kernels to dist/stark/kernels/kernels.wasm and copies the modules that
// are JavaScript from the start: the kernels' worker and the hooks of the TypeScript loader.
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { compressionSource } from './generate-compression.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
mkdirSync('dist/stark/kernels', { recursive: true });
writeFileSync('stark/kernels/assembly/compression.ts', compressionSource());

// Built aside and renamed, so that nobody ever loads half a module.
const output = `dist/stark/kernels/kernels-${process.pid}.wasm`;
const { error, stderr } = await asc.main([
  'stark/kernels/assembly/index.ts',
  ...['--outFile', output],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...['--runtime', 'stub', '--noAssert', '-O3'],
  // 201: usize is 32 bits here. 112: functions over v128 are not exported from the index.
  ...['--disableWarning', '201', '--disableWarning', '112'],
]);
process.stderr.write(stderr.toString());
if (error) {
  console.error(error.message);
  process.exit(1);
}
renameSync(output, 'dist/stark/kernels/kernels.wasm');
copyFileSync('stark/kernels/worker.mjs', 'dist/stark/kernels/worker.mjs');
mkdirSync('dist/loader', { recursive: true });
copyFileSync('loader/hooks.mjs', 'dist/loader/hooks.mjs');
