/**
 * Honest events of a machine: each instruction on random operands, executed, recorded and written to the traces by the
 * chips' own code, and what the tables then say compared with what the machine did.
 *
 * Every event stands alone: the machine state before it is drawn anew, so that what an event receives and sends on the
 * buses is known: the state and the words before it, and those after it.
 */
import { type Machine, providersOf } from '../machine/machine.ts';
import type { Air } from '../stark/air/air.ts';
import { messageAt, type Rows } from '../stark/air/check.ts';
import { neg, P } from '../stark/field/koala-bear.ts';
import { EXECUTION_BUS, MEMORY_BUS, PROGRAM_BUS } from '../vm/buses.ts';
import { EventLog } from '../vm/chip.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Instruction, ProgramRow } from '../vm/executor/instruction.ts';
import { Machine as Stepper } from '../vm/executor/machine.ts';
import { TrapSignal } from '../vm/executor/trap.ts';
import { type Fields, operandsOf } from '../vm/isa/instruction.ts';
import { RAM_END, REGISTER, SPACE, TEXT_BASE } from '../vm/space.ts';
import { OPERAND_KINDS, type OperandKind, randomFields, randomOperand } from './fields.ts';
import type { Tables } from './forgery.ts';
import { type Random, seeded } from './random.ts';
import { emptyProgram, programRow, traceOf } from './step.ts';

export interface HonestEvent {
  readonly mnemonic: string;
  /** The rows of every chip that has some. */
  readonly rows: ReadonlyMap<string, Rows>;
  /** Where tables and machine disagree, one sentence each. */
  readonly disagreements: readonly string[];
  /** What the event finds: its line of the program, the first of several, and tuples of MEMORY_BUS of all words before. */
  readonly line: ProgramRow;
  readonly words: readonly (readonly number[])[];
  /** Private and public inputs of its machine. */
  readonly hints: Uint16Array;
  readonly publicInput: Uint32Array;
}

export interface HonestEvents {
  readonly events: readonly HonestEvent[];
  /** Mnemonics that trapped on everything that was tried. */
  readonly untried: readonly string[];
}

export interface HonestOptions {
  /** Events of each instruction. */
  readonly count: number;
  readonly seed?: number;
  /** Default true: what the rows say is compared with what the machine did. */
  readonly isCompared?: boolean;
}

/** Words of RAM that random accesses hit. */
const RAM_WORDS = 256;
const ATTEMPTS = 400;
/** Events with more rows than this are drawn again: they cost much and say what small ones say. */
const MAX_ROWS = 100;
const START = 2 ** 17 + 1;

/** `count` events of each instruction, fewer where it traps often. */
export function honestEvents(
  machine: Machine,
  instructions: readonly Instruction[],
  { count, seed = 1, isCompared = true }: HonestOptions,
): HonestEvents {
  const random = seeded(seed);
  const logs = emptyLogs(machine);
  const events: HonestEvent[] = [];
  const untried: string[] = [];
  for (const instruction of instructions) {
    const before = events.length;
    let kinds: readonly OperandKind[] | undefined;
    for (let i = 0; i < count; i++) {
      const found = honestEvent(machine, instruction, logs, random, i % 2 === 0 ? undefined : kinds, isCompared);
      if (found === undefined) break;
      kinds = found.kinds;
      events.push(found.event);
    }
    if (events.length === before) untried.push(instruction.spec.mnemonic);
  }
  return { events, untried };
}

/** @param worked operands that the instruction did not trap on before: every other attempt draws the same kinds. */
function honestEvent(
  machine: Machine,
  instruction: Instruction,
  logs: Logs,
  random: Random,
  worked: readonly OperandKind[] | undefined,
  isCompared: boolean,
): { readonly event: HonestEvent; readonly kinds: readonly OperandKind[] } | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    clear(logs);
    const stepper = drawnState(random, logs);
    const row = programRow(instruction, randomFields(instruction.spec, random), stepper.pc);
    if (row === undefined) continue;
    const kinds = attempt % 2 === 0 && worked !== undefined ? worked : drawnKinds(random);
    drawOperands(stepper, row, random, kinds);
    const before = snapshot(stepper);
    try {
      instruction.execute(stepper, row);
    } catch (signal) {
      if (signal instanceof TrapSignal) continue;
      throw signal;
    }
    if ([...logs.values()].reduce((sum, { count }) => sum + count, 0) > MAX_ROWS) continue;
    const rows = tracesOf(machine, stepper, logs);
    const after = snapshot(stepper);
    if (!isFollowed(after) || reachesOutside(machine, rows)) continue;
    const disagreements = isCompared ? compare(machine, rows, row, before, after) : [];
    return { event: eventOf(stepper, rows, row, before, disagreements), kinds };
  }
  return undefined;
}

