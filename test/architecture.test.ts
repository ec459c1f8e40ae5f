/** The layers and the arrows between them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** layer -> layers it may import. A file belongs to the longest matching prefix. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  stark: [],
  'vm/isa': [],
  asm: ['vm/isa'],
  vm: ['vm/isa', 'stark'],
  precompiles: ['vm', 'vm/isa', 'stark'],
  model: ['precompiles'],
  machine: ['vm', 'vm/isa', 'precompiles', 'stark'],
  kit: ['machine', 'vm', 'vm/isa', 'stark'],
  loader: [],
  protocol: ['model', 'machine', 'vm', 'vm/isa', 'asm', 'stark', 'precompiles'],
  cli: ['kit', 'loader', 'protocol', 'model', 'machine', 'precompiles', 'vm', 'vm/isa', 'asm', 'stark'],
  bench: ['cli', 'protocol', 'model', 'machine', 'precompiles', 'vm', 'vm/isa', 'asm', 'stark'],
};

const LAYERS = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const layerOf = (file: string): string | undefined =>
  LAYERS.find((layer) => file === `${layer}.ts` || file.startsWith(`${layer}/`));

const sources = LAYERS.filter((layer) => !layer.includes('/') && existsSync(join(ROOT, layer)))
  .flatMap((layer) => readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' }).map((f) => join(layer, f)))
  .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file) && !file.includes('kernels/assembly'));

const imports = (file: string): string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const targets = [...text.matchAll(/(?:from|import) '(\.[^']+)'/g)].map((match) => match[1]!);
  return targets.map((target) => relative(ROOT, join(ROOT, dirname(file), target)));
};

test('every file imports only what its layer may', () => {
  const illegal = sources.flatMap((file) => {
    const layer = layerOf(file)!;
    return imports(file)
      .filter((target) => {
        const other = layerOf(target);
        return other === undefined || (other !== layer && !MAY_IMPORT[layer]!.includes(other));
      })
      .map((target) => `${file} -> ${target}`);
  });
  expect(illegal).toEqual([]);
});

test('the model uses the semantics of precompiles and nothing else of them', () => {
  const used = sources.filter((file) => file.startsWith('model/')).flatMap(imports);
  expect(used.filter((target) => target.startsWith('precompiles/') && !target.endsWith('semantics.ts'))).toEqual([]);
});

test('an air knows neither semantics nor execution nor trace', () => {
  const illegal = sources
    .filter((file) => file.endsWith('/air.ts'))
    .flatMap((file) => imports(file).map((target) => `${file} -> ${target}`))
    .filter((arrow) => /-> .*(semantics|trace|execut)/.test(arrow));
  expect(illegal).toEqual([]);
});

test('the verifier needs nothing of the prover, of Node or of WebAssembly', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, name] of text.matchAll(/^import (?!type).*from '([^.'][^']*)'/gm)) packages.add(name!);
    const values = text.matchAll(/^(?:import|export) (?!type)[^;]*?from '(\.[^']+)'/gms);
    for (const [, target] of values) visit(relative(ROOT, join(ROOT, dirname(file), target!)));
  };
  visit('stark/verifier/verify.ts');
  expect([...packages].filter((name) => !name.startsWith('@noble/'))).toEqual([]);
  expect([...seen].filter((file) => /stark\/(kernels|prover)\//.test(file))).toEqual([]);
});
