/** `ulp chip new`: a folder with a chip that works, to be changed into the one that is wanted. */

import type { InstructionSpec } from '../../vm/isa/instruction.ts';
import { KNOWN_INSTRUCTIONS } from '../../vm/isa/known.ts';
import { defineTable } from '../../vm/isa/table.ts';
import { CliError } from '../cli-error.ts';
import { CONFIG_NAMES } from '../config/config-file.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { configText, filesOf } from './templates.ts';

/** custom-3 of the RISC-V opcode space, which Ulp leaves to its users. */
const CUSTOM_3 = 0x7b;

const OTHER_NAME = 'choose another name: `ulp chip list` shows those of chips';

/** @throws {CliError} `usage` on a name that is taken or is none; `file` if the folder exists */
export async function scaffold(io: Io, engine: Engine, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new CliError('usage', `name: expected lower-case letters, digits and single dashes, got ${name}`, {
      help: 'such as fp8-decode: it becomes the name of the folder, the chip and the instruction',
    });
  }
  if (engine.machine.chips.has(name)) {
    throw new CliError('usage', `the machine has a chip ${name} already`, { help: OTHER_NAME });
  }
  if (await io.exists(name)) {
    throw new CliError('file', `cannot create ${name}: a file or folder of this name is there already`, {
      help: OTHER_NAME,
    });
  }
  const spec = freeInstruction(engine, name.replaceAll('-', '.'));
  await io.makeFolder(name);
  for (const [file, text] of filesOf(name, spec)) await io.writeFile(`${name}/${file}`, text);
  const existing = await existingConfig(io);
  if (existing === undefined) await io.writeFile('ulp.config.ts', configText(name));
  io.out(`${name}/ has an instruction ${spec.mnemonic} rd, rs1, rs2 that adds two halfwords`);
  io.out('');
  io.out('Next:');
  if (existing !== undefined) {
    io.out(`  add it to ${existing}:  import { extension as ${camel(name)} } from './${name}/extension.ts'`);
  }
  io.out(`  ulp chip check ${name}        # forgeries, mutations, search for a second witness`);
  io.out(`  ulp chip report ${name}       # columns, constraints, cells`);
  io.out(`  ulp asm ${name}/example.s -o example.elf && ulp run example.elf`);
  io.out(`  node --import ulpvm/loader --test ${name}/${name}.test.ts`);
  io.out('Then change semantics.ts, and air.ts, trace.ts and forgeries.ts after it. docs/write-a-chip.md shows how.');
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

async function existingConfig(io: Io): Promise<string | undefined> {
  for (const name of CONFIG_NAMES) if (await io.exists(name)) return name;
  return undefined;
}

/** An op id and an encoding that neither Ulp nor the user's extensions have. @throws {CliError} `usage` if none is left */
function freeInstruction({ instructions }: Engine, mnemonic: string): InstructionSpec {
  const others = instructions.specs.filter(({ mnemonic: m }) => KNOWN_INSTRUCTIONS.byMnemonic(m) === undefined);
  const taken = [...KNOWN_INSTRUCTIONS.specs, ...others];
  const ops = new Set(taken.map(({ op }) => op));
  const op = Array.from({ length: 32 }, (_, i) => 224 + i).find((id) => !ops.has(id));
  for (let code = 0; op !== undefined && code < 8 * 128; code++) {
    const spec: InstructionSpec = {
      ...{ mnemonic, op, format: 'R', opcode: CUSTOM_3, funct3: code % 8, funct7: Math.floor(code / 8) },
      ...{ syntax: 'rd, rs1, rs2', summary: 'rd = low halfword of rs1 + low halfword of rs2' },
    };
    try {
      defineTable(taken, [spec]);
      return spec;
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      if (!cause.message.includes('disjoint')) throw new CliError('usage', cause.message, { cause });
    }
  }
  throw new CliError('usage', 'no op id or encoding is left for another instruction');
}
