/**
 * `npm run bench:chips`: what writing a row of each chip's trace costs beside committing to it, in nanoseconds of CPU time
 * on one thread. A program uses every instruction in a loop; each table is filled (cells and multiplicities of what it
 * sends); its main columns, and as many as it has auxiliary ones, are extended by 4 and hashed. Least of five runs after
 * two. Fixed tables take no witness.
 *
 *     npm run bench:chips -- 4000               iterations of the loop, the least number of rows of most chips
 *     npm run bench:chips -- 4000 philox,add    these chips alone
 */
import { assemble, readElf, renderAll } from '../asm/index.ts';
import { tableText } from '../cli/table.ts';
import { providersOf } from '../machine/machine.ts';
import { ulpMachine } from '../machine/relation.ts';
import { tableFiller, witnessOf } from '../machine/witness.ts';
import { dotBf16 } from '../precompiles/bf16-dot-call/semantics.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { type Matrix, words } from '../stark/kernels/matrix.ts';
import { FAST, numBlindingRows } from '../stark/parameters.ts';
import type { MainTable } from '../stark/prover/witness.ts';
import { lookupsOf } from '../stark/shape.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import { REDUCTIONS } from '../vm/isa/xulp.ts';
import { environment } from './environment.ts';

const iterations = Number(process.argv[2] ?? 2000);
const only = process.argv[3]?.split(',');
const BLOWUP = 4;
const HINT_BLOCKS = 12;
const MACS = 10_000_000;
const MODEL_BLOCKS = 256;

const machine = ulpMachine();
const { table } = machine.instructions;

/** Instructions whose operands are no plain registers; they stand in `addressed`. */
const ADDRESSED =
  /^(e|ulp\.|bf16\.(dot|table)|poseidon2|sha256|philox|j|b(eq|ne|lt|ge)|auipc|lui|fence|[lsf]+[bhw]u?$|csr|fp32\.(sum|sq|max))/;

const plain = table.specs
  .filter(({ mnemonic }) => !ADDRESSED.test(mnemonic))
  .map(({ mnemonic, syntax }) => {
    const operands: Readonly<Record<string, string>> = {
      ...{ rd: 't2', rs1: 't0', rs2: 't1', imm: '77', uimm: '77', shamt: '5' },
      ...{ fd: 'ft3', fs1: 'ft0', fs2: 'ft1', fs3: 'ft2', 'rm?': 'rne', rm: 'rne' },
    };
    return `${mnemonic} ${syntax
      .split(', ')
      .map((operand) => operands[operand] ?? operand)
      .join(', ')}`;
  });

const dots = table.specs.map(({ mnemonic }) => mnemonic).filter((mnemonic) => mnemonic.startsWith('bf16.dot.'));
const addressed = [
  'la a0, words',
  ...['sw', 'sh', 'sb'].map((store) => `${store} t0, 4(a0)`),
  ...['lw', 'lh', 'lb'].map((load) => `${load} t2, 4(a0)`),
  'beq t0, t1, 1f',
  '1:',
  'jal t2, 1f',
  '1:',
  'la t2, 1f',
  'jalr t2, 0(t2)',
  '1:',
  'csrrs t2, fflags, zero',
  'csrr t2, cycle',
  'ulp.hint.w t2, 4(zero)',
  'ulp.pub.w t2, 0(zero)',
  'ulp.assert.eq t0, t0, 1',
  'ulp.out t0, 0(s5)',
  'addi s5, s5, 4',
  'li a2, 2',
  // Rows and columns of ordinary numbers; those of `fma` and `amx` have a product for each of their rows.
  ...dots.flatMap((mnemonic) => ['fmv.w.x ft4, zero', 'li a3, 0', 'li a4, 128', `${mnemonic} ft4, a3, a4, a2`]),
  // A tile: both rows by both columns.
  ...[0, 64].flatMap((a) =>
    [128, 192].flatMap((b) => ['fmv.w.x ft4, zero', `li a3, ${a}`, `li a4, ${b}`, 'bf16.dot.hopper ft4, a3, a4, a2']),
  ),
  // An infinity, a subnormal.
  ...dots.flatMap((mnemonic) => ['fmv.w.x ft4, zero', 'li a3, 256', 'li a4, 0', `${mnemonic} ft4, a3, a4, a2`]),
  ...[0, 1, 2, 3, 4, 5, 6].map((id) => `bf16.table ft4, ft0, ${id}`),
  'la a1, block',
  'sha256.compress a0, a1',
  'philox a0, a1',
  'la a0, floats',
  'li a1, 32',
  ...['hint', 'ram'].flatMap((source) =>
    Object.keys(REDUCTIONS).flatMap((reduction) => [
      'fmv.w.x ft4, zero',
      source === 'ram' ? 'la t2, floats' : 'li t2, 0',
      `fp32.${reduction}.${source} ft4, t2, a1`,
    ]),
  ),
  // Special operands of what has a chip of its own for them.
  'li t2, 0x7f800000',
  'fmv.w.x ft4, t2',
  ...['exp', 'log', 'tanh'].map((name) => `fp32.${name} ft3, ft4`),
  'fadd.s ft3, ft4, ft0',
  'fmul.s ft3, ft4, ft0',
  'li t2, 0x00012345',
  'fmv.w.x ft4, t2',
  'fp32.log ft3, ft4',
  'la a0, digest',
  'li a1, 0',
  'li a2, 1',
  'poseidon2.sponge a0, a1, a2',
  'li a2, 1',
  'poseidon2.merkle a0, a1, a2',
];

