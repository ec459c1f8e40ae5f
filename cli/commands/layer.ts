import { Command, Option } from 'commander';
import { ACCUMULATION_MODELS, MAX_SAMPLES, TILE_SIDES } from '../../protocol/statement.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { type LinearOptions, proveLinearLayer } from '../layer/prove-linear.ts';
import { verifyLayerFiles } from '../layer/verify-files.ts';
import { integerIn, oneOf, parseRoot, parseSeed, provingOptions, requireOption } from '../options.ts';

const LINEAR_HELP = `
Tensors are safetensors files: BF16, or F32 whose values are BF16. \`path#name\` picks a tensor of a file with several.
X is M x K, W is N x K (as torch.nn.Linear keeps it), Y is M x N, the bias has N elements; K may be up to 1048576.

The seed that picks the samples is the hash of the statement (Fiat-Shamir). For a seed of the verifier's own, publish
the roots first (--commit-only --secret), then prove with the same secret and the seed that came back.

With --tile 2 or 4 a sample is a square of four or sixteen entries. They share their rows, so a product costs a third
less, or half. A wrong fraction of Y is detected as with as many samples of single entries, or better.

Examples:
  ulp layer linear --x x.safetensors --w w.safetensors --y y.safetensors --samples 64 --out proof.ulp
  ulp layer linear --x x.safetensors --w w.safetensors --y y.safetensors --samples 64 --tile 2 --out proof.ulp
  ulp layer linear --x act.safetensors#x --w model.safetensors#lm_head.weight --y act.safetensors#y --out proof.ulp
  ulp layer linear --x x.safetensors --w w.safetensors --y y.safetensors --secret secret.hex --commit-only
  ulp layer linear --x x.safetensors --w w.safetensors --y y.safetensors --quiet --json`;

const VERIFY_HELP = `
The record beside the proof names the roots, shape, samples and seed; the statement is rebuilt from it. A seed that the
record calls the verifier's must be given with --seed. Compare the roots with those you know, here or by --root-...

Exit codes: 0 accepted; 1 rejected, with a code and a reason; 2 a file is missing.

Examples:
  ulp layer verify proof.ulp
  ulp layer verify proof.ulp proof.ulp.json --require strong`;

export function layerCommand(io: Io, engine: Engine): Command {
  return new Command('layer')
    .description('prove and verify sampled entries of a layer of a network')
    .addCommand(linearCommand(io, engine))
    .addCommand(verifyCommand(io, engine));
}

function linearCommand(io: Io, engine: Engine): Command {
  const command = new Command('linear')
    .description('commit to X, W, Y, derive the challenge, prove sampled entries of Y = X W^T (+ bias)')
    .requiredOption('--x <file>', 'X, the input')
    .requiredOption('--w <file>', 'W, the weights')
    .requiredOption('--y <file>', 'Y, the output to be proven')
    .option('--bias <file>', 'bias')
    .addOption(
      new Option('--samples <k>', 'entries of Y that are proven').argParser(integerIn(1, MAX_SAMPLES)).default(64),
    )
    .addOption(
      new Option('--tile <side>', 'prove the square of side x side entries around each sample: 1, 2 or 4')
        .argParser(oneOf(TILE_SIDES))
        .default(1),
    )
    .addOption(
      new Option('--model <name>', 'order and rounding of the FP32 accumulation')
        .choices(Object.keys(ACCUMULATION_MODELS))
        .default('hopper'),
    )
    .addOption(
      new Option('--seed <hex>', "the verifier's seed, 32 bytes (default: hash of the statement)").argParser(parseSeed),
    )
    .option('--secret <file>', '32 bytes that salt the commitments; written if it does not exist (default: fresh)')
    .option('--out <file>', 'proof to write; its public statement gets .json appended', 'proof.ulp')
    .option('--case <file>', 'also write what the guest reads, for `ulp run`, `cost` and `prove` (private!)')
    .option('--commit-only', 'print roots and seed, and stop')
    .option('--json', 'print one JSON object')
    .addHelpText('after', LINEAR_HELP);
  for (const option of provingOptions()) command.addOption(option);
  return command.action((options: LinearOptions) => proveLinearLayer(io, engine, options));
}

function verifyCommand(io: Io, engine: Engine): Command {
  const command = new Command('verify')
    .description('check a proof of a layer')
    .argument('<proof>', 'proof, as written by `ulp layer linear`')
    .argument('[record]', 'its public statement (default: the proof with .json appended)')
    .addOption(requireOption())
    .addOption(new Option('--seed <hex>', 'the seed that you chose').argParser(parseSeed))
    .option('--json', 'print one JSON object')
    .addHelpText('after', VERIFY_HELP);
  for (const name of ['x', 'w', 'y', 'bias']) {
    command.addOption(new Option(`--root-${name} <hex>`, `the root that ${name} must have`).argParser(parseRoot));
  }
  return command.action((proof: string, record: string | undefined, options) =>
    verifyLayerFiles(io, engine, proof, record ?? `${proof}.json`, options),
  );
}
