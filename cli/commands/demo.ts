import { Command, Option } from 'commander';
import { demoTensors } from '../../model/demo.ts';
import { type DemoOptions, runDemo } from '../demo/demo.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { integerIn, parseSeed, provingOptions } from '../options.ts';

const HELP = `
Trains a small character model on Moby Dick, commits to its last layer Y = X W^T, derives a challenge, proves the sampled
entries in zero knowledge and verifies the proof. Then flips one bit of a sampled entry of Y: no proof comes, and the old
proof does not fit the new commitment.

Exit codes: 0 if all of this happened; 1 if not; 2 if something failed.

Examples:
  ulp demo
  ulp demo --seed 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
  ulp demo --keep demo        # tensors, guest, case, proof and statement, for the other commands`;

export function demoCommand(io: Io, engine: Engine): Command {
  const command = new Command('demo')
    .description('the whole story: train, commit, challenge, prove, verify, tamper')
    .addOption(new Option('--samples <k>', 'entries of Y that are proven').argParser(integerIn(1, 4096)).default(64))
    .addOption(
      new Option('--seed <hex>', "the verifier's seed, 32 bytes (default: hash of the statement)").argParser(parseSeed),
    )
    .option('--keep <folder>', 'write all files to this folder')
    .addHelpText('after', HELP);
  for (const option of provingOptions()) command.addOption(option);
  return command.action((options: DemoOptions) => runDemo(io, engine, options, demoTensors));
}
