import * as F from '../field/koala-bear.ts';
import type { Felt } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Backend } from '../kernels/backend.ts';
import type { Tree } from '../kernels/commit.ts';
import { allocMatrix, type Lde, words } from '../kernels/matrix.ts';
import type { CommitmentShape, OpenedColumn, OpenedValues } from '../layout.ts';
import { cosetShift, domainPoint } from '../poly/domain.ts';
import type { Shape } from '../shape.ts';
import { addRow, deepBatch, deepValue, matrixKey } from '../verifier/deep.ts';

export interface Committed {
  readonly name: CommitmentShape['name'];
  readonly tree: Tree;
  readonly ldes: ReadonlyMap<string, Lde>;
}

export async function openColumns(backend: Backend, shape: Shape, trees: readonly Committed[], columns: readonly OpenedColumn[], z: Ext): Promise<OpenedValues> {
  const at = (lde: Lde, column: OpenedColumn, point: Ext): Ext => {
    const n = lde.height; const log = Math.log2(n);
    const cells = words(backend.arena, lde);
    const xs = Array.from({ length: n }, (_, i) => domainPoint(log, Math.log2(lde.blowup), i));
    const inv = K.batchInverse(xs.map((x) => K.sub(point, K.fromBase(x))));
    let total: Ext = K.ZERO;
    for (let j = column.width - 1; j >= 0; j--) {
      let sum: Ext = K.ZERO;
      for (let i = 0; i < n; i++) sum = K.add(sum, K.mulBase(inv[i]!, F.mul(xs[i]!, cells[i * lde.stride + column.column + j]! as Felt)));
      total = K.add(K.mul(total, K.X), sum);
    }
    const sn = F.pow(cosetShift(log), n);
    const scale = K.mulBase(K.sub(K.pow(point, n), K.fromBase(sn)), F.inverse(F.mul(sn, F.felt(n))));
    return K.mul(total, scale);
  };
  const find = (c: OpenedColumn): Lde => trees.find((t) => t.name === c.commitment)!.ldes.get(c.matrix)!;
  const point = (l: Lde): Ext => K.pow(z, 2 ** shape.logHeight / l.height);
  return {
    local: columns.map((c) => at(find(c), c, point(find(c)))),
    next: columns.map((c) => c.next ? at(find(c), c, K.mulBase(point(find(c)), F.rootOfUnity(Math.log2(find(c).height)))) : undefined),
  };
}

export interface Codeword { readonly values: Ext[]; readonly logHeight: number; readonly logBlowup: number }

export async function batchColumns(o: { backend: Backend; shape: Shape; trees: readonly Committed[]; columns: readonly OpenedColumn[]; values: OpenedValues; gammas: readonly Ext[]; mask: Lde; z: Ext; zNext: Ext }): Promise<Codeword> {
  const batch = deepBatch(o.columns, o.values, o.gammas);
  const { logHeight, parameters: { logBlowup } } = o.shape;
  const size = 2 ** (logHeight + logBlowup);
  const values: Ext[] = [];
  for (let i = 0; i < size; i++) {
    let sums = { local: K.ZERO, both: K.ZERO };
    for (const t of o.trees) for (const [name, lde] of t.ldes) {
      const row = Math.floor(i / (size / (lde.height * lde.blowup)));
      sums = addRow(sums, o.backend.arena.u32(lde.address + 4 * lde.stride * row, lde.width), name === 'mask codeword' ? [] : batch.columns.get(matrixKey(t.name, name)) ?? []);
    }
    const m = K.ext(o.backend.arena.u32(o.mask.address + 4 * o.mask.stride * i, 5));
    values.push(deepValue(batch, sums, m, domainPoint(logHeight, logBlowup, i), o.z, o.zNext));
  }
  return { values, logHeight, logBlowup };
}

export async function commitCodeword(backend: Backend, c: Codeword, logArity: number): Promise<Tree> {
  const rows = c.values.length / 2 ** logArity;
  const m = allocMatrix(backend.arena, rows, 5 * 2 ** logArity);
  words(backend.arena, m).set(c.values.flat().reduce<number[]>((a, v, i) => { a[Math.floor(i / m.width) * m.stride + (i % m.width)] = v; return a; }, new Array(rows * m.stride).fill(0)));
  return backend.commitMatrices([{ ...m, blowup: 1 }], null, 'fri-leaf');
}

export function foldGroupReference(values: readonly Ext[], first: Felt, beta: Ext): Ext {
  let v = [...values]; let x = first; let b = beta;
  let log = Math.log2(values.length);
  while (v.length > 1) {
    const w = F.rootOfUnity(log);
    const out: Ext[] = [];
    for (let i = 0; i < v.length / 2; i++) {
      let rev = 0; for (let k = 0; k < log - 1; k++) if (i & (1 << k)) rev |= 1 << (log - 2 - k);
      const xi = F.mul(x, F.pow(w, rev));
      const [p, n] = [v[2 * i]!, v[2 * i + 1]!];
      const half = F.inverse(F.felt(2));
      const even = K.mulBase(K.add(p, n), half);
      const odd = K.mulBase(K.sub(p, n), F.mul(half, F.inverse(xi)));
      out.push(K.add(even, K.mul(b, odd)));
    }
    v = out; x = F.mul(x, x); b = K.mul(b, b); log -= 1;
  }
  return v[0]!;
}

export async function foldCodeword(_: Backend, c: Codeword, logArity: number, beta: Ext): Promise<Codeword> {
  const n = 2 ** logArity;
  return { logHeight: c.logHeight - logArity, logBlowup: c.logBlowup, values: Array.from({ length: c.values.length / n }, (_, i) => foldGroupReference(c.values.slice(n * i, n * i + n), domainPoint(c.logHeight, c.logBlowup, n * i), beta)) };
}

export function finalPolynomial(_: Backend, c: Codeword): Ext[] {
  const n = 2 ** c.logHeight;
  // interpolate on block 0: coset s*<w_n> bit-reversed, naive
  const xs = Array.from({ length: n }, (_, i) => domainPoint(c.logHeight, c.logBlowup, i));
  const s = cosetShift(c.logHeight);
  return Array.from({ length: n }, (_, k) => {
    let sum: Ext = K.ZERO;
    for (let i = 0; i < n; i++) sum = K.add(sum, K.mulBase(c.values[i]!, F.pow(F.inverse(F.mul(xs[i]!, F.inverse(s))), k)));
    return K.mulBase(sum, F.mul(F.inverse(F.felt(n)), F.pow(F.inverse(s), k)));
  });
}
