/**
 * One program that uses every instruction of the machine, with edge operands, in every rounding mode: it runs the same
 * on both ways of the executor, satisfies the relation, and proves and verifies.
 */
import { describe, expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../../asm/index.ts';
import { checkExecution, explainFinding } from '../../machine/check.ts';
import { proveProgram, verifyProgram } from '../../machine/prove.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { FAST } from '../../stark/parameters.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import { run } from '../../vm/executor/run.ts';
import type { InstructionSpec } from '../../vm/isa/instruction.ts';
import { REDUCTIONS } from '../../vm/isa/xulp.ts';

const machine = ulpMachine();
const { table } = machine.instructions;

/** Integer operands: zero, one, minus one, the ends of the range, a pattern. */
const INTEGERS = [0, 1, -1, 0x7fff_ffff, -0x8000_0000, 0x1234_5678];
/** FP32 patterns: zeros, least subnormal, largest subnormal, least normal, 1, -1.5, largest, infinities, NaN quiet and signaling. */
const FLOATS = [
  0, 0x8000_0000, 1, 0x807f_ffff, 0x0080_0000, 0x3f80_0000, 0xbfc0_0000, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000,
  0x7fc0_0000, 0x7f80_0001,
];
/** Where the cases of a function change, and operands whose result is hard to round. */
const FUNCTION_EDGES: Readonly<Record<string, readonly number[]>> = {
  'fp32.tanh': [
    ...[0x3980_ffff, 0x3981_0000, 0xb981_0000, 0x3ac3_7de2, 0xbeee_0566, 0x3d80_2ac4, 0x3f00_0000, 0x40ff_ffff],
    ...[0x4100_0000, 0xc103_4c93, 0x4110_2cb3, 0x4110_2cb4],
  ],
};
const MODES = ['rne', 'rtz', 'rdn', 'rup', 'rmm', 'dyn'];
const IMMEDIATES = [0, 1, -1, 2047, -2048];
const SHIFTS = [0, 1, 15, 16, 17, 31];

const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((a, i) => [[a, list[(5 * i + 3) % list.length]!] as [T, T]]);

/** Instructions that need a setting of their own, written in `special`. */
const SPECIAL =
  /^(ecall|ebreak|ulp\.|bf16\.dot|poseidon2\.|j|fence|b(?!f16\.round)|lui|auipc|l[bhw]|s[bhw]$|flw|fsw|flh|fsh|csr|sha256|philox|bf16\.table|fp32\.(sum|squares|max))/;

/** Lines that use one instruction with many operands. Operands are in t0, t1 and ft0, ft1, ft2. */
function linesOf({ mnemonic, syntax }: InstructionSpec): string[] {
  const modes = /rm\??$/.test(syntax) ? MODES : [undefined];
  const operands = syntax.split(', ').filter((operand) => !operand.startsWith('rm'));
  const text = (imm: number | undefined, mode: string | undefined): string =>
    operands
      .map((operand) => {
        const register = { rd: 't2', rs1: 't0', rs2: 't1', fd: 'ft3', fs1: 'ft0', fs2: 'ft1', fs3: 'ft2' }[operand];
        return register ?? `${imm}`;
      })
      .concat(mode ?? [])
      .join(', ');
  const immediates = operands.includes('imm') ? IMMEDIATES : operands.includes('shamt') ? SHIFTS : [undefined];
  const isFloat = operands.some((operand) => operand.startsWith('fs'));
  const loads: string[][] = isFloat
    ? pairs(FLOATS).map(([a, b], i) => [
        `li t0, ${a}`,
        'fmv.w.x ft0, t0',
        `li t0, ${b}`,
        'fmv.w.x ft1, t0',
        `li t0, ${FLOATS[(i + 5) % FLOATS.length]}`,
        'fmv.w.x ft2, t0',
        ...(operands.includes('rs2') ? [`li t1, ${INTEGERS[i % INTEGERS.length]}`] : []),
      ])
    : pairs(INTEGERS).map(([a, b]) => [`li t0, ${a}`, `li t1, ${b}`]);
  const edges = (FUNCTION_EDGES[mnemonic] ?? []).map((word) => [`li t0, ${word}`, 'fmv.w.x ft0, t0']);
  return [...loads, ...edges].flatMap((load, i) => [
    ...load,
    ...immediates.map((imm) => `${mnemonic} ${text(imm, modes[i % modes.length])}`),
    ...(i === 0 ? modes.slice(1).map((mode) => `${mnemonic} ${text(immediates[0], mode)}`) : []),
    // The same register as both sources and as target.
    ...(i === 0 && syntax === 'rd, rs1, rs2' ? [`${mnemonic} t0, t0, t0`, `${mnemonic} zero, t0, t1`] : []),
  ]);
}

const memory = ['lb', 'lbu', 'lh', 'lhu', 'lw'].flatMap((load, i) => {
  const store = ['sb', 'sb', 'sh', 'sh', 'sw'][i]!;
  const step = [1, 1, 2, 2, 4][i]!;
  return [0, step, 8 - step].flatMap((offset) => [
    'la t0, buffer',
    'li t1, 0x89abcdef',
    `${store} t1, ${offset}(t0)`,
    `${load} t2, ${offset}(t0)`,
    `${load} zero, ${offset}(t0)`,
  ]);
});

const special = [
  ...memory,
  'la t0, buffer',
  'flw ft0, 0(t0)',
  'fsw ft0, 4(t0)',
  'lui t0, 0xfffff',
  'auipc t1, 0',
  'fence',
  ...['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'].flatMap((branch) =>
    pairs(INTEGERS).flatMap(([a, b]) => [
      `li t0, ${a}`,
      `li t1, ${b}`,
      `${branch} t0, t1, 1f`,
      'nop',
      '1:',
      `${branch} t0, t0, 1f`,
      'nop',
      '1:',
    ]),
  ),
  'jal t0, 1f',
  'nop',
  '1:',
  'la t0, 1f',
  'jalr t1, 1(t0)',
  'nop',
  '1:',
  'la t0, 1f',
  'jalr t0, 0(t0)',
  '1:',
  ...(table.byMnemonic('csrrw') !== undefined
    ? [
        'frcsr t0',
        'li t1, 0x5f',
        'fscsr t0, t1',
        'frflags t0',
        'fsflagsi 3',
        'fsrmi 2',
        'csrrs t0, fflags, t1',
        'csrrc t0, fcsr, t1',
        'csrrsi t0, frm, 1',
        'csrrci t0, frm, 1',
        'csrrwi t0, fflags, 31',
        'fsrmi 0',
        'csrr t0, 0xc00',
        'csrr t0, 0xc02',
        'csrr t0, 0xc80',
        'csrr t0, 0xc82',
      ]
    : []),
  ...(table.byMnemonic('flh') !== undefined ? ['la t0, buffer', 'flh ft0, 2(t0)', 'fsh ft0, 0(t0)'] : []),
  'ulp.hint.w t0, 4(zero)',
  'ulp.hint.hu t1, 6(zero)',
  'srli t0, t0, 16',
  'ulp.assert.eq t0, t1, "halves of a word"',
  'ulp.pub.w t0, 4(zero)',
  'li t1, 0xdeadbeef',
  'ulp.assert.eq t0, t1, "the public word"',
  'ulp.out t0, 0(zero)',
  'fmv.w.x ft0, zero',
  'li t0, 0',
  'li t1, 96',
  'li t2, 3',
  ...table.specs
    .filter(({ mnemonic }) => mnemonic.startsWith('bf16.dot.'))
    .flatMap(({ mnemonic }) => [`${mnemonic} ft0, t0, t1, t2`, `${mnemonic} ft0, t0, t1, zero`]),
  // AMX on operands without subnormals: two tile instructions of 32 elements; one of 16 onto a subnormal, and onto a NaN.
  ...['fmv.w.x ft0, zero', 'li t0, 192', 'li t1, 192', 'li t2, 4', 'bf16.dot.amx ft0, t0, t1, t2', 'li t2, 1'],
  ...[1, 0x7f81_2345].flatMap((word) => [`li a0, ${word}`, 'fmv.w.x ft0, a0', 'bf16.dot.amx ft0, t0, t1, t2']),
  ...[0, 1, 2, 3, 4, 5, 6].map((id) => `bf16.table ft1, ft2, ${id}`),
  // Hardest and special operands of the logarithm, an exact root, and the ends of the subnormals.
  ...[
    0x3f7f_fffe, 0x3f7f_ffff, 0x3f80_0001, 0x65d8_90d3, 0x4c5d_65a5, 0x3f7f_fff4, 0x3f80_0006, 0x4080_0000, 0x7fff,
  ].flatMap((word) => [`li t0, ${word}`, 'fmv.w.x ft0, t0', 'fp32.log ft1, ft0', 'fp32.rsqrt ft1, ft0']),
  'la a0, state',
  'la a1, block',
  'sha256.compress a0, a1',
  'philox a0, a1',
  'bf16.table ft1, ft0, 2',
  // Reductions of no words, of part of a block, of a warp and a word, of two trees with edge operands.
  'la a0, floats',
  ...FLOATS.flatMap((word, i) => [`li t0, ${word}`, `sw t0, ${4 * (i + 20)}(a0)`]),
  ...['hint', 'ram'].flatMap((source) =>
    Object.keys(REDUCTIONS).flatMap((reduction) =>
      [0, 1, 12, 33, 40].flatMap((count, i) => [
        `li t0, ${FLOATS[(3 * i + 10) % FLOATS.length]}`,
        'fmv.w.x ft0, t0',
        source === 'ram' ? 'la t0, floats' : 'li t0, 32',
        `li t1, ${count}`,
        `fp32.${reduction}.${source} ft0, t0, t1`,
      ]),
    ),
  ),
  'la a0, digest',
  'li a1, 0',
  'li a2, 2',
  'poseidon2.sponge a0, a1, a2',
  'li a1, 5',
  'li a2, 3',
  'poseidon2.merkle a0, a1, a2',
];

const ordinary = table.specs.filter(({ mnemonic }) => !SPECIAL.test(mnemonic));
const text = [
  '.section .bss',
  '.balign 4',
  'buffer: .space 16',
  'digest: .space 36',
  'state: .space 32',
  'block: .space 64',
  'floats: .space 160',
  '.text',
  '.globl _start',
  '_start:',
  ...ordinary.flatMap(linesOf),
  ...special,
  'li a0, 0',
  'li a7, 93',
  'ecall',
].join('\n');

function build() {
  const { elf, diagnostics } = assemble({ path: 'every.s', text: `${text}\n` }, { table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

const input = {
  publicInput: Uint32Array.of(1, 0xdead_beef),
  // Six blocks: ordinary numbers, zeros, subnormals, an infinity. Four without subnormals.
  hints: Uint16Array.from(
    { length: 160 },
    (_, i) => [0x3f80, 0xc0a1, 0, 0x8000, i < 96 ? 0x0001 : 0xbf10, 0x42ff, i === 90 ? 0x7f80 : 0x3e00][i % 7]!,
  ),
  advice: Uint32Array.from({ length: 2 * 4 + 3 * 9 }, (_, i) => 1000 + i),
};

describe('a program that uses every instruction', () => {
  const program = build();
  const recorded = run(program, input, { record: machine.recorded });

  test('uses every instruction but ebreak, which always traps', () => {
    const used = new Set(program.rows.map((row) => row?.instruction.spec.mnemonic));
    const unused = table.specs.map(({ mnemonic }) => mnemonic).filter((mnemonic) => !used.has(mnemonic));
    expect(unused).toEqual(['ebreak']);
  });

  test('halts, with the same state on both ways of the executor', () => {
    const fast = run(program, input);
    expect(fast).toMatchObject({ kind: 'halted', exitCode: 0 });
    expect(recorded).toMatchObject({ kind: 'halted', exitCode: 0, cycles: fast.cycles });
    expect(recorded.machine.registers).toEqual(fast.machine.registers);
  });

  test('satisfies the relation', () => {
    if (recorded.kind !== 'halted') throw new Error(`${recorded.trap.cause}: ${recorded.trap.detail}`);
    const findings = checkExecution(machine, program, recorded.execution!);
    expect(findings.map((finding) => explainFinding(finding))).toEqual([]);
  });

  test('proves and verifies', async () => {
    const proven = await proveProgram(machine, program, input, { parameters: FAST });
    if (!proven.ok) throw new Error(proven.trap.cause);
    const values = { publicInput: input.publicInput, publicOutput: proven.publicOutput, exitCode: 0 };
    expect(verifyProgram(machine, program, values, proven.proof)).toMatchObject({ ok: true });
    const other = { ...values, publicOutput: Uint32Array.of(0) };
    expect(verifyProgram(machine, program, other, proven.proof)).toMatchObject({ ok: false });
  }, 120_000);
});