type Logs = Map<string, EventLog>;

/** Logs are large: those that nothing was recorded in serve again. */
function clear(logs: Logs): void {
  for (const [name, log] of logs) if (log.count > 0) logs.set(name, new EventLog(log.eventWords));
}

const emptyLogs = (machine: Machine): Logs =>
  new Map(machine.recorded.map((chip) => [chip.air.name, new EventLog(chip.eventWords)]));

function tracesOf(machine: Machine, stepper: Stepper, logs: Logs): ReadonlyMap<string, Rows> {
  const rows = new Map<string, Rows>();
  const execution = { ...stepper, logs } as unknown as Execution;
  for (const name of eventful(machine)) {
    const trace = traceOf(machine.chips.get(name)!, execution);
    if (trace.main.length > 0) rows.set(name, trace);
  }
  return rows;
}

function eventOf(
  { hints, publicInput }: Stepper,
  rows: ReadonlyMap<string, Rows>,
  line: ProgramRow,
  before: State,
  disagreements: readonly string[],
): HonestEvent {
  const words = [...before.words.values()].map((tuple) => tuple.split(' ').map(Number));
  return { mnemonic: line.spec.mnemonic, rows, disagreements, line, words, hints, publicInput };
}

/** An instruction with its fields; those left out are 0. */
export interface DirectedStep {
  readonly mnemonic: string;
  readonly fields: Partial<Fields>;
}

/**
 * One event of instructions in a row, from a drawn state in which `registers`, by address, hold these words. Rows are
 * not compared with what the machine did. Undefined if the machine lacks one of the instructions.
 */
export function directedEvent(
  machine: Machine,
  steps: readonly DirectedStep[],
  registers: Readonly<Record<number, number>>,
  seed: number,
): HonestEvent | undefined {
  const logs = emptyLogs(machine);
  const stepper = drawnState(seeded(seed), logs);
  for (const [address, word] of Object.entries(registers)) stepper.registers[Number(address)] = word;
  stepper.registerClk.fill(START - 2 ** 16 - 1);
  const before = snapshot(stepper);
  const lines: ProgramRow[] = [];
  for (const { mnemonic, fields } of steps) {
    const instruction = [...machine.instructions.byOp.values()].find(({ spec }) => spec.mnemonic === mnemonic);
    const row = instruction && programRow(instruction, fields, stepper.pc);
    if (row === undefined) return undefined;
    row.instruction.execute(stepper, row);
    lines.push(row);
  }
  return eventOf(stepper, tracesOf(machine, stepper, logs), lines[0]!, before, []);
}

/** Chips whose rows come from events, their own or another chip's; the others have rows of the statement's. */
const eventful = (machine: Machine): readonly string[] =>
  [...machine.chips.values()].flatMap((chip) => {
    if ('fixedRows' in chip || chip.air.known.length > 0) return [];
    return 'eventWords' in chip || chip.rows(NO_EVENTS) === 0 ? [chip.air.name] : [];
  });

/** A run without events, whose statement has something of everything. */
const NO_EVENTS = {
  logs: new Map(),
  hints: new Uint16Array(16),
  publicInput: new Uint32Array(1),
  memory: { address: new Uint32Array(1), value: new Uint32Array(1), clk: new Uint32Array(1) },
  image: { address: new Uint32Array(1) },
} as unknown as Execution;

/** Whether a program can go on there: an event whose next fetch traps is part of no provable run. */
const isFollowed = ({ pc }: State): boolean => pc % 4 === 0 && pc < RAM_END;

/** Whether an access hit RAM that the snapshots do not have. */
const reachesOutside = (machine: Machine, rows: ReadonlyMap<string, Rows>): boolean =>
  [...rows].some(([name, trace]) =>
    airOf(machine, name)
      .interactions.filter(({ bus }) => bus.name === MEMORY_BUS.name)
      .some((interaction) =>
        trace.main.some((_, r) => {
          const { tuple, multiplicity } = messageAt(interaction, trace, r);
          return multiplicity !== 0 && tuple[0] === SPACE.ram && (tuple[1]! - emptyProgram.ramBase) >>> 0 >= RAM_WORDS;
        }),
      ),
  );

const airOf = (machine: Machine, name: string): Air => machine.chips.get(name)!.air;

