/**
 * Random programs in this project's executor and in an emulator nobody here wrote.
 *
 * `SEED=<seed>` repeats one program; `UPDATE=1` writes `qemu.vectors.json`, the subset that runs without the emulator.
 */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ulpMachine } from '../../machine/relation.ts';
import { defineInstructionSet, type Instruction } from '../../vm/executor/instruction.ts';
import type { InstructionSpec } from '../../vm/isa/instruction.ts';
import { KNOWN_INSTRUCTIONS } from '../../vm/isa/known.ts';
import { M } from '../../vm/isa/m.ts';
import { RV32I } from '../../vm/isa/rv32i.ts';
import { defineTable } from '../../vm/isa/table.ts';
import { seeded } from '../support/random.ts';
import { randomProgram, testedMnemonics } from './generate.ts';
import { assembled, difference, outputOf, outputOfQemu, QEMU, qemuVersion } from './machines.ts';

const PROGRAMS = 60;
const INSTRUCTIONS = 2000;

/** Programs that are stored: one a family, so that each runs as soon as the machine has its instructions. */
const STORED: Readonly<Record<string, RegExp>> = {
  integer: /^(?!f|csr)|^fence$/,
  'csr and moves': /^csr|^f[ls]w$|^fmv\.(?:x\.w|w\.x)$/,
  'sign, class and compare': /^f(?:sgnj|class|eq|lt|le|min|max)/,
  'add, subtract and multiply': /^f(?:add|sub|mul)/,
  'divide and square root': /^f(?:div|sqrt)/,
  'fused multiply and add': /^fn?m(?:add|sub)/,
  'conversions of integers': /^fcvt\.(?:wu?\.s|s\.wu?)$/,
  halfwords: /^(?:flh|fsh|fmv\.x\.h|fmv\.h\.x)$/,
};

const { instructions, recorded } = ulpMachine();
const version = qemuVersion();

test.skipIf(version === undefined)(
  `${PROGRAMS * INSTRUCTIONS} random instructions do the same in qemu-riscv32 (skipped without qemu-user)`,
  () => {
    const first = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    const programs = process.env['SEED'] === undefined ? PROGRAMS : 1;
    console.log(`seeds ${first}..${first + programs - 1}, ${testedMnemonics(instructions.table).join(' ')}`);
    for (let seed = first; seed < first + programs; seed++) {
      const text = randomProgram(seeded(seed), { table: instructions.table, numInstructions: INSTRUCTIONS });
      const elf = assembled(text, instructions);
      // Both ways of running: fast, and through the chips.
      const ours = outputOf(elf, instructions, seed % 2 === 0 ? undefined : recorded);
      expect(difference(text, ours, outputOfQemu(elf)), `seed ${seed}`).toBeUndefined();
    }
  },
);

test.skipIf(version === undefined || process.env['UPDATE'] !== '1')('the stored programs are written', () => {
  const pack = (data: string | Uint8Array): string => gzipSync(data, { level: 9 }).toString('base64');
  const known = defineInstructionSet(KNOWN_INSTRUCTIONS.specs.map(unexecuted));
  const programs = Object.entries(STORED).map(([name, pattern], seed) => {
    const mnemonics = testedMnemonics(KNOWN_INSTRUCTIONS).filter((mnemonic) => pattern.test(mnemonic));
    const numInstructions = 20 * mnemonics.length + 100;
    // Integer programs do without floating-point registers, so that a machine without them runs them.
    const table = name === 'integer' ? defineTable(RV32I, M) : KNOWN_INSTRUCTIONS;
    const text = randomProgram(seeded(seed), { table, mnemonics, numInstructions });
    const output = pack(outputOfQemu(assembled(text, known)));
    return { name, seed, numInstructions, mnemonics, text: pack(text), output };
  });
  const vectors = {
    source: version,
    command: `${QEMU.join(' ')} program.elf`,
    note: 'text and output are gzip in base64; regenerate by: UPDATE=1 npx vitest run --config vitest.slow.config.ts test/differential',
    programs,
  };
  writeFileSync(new URL('./qemu.vectors.json', import.meta.url), `${JSON.stringify(vectors, undefined, 2)}\n`);
});

/** Only to be assembled: the emulator executes it. */
function unexecuted(spec: InstructionSpec): Instruction {
  return { spec, decode: () => ({ op: spec.op }), execute: (machine) => machine.trap('illegal-instruction') };
}