const text = `
        .section .bss
        .balign 4
words:  .space 64
digest: .space 36
block:  .space 64
floats: .space 128
        .text
        .globl _start
_start: li s0, ${iterations}
        li s1, 12345
        li s2, 1664525
        li s3, 1013904223
        li s4, 0x01ffffff
        li s5, 0
        li s6, 0x3f000000
loop:   mul s1, s1, s2          # operands of ordinary size, from a linear congruential generator
        add s1, s1, s3
        mv t0, s1
        and t2, s1, s4
        xor t2, t2, s6
        fmv.w.x ft0, t2
        mul s1, s1, s2
        add s1, s1, s3
        mv t1, s1
        and t2, s1, s4
        xor t2, t2, s6
        fmv.w.x ft1, t2
        fmv.w.x ft2, t2
${[...plain, ...addressed].map((line) => `        ${line}`).join('\n')}
        addi s0, s0, -1
        beqz s0, done
        j loop
done:   li a0, 0
        li a7, 93
        ecall
`;

const { elf, diagnostics } = assemble({ path: 'chips.s', text }, { table });
if (elf === undefined) throw new Error(renderAll(diagnostics));
const program = loadProgram(readElf(elf), machine.instructions);
const hints = Uint16Array.from({ length: 16 * HINT_BLOCKS }, (_, i) => 0x3f00 + ((i * 37) & 0xff));
hints[16 * 8 + 3] = 0x7f80;
hints[16 * 9 + 3] = 0x0001;
const advice = new Uint32Array(iterations * (4 + 9));
const result = run(program, { publicInput: Uint32Array.of(7), hints, advice }, { record: machine.recorded });
if (result.kind === 'trapped') throw new Error(`${result.trap.cause}: ${result.trap.detail} at ${result.trap.pc}`);
const execution = result.execution!;

/** Two rows of ordinary numbers. */
const operands = Uint16Array.from({ length: 2 * 16 * MODEL_BLOCKS }, (_, i) => {
  const mixed = Math.imul(i + 1, 0x9e37_79b1) >>> 0;
  return ((mixed >>> 16) & 0x807f) | ((123 + ((mixed >>> 9) & 7)) << 7);
});

const backend = createBackend({ threads: 1 });
const { logHeights } = witnessOf(machine, program, execution, FAST);
const matrices = new Map<string, Matrix>();
const tables = new Map<string, MainTable>();
function allocate(name: string, logHeight: number): void {
  const main = backend.allocMatrix(2 ** logHeight, machine.chips.get(name)!.air.main.length);
  const cells = words(backend.arena, main).fill(0);
  matrices.set(name, main);
  tables.set(name, { cells, stride: main.stride, rows: main.height - numBlindingRows(FAST) });
}
// Those that count what others send stay; each other one has its cells while it is measured.
const answers = (name: string): boolean => name === 'program' || providersOf(machine.chips.get(name)!).length > 0;
for (const [name, logHeight] of logHeights) if (answers(name)) allocate(name, logHeight);
const lookups = new Map(machine.relation.airs.map(({ name }, i) => [name, lookupsOf(machine.relation).tables[i]!]));
const fill = tableFiller(machine, program, execution, tables);

/** Milliseconds of CPU time. */
async function time(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 7; i++) {
    const mark = backend.arena.mark();
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    if (i >= 2) least = Math.min(least, (user + system) / 1000);
    backend.arena.release(mark);
  }
  return least;
}

const where = environment('bench:chips');
console.log(`${where.machine}, Node ${where.node}, commit ${where.commit}, ${iterations} iterations\n`);
for (const model of ['hopper', 'ampere', 'blackwell', 'fma', 'amx'] as const) {
  const ms = await time(() => {
    for (let done = 0; done < MACS; done += MODEL_BLOCKS * 16) {
      dotBf16(model, 0, operands, 0, operands, operands.length / 2, MODEL_BLOCKS);
    }
  });
  console.log(`10^7 MACs executed, ${model}: ${ms.toFixed(0)} ms`);
}

const lines: string[][] = [];
for (const [name, logHeight] of logHeights) {
  const chip = machine.chips.get(name)!;
  if ('provider' in chip || only?.includes(name) === false) continue;
  const mark = backend.arena.mark();
  if (!answers(name)) allocate(name, logHeight);
  const main = matrices.get(name)!;
  const rows = chip.air.known.length > 0 ? main.height : chip.rows(execution);
  const trace = (1e6 * (await time(() => fill(name)))) / rows;
  const aux = backend.allocMatrix(main.height, lookups.get(name)!.auxWidth);
  const commit = async () => {
    const extended = await backend.ldeAll(
      [main, aux].filter(({ width }) => width > 0),
      BLOWUP,
    );
    for (const lde of extended) await backend.commitMatrices([lde], { seed: new Uint8Array(32), stream: 0 });
  };
  const committed = (1e6 * (await time(commit))) / main.height;
  const cells = chip.air.main.length + aux.width;
  lines.push([name, `${rows}`, `${cells}`, trace.toFixed(0), committed.toFixed(0), (trace / committed).toFixed(2)]);
  console.error(lines.at(-1)!.join('  '));
  backend.arena.release(mark);
}
console.log(tableText(['chip', 'rows', 'cells', 'trace ns/row', 'commit ns/row', 'trace/commit'], lines));
const unused = [...machine.chips].filter(([name, chip]) => !('provider' in chip) && !logHeights.has(name));
if (unused.length > 0) console.log(`\nnot measured: ${unused.map(([name]) => name).join(', ')}`);
await backend.close();