/** A machine at some time, with hints, advice and public input, whose words were all accessed long ago. */
function drawnState(random: Random, logs: Logs): Stepper {
  // Patterns of any kind, or finite numbers whose products and sums meet; these most of the time.
  const pattern = random.below(4) === 0 ? () => random.below(2 ** 16) : () => bf16Near1(random);
  const draw = (n: number, below: number) => Array.from({ length: n }, () => random.below(below));
  const stepper = new Stepper(
    emptyProgram,
    {
      hints: Uint16Array.from({ length: 512 }, pattern),
      advice: Uint32Array.from(draw(512, 2 ** 30)),
      publicInput: Uint32Array.from(draw(64, 2 ** 32)),
    },
    logs,
  );
  stepper.clk = START;
  stepper.pc = TEXT_BASE + 4 * random.below(64);
  // The lower half are field elements, for instructions that read digests.
  for (let word = 0; word < RAM_WORDS; word++) {
    stepper.ram.write(emptyProgram.ramBase + word, random.below(word < RAM_WORDS / 2 ? P : 2 ** 32));
  }
  return stepper;
}

const bf16Near1 = (random: Random): number =>
  random.below(2) * 2 ** 15 + (120 + random.below(12)) * 2 ** 7 + random.below(2 ** 7);

/** One kind for each source register, the same for all a quarter of the time. */
function drawnKinds(random: Random): readonly OperandKind[] {
  const same = random.pick(OPERAND_KINDS);
  const isSame = random.below(4) === 0;
  return [0, 1, 2].map(() => (isSame ? same : random.pick(OPERAND_KINDS)));
}

/** Fills the registers that the instruction reads, and ages its accesses by 2^16 + 1. */
function drawOperands(stepper: Stepper, row: ProgramRow, random: Random, kinds: readonly OperandKind[]): void {
  const ramBase = emptyProgram.ramBase * 4;
  const word = randomOperand(random, 'one word', ramBase);
  for (const { field, register } of operandsOf(row.spec.syntax)) {
    if (register === undefined) continue;
    const address = (register === 'f' ? REGISTER.f0 : REGISTER.x0) + row.fields[field];
    const drawn = kinds[['rs1', 'rs2', 'rs3'].indexOf(field)] ?? 'words';
    const kind = register === 'f' && drawn !== 'one word' && random.below(3) === 0 ? 'floats' : drawn;
    stepper.registers[address] = kind === 'one word' ? word : randomOperand(random, kind, ramBase);
  }
  stepper.registers[REGISTER.x0] = 0;
  stepper.registers[REGISTER.sink] = 0;
  stepper.registers[REGISTER.frm] = random.below(5);
  stepper.registers[REGISTER.fflags] = random.below(32);
  if (row.spec.mnemonic === 'ecall') stepper.registers[17] = 93;
  const past = START - 2 ** 16 - 1;
  stepper.registerClk.fill(past);
  stepper.registerClk[row.rs2] = past + 1;
  if (row.spec.format === 'R4') stepper.registerClk[REGISTER.f0 + row.fields.rs3] = past + 2;
  stepper.registerClk[row.rd] = past + 3;
  stepper.registerClk[REGISTER.frm] = past + 4;
  stepper.registerClk[REGISTER.fflags] = past + 5;
}

interface State {
  readonly pc: number;
  readonly clk: number;
  readonly halted: boolean;
  /** Tuples of MEMORY_BUS of all words that an event may touch, by space and address. */
  readonly words: ReadonlyMap<string, string>;
}

function snapshot({ pc, clk, exitCode, registers, registerClk, ram }: Stepper): State {
  const words = new Map<string, string>();
  const put = (space: number, address: number, value: number, time: number): void => {
    words.set(`${space} ${address}`, `${space} ${address} ${value & 0xffff} ${value >>> 16} ${time}`);
  };
  for (let a = 0; a < REGISTER.count; a++) put(SPACE.register, a, registers[a]!, registerClk[a]!);
  for (let i = 0; i < RAM_WORDS; i++) {
    const word = emptyProgram.ramBase + i;
    put(SPACE.ram, word, ram.read(word), ram.clk(word));
  }
  return { pc, clk, halted: exitCode !== undefined, words };
}

