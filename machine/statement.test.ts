import { describe, expect, test } from 'vitest';
import { FAST, numBlindingRows, STRONG } from '../stark/parameters.ts';
import { programOf } from '../test/support/program.ts';
import { encode } from '../vm/isa/encoding.ts';
import { specOf } from '../vm/isa/op.ts';
import { TEXT_BASE } from '../vm/space.ts';
import { type Claim, knownRowsOf, statementBytes, statementOf } from './statement.ts';

const words = [encode(specOf('addi'), { rd: 17, rs1: 0, imm: 93 }), encode(specOf('ecall'), {})];
const claim: Claim = {
  program: programOf(words),
  publicInput: Uint32Array.of(1, 2),
  publicOutput: Uint32Array.of(0x0003_0004),
  exitCode: 5,
};

describe('a statement', () => {
  test.each([-1, 2 ** 32, 0.5])('an exit code of %d is no u32', (exitCode) => {
    expect(() => statementOf({ ...claim, exitCode }, FAST)).toThrow(`exitCode: expected a u32, got ${exitCode}`);
  });

  test('sends the first state and the RAM base, and receives the outputs and the exit code', () => {
    expect(statementOf(claim, FAST).terms.map((t) => [t.bus.name, t.tuple, t.multiplicity])).toEqual([
      ['execution', [TEXT_BASE, 1], 1],
      ['ram-base', [TEXT_BASE / 4 + 2], 1],
      ['public-output', [0, 4, 3], -1],
      ['exit', [5, 0], -1],
    ]);
  });

  test.each([FAST, STRONG])('leaves room for the blinding rows of $name', (parameters) => {
    const { known } = statementOf(claim, parameters);
    expect([...known.keys()]).toEqual(['program', 'image', 'public-input']);
    for (const [name, { logHeight }] of known) {
      const needed = knownRowsOf(claim).get(name)!.rows + numBlindingRows(parameters);
      expect(2 ** logHeight).toBeGreaterThanOrEqual(needed);
    }
  });

  test('leaves room for them where the words alone would fit', () => {
    const { known } = statementOf({ ...claim, publicInput: new Uint32Array(500) }, FAST);
    expect(known.get('public-input')!.logHeight).toBe(10);
  });

  test('without public input leaves its table out', () => {
    const none = statementOf({ ...claim, publicInput: new Uint32Array(0) }, FAST);
    expect([...none.known.keys()]).toEqual(['program', 'image']);
  });
});

describe('its bytes tell apart', () => {
  const other = (changes: Partial<Claim>): string => statementBytes({ ...claim, ...changes }).join();
  const { program } = claim;
  const statements: Record<string, string> = {
    'the claim itself': other({}),
    'another exit code': other({ exitCode: 6 }),
    'another output': other({ publicOutput: Uint32Array.of(0x0003_0005) }),
    'one output more': other({ publicOutput: Uint32Array.of(0x0003_0004, 5) }),
    'a word moved from input to output': other({
      publicInput: Uint32Array.of(1),
      publicOutput: Uint32Array.of(2, 0x0003_0004),
    }),
    'another entry': other({ program: { ...program, entry: TEXT_BASE + 4 } }),
    'another RAM base': other({ program: { ...program, ramBase: program.ramBase + 1 } }),
    'another instruction': other({ program: programOf([words[1]!, words[1]!]) }),
    'another initial value': other({
      program: { ...program, image: { ...program.image, value: Uint32Array.of(words[0]!, 0) } },
    }),
    'another image address': other({
      program: { ...program, image: { ...program.image, address: program.image.address.map((word) => word + 1) } },
    }),
  };

  test.each(Object.entries(statements))('%s', (_, bytes) => {
    expect(Object.values(statements).filter((one) => one === bytes)).toHaveLength(1);
  });

  // What a length stands before would run into what comes after it: without one of them, both would be the same.
  test('lists that have the same words in all, with a number that is the length of the other list', () => {
    const [long, short] = [Uint32Array.of(3), new Uint32Array(0)];
    expect(other({ publicInput: long, publicOutput: Uint32Array.of(7, 8) })).not.toBe(
      other({ publicInput: short, publicOutput: Uint32Array.of(2, 7, 8) }),
    );
    const image = (address: Uint32Array, value: Uint32Array) => ({
      program: { ...program, image: { address, value } },
    });
    expect(other({ ...image(Uint32Array.of(2), Uint32Array.of(9)), publicInput: short })).not.toBe(
      other({ ...image(short, short), publicInput: Uint32Array.of(9, 0) }),
    );
  });

  test('but not programs that differ in symbols and messages alone', () => {
    const renamed = { ...program, symbols: [{ name: 'x', address: TEXT_BASE }], assertions: new Map([[1, 'x']]) };
    expect(other({ program: renamed })).toBe(statements['the claim itself']);
  });
});