/** What the rows of one event say on the buses, against the state of the machine before and after it. */
function compare(
  machine: Machine,
  rows: ReadonlyMap<string, Rows>,
  row: ProgramRow,
  before: State,
  after: State,
): string[] {
  const tables = tableOracles(machine, [row]);
  const expected = new Map<string, number>([[`${EXECUTION_BUS.name} ${before.pc} ${before.clk}`, -1]]);
  if (!after.halted) expected.set(`${EXECUTION_BUS.name} ${after.pc} ${after.clk}`, 1);
  for (const [address, tuple] of before.words) {
    const later = after.words.get(address)!;
    if (later === tuple) continue;
    expected.set(`${MEMORY_BUS.name} ${tuple}`, -1);
    expected.set(`${MEMORY_BUS.name} ${later}`, 1);
  }
  const found: string[] = [];
  const net = new Map<string, number>();
  const saidBy = new Map<string, Set<string>>();
  for (const [name, trace] of rows) {
    for (const interaction of airOf(machine, name).interactions) {
      trace.main.forEach((_, r) => {
        const { tuple, multiplicity } = messageAt(interaction, trace, r);
        if (multiplicity === 0) return;
        const [bus, key] = [interaction.bus, `${interaction.bus.name} ${tuple.join(' ')}`];
        if (bus.kind === 'table' && tables[bus.name] !== undefined) {
          if (!tables[bus.name]!(tuple)) found.push(`${name}, "${interaction.name}": ${key} is not in its table`);
          return;
        }
        const signed = multiplicity < 2 ** 30 ? multiplicity : -neg(multiplicity);
        net.set(key, (net.get(key) ?? 0) + (interaction.direction === 'send' ? signed : -signed));
        saidBy.set(key, (saidBy.get(key) ?? new Set()).add(`${name}, "${interaction.name}"`));
      });
    }
  }
  const closed = closedBuses(machine);
  for (const key of new Set([...expected.keys(), ...net.keys()])) {
    const bus = key.slice(0, key.indexOf(' '));
    if (!closed.has(bus)) continue;
    const [said, did] = [net.get(key) ?? 0, expected.get(key) ?? 0];
    if (said === did) continue;
    const fields = closed.get(bus)!.map((field, i) => `${field} ${key.split(' ')[i + 1]}`);
    const by = [...(saidBy.get(key) ?? [])].join('; ') || 'no row';
    found.push(`bus ${bus}, ${fields.join(', ')}: the machine does it ${did} times, ${by} says ${said}`);
  }
  return found;
}

/** Buses on which the recorded chips speak among themselves, or with the state: fields by name. */
function closedBuses(machine: Machine): ReadonlyMap<string, readonly string[]> {
  const names = new Set(eventful(machine));
  const interactions = [...names].flatMap((name) => airOf(machine, name).interactions);
  const of = (direction: string) =>
    new Set(interactions.filter((i) => i.direction === direction).map((i) => i.bus.name));
  const others = [...machine.chips.values()].filter(({ air }) => !names.has(air.name));
  const elsewhere = new Set(others.flatMap(({ air }) => air.interactions.map((i) => i.bus.name)));
  const [sent, received] = [of('send'), of('receive')];
  const closed = new Map([EXECUTION_BUS, MEMORY_BUS].map((bus) => [bus.name, bus.fields]));
  for (const { bus } of interactions) {
    if (bus.kind === 'peer' && sent.has(bus.name) && received.has(bus.name) && !elsewhere.has(bus.name)) {
      closed.set(bus.name, bus.fields);
    }
  }
  return closed;
}

/** The machine's fixed tables, and the program that consists of these instructions. */
export function tableOracles(machine: Machine, program: readonly ProgramRow[] = []): Tables {
  const lines = new Set(program.map((r) => [r.pc, r.op, r.rd, r.rs1, r.rs2, r.immLo, r.immHi, r.target].join(' ')));
  const fixed = [...machine.chips.values()].flatMap((chip) => ('fixedRows' in chip ? providersOf(chip) : []));
  return {
    ...Object.fromEntries(
      fixed.map(({ bus, positionOf }) => [bus.name, (t: readonly number[]) => positionOf(t) !== undefined]),
    ),
    ...(program.length > 0 && { [PROGRAM_BUS.name]: (tuple: readonly number[]) => lines.has(tuple.join(' ')) }),
  };
}

/** A random tuple of each fixed table of the machine, by bus name. */
export const tableDraws = (machine: Machine): Readonly<Record<string, (random: Random) => readonly number[]>> =>
  Object.fromEntries(
    [...machine.chips.values()].flatMap((chip) => {
      if (!('fixedRows' in chip)) return [];
      const { bus, multiplicities } = chip.provider;
      const draw = (random: Random): number[] => {
        const row = chip.fixedRow(random.below(chip.fixedRows));
        const entry = random.below(multiplicities.length);
        return bus.fields.map((_, field) => row[field * multiplicities.length + entry]!);
      };
      return [[bus.name, draw]];
    }),
  );
