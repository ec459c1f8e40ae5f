/**
 * The gdb remote serial protocol over a session: one packet in, one packet out. Sockets are elsewhere.
 *
 * The run can be moved in both directions. A write to registers or memory (G, P, M, X) changes it from there on; later
 * states are forgotten, earlier ones stay what they were.
 *
 * Source: Debugging with GDB (13), appendix E.2 "Packets", E.3 "Stop Reply Packets", E.4 "General Query Packets".
 */
import type { Breakpoint, WatchKind, Watchpoint } from '../breakpoints.ts';
import { DebugError } from '../debug-error.ts';
import type { DebugSession, Movement, Stop } from '../session.ts';
import { stopLines } from '../stop-text.ts';
import type { Edit } from '../timeline.ts';
import { MAX_PACKET_BYTES } from './packet.ts';
import {
  bytesDigits,
  bytesOf,
  NUM_REGISTERS,
  readRegister,
  registerEdits,
  TARGET_XML,
  wordDigits,
  wordOf,
} from './registers.ts';

/** What a packet asks for: an answer now, or a movement (`afterMovement`). */
export type Reply =
  | { readonly kind: 'answer'; readonly payload: string; readonly after?: 'no-acks' | 'close' }
  | { readonly kind: 'movement'; readonly movement: Movement }
  /** End the session without an answer. */
  | { readonly kind: 'close' };

// Signal numbers of gdb (include/gdb/signals.def).
const [SIGINT, SIGILL, SIGTRAP, SIGABRT, SIGSEGV] = [2, 4, 5, 6, 11];
const WATCH_KINDS: Readonly<Record<string, readonly [kind: WatchKind, stop: string]>> = {
  '2': ['write', 'watch'],
  '3': ['read', 'rwatch'],
  '4': ['access', 'awatch'],
};
const EMPTY = answer('');
const OK = answer('OK');
const FAILED = answer('E01');
const FEATURES = [
  `PacketSize=${MAX_PACKET_BYTES.toString(16)}`,
  ...['QStartNoAckMode+', 'qXfer:features:read+', 'hwbreak+', 'swbreak+', 'vContSupported+'],
  ...['ReverseStep+', 'ReverseContinue+'],
].join(';');

export class GdbServer {
  private readonly session: DebugSession;
  /** By the packet that set them, "0,10008,4". */
  private readonly set = new Map<string, Breakpoint | Watchpoint>();
  private last: Stop = { reason: 'step' };
  /** Of the last movement: its direction, and the cycle in which it began. */
  private forward = true;
  private origin = 0;

  constructor(session: DebugSession) {
    this.session = session;
  }

  /** Answers one packet. Packets that are not known get the empty answer, as the protocol has it. */
  receive(payload: string): Reply {
    try {
      return this.dispatch(payload);
    } catch (error) {
      if (error instanceof DebugError) return answer('E01');
      throw error;
    }
  }

  /**
   * The answers after a movement: text for the person, then the stop. A run that halts is first shown as the end of a
   * recording, before the instruction that halts, so that one can go back from there; going on from there ends it.
   */
  afterMovement(stop: Stop): readonly string[] {
    const { timeline } = this.session;
    // gdb takes it that a watched access of a RISC-V machine is reported before it is made, and makes it by a step.
    if (stop.reason === 'watchpoint') timeline.goTo(timeline.cycle + (this.forward ? -1 : 1));
    if (stop.reason !== 'halted' && stop.reason !== 'trapped') return [this.stopReply(stop)];
    const lines = stopLines(this.session, stop);
    if (stop.reason === 'halted') {
      const known = this.last.reason === 'halted' && timeline.cycle === this.origin + 1;
      if (known) return [`W${bytesDigits([stop.exitCode & 0xff])}`];
      timeline.goTo(timeline.cycle - 1);
    }
    const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    return [`O${bytesDigits(text)}`, this.stopReply(stop)];
  }

  /** The answer to a movement that cannot begin: forward from a trap. */
  afterEnd(): string {
    return this.stopReply(this.session.ending() ?? this.last);
  }

  private stopReply(stop: Stop): string {
    this.last = stop;
    switch (stop.reason) {
      case 'halted':
        return signal(SIGTRAP, 'replaylog:end;');
      case 'trapped':
        return signal(signalOf(stop.trap.cause));
      case 'start':
        return signal(SIGTRAP, 'replaylog:begin;');
      case 'watchpoint': {
        const { watchpoint, address } = stop.hits[0]!;
        if (!('address' in watchpoint.target)) return signal(SIGTRAP);
        const name = Object.values(WATCH_KINDS).find(([kind]) => kind === watchpoint.kind)?.[1] ?? 'watch';
        // gdb looks for a watchpoint that covers this address.
        const at = Math.max(address ?? 0, watchpoint.target.address);
        return signal(SIGTRAP, `${name}:${at.toString(16)};`);
      }
      case 'breakpoint':
        return signal(SIGTRAP, 'hwbreak:;');
      case 'step':
        return signal(SIGTRAP);
    }
  }

  /** The answer to an interrupt. */
  interrupted(): string {
    this.last = { reason: 'step' };
    return signal(SIGINT);
  }

  private dispatch(payload: string): Reply {
    const { session } = this;
    const [command, rest] = [payload[0], payload.slice(1)];
    switch (command) {
      case '?':
        return answer(this.stopReply(session.ending() ?? this.last));
      case 'g':
        return answer(Array.from({ length: NUM_REGISTERS }, (_, i) => wordDigits(this.register(i)!)).join(''));
      case 'p': {
        const value = this.register(Number.parseInt(rest, 16));
        return answer(value === undefined ? 'E01' : wordDigits(value));
      }
      case 'm':
        return answer(this.memory(rest));
      case 'G':
        return this.writeAll(rest);
      case 'P':
        return this.writeOne(rest);
      case 'M':
      case 'X':
        return this.writeMemory(rest, command === 'X');
      case 'c':
        return this.move(true, session.continue());
      case 's':
        return this.move(true, session.stepInstruction());
      case 'b':
        if (rest === 's') return this.move(false, session.stepBack());
        return rest === 'c' ? this.move(false, session.continueBack()) : EMPTY;
      case 'Z':
        return this.insert(rest);
      case 'z':
        return this.remove(rest);
      case 'H':
      case 'T':
        return OK;
      case 'D':
        return { kind: 'answer', payload: 'OK', after: 'close' };
      case 'k':
        return { kind: 'close' };
      default:
        return this.named(payload);
    }
  }

  private named(payload: string): Reply {
    const [name = '', rest = ''] = payload.split(/[:;?](.*)/s);
    switch (name) {
      case 'qSupported':
        return answer(FEATURES);
      case 'QStartNoAckMode':
        return { kind: 'answer', payload: 'OK', after: 'no-acks' };
      case 'qXfer':
        return answer(this.transfer(rest));
      case 'qAttached':
        return answer('1');
      case 'qC':
        return answer('QC1');
      case 'qfThreadInfo':
        return answer('m1');
      case 'qsThreadInfo':
        return answer('l');
      case 'vCont':
        // The query is `vCont?`, its answer lists the actions.
        if (payload === 'vCont?') return answer('vCont;c;C;s;S');
        return this.dispatch(/^s/i.test(rest) ? 's' : 'c');
      case 'vKill':
        return { kind: 'answer', payload: 'OK', after: 'close' };
      default:
        return EMPTY;
    }
  }

  private move(forward: boolean, movement: Movement): Reply {
    [this.forward, this.origin] = [forward, this.session.timeline.cycle];
    return { kind: 'movement', movement };
  }

  private register(number: number): number | undefined {
    return readRegister(this.session.machine, number);
  }

  /** `address,length`: bytes up to the first that is not mapped. */
  private memory(rest: string): string {
    const [address = Number.NaN, length = Number.NaN] = rest.split(',').map((text) => Number.parseInt(text, 16));
    if (!(address >= 0 && length >= 0 && 2 * length <= MAX_PACKET_BYTES)) return 'E01';
    const { machine } = this.session;
    let digits = '';
    for (let at = address; at < address + length && machine.isMapped(at); at++) {
      digits += bytesDigits([(machine.ram.peek(at >>> 2) >>> (8 * (at & 3))) & 0xff]);
    }
    return digits === '' && length > 0 ? 'E0e' : digits;
  }

  /** All registers in order; only those that differ are changed. */
  private writeAll(digits: string): Reply {
    const bytes = bytesOf(digits);
    if (bytes === undefined || bytes.length !== 4 * NUM_REGISTERS) return FAILED;
    const edits = Array.from({ length: NUM_REGISTERS }, (_, i) => {
      const value = wordOf(bytes.slice(4 * i, 4 * i + 4));
      return value === this.register(i) ? [] : registerEdits(i, value)!;
    });
    return this.edit(edits.flat());
  }

  /** `number=value`. */
  private writeOne(rest: string): Reply {
    const [number = '', digits = ''] = rest.split('=');
    const bytes = bytesOf(digits);
    const edits = bytes?.length === 4 ? registerEdits(Number.parseInt(number, 16), wordOf(bytes)) : undefined;
    return edits === undefined ? FAILED : this.edit(edits);
  }

  /** `address,length:bytes`, as digits or binary. */
  private writeMemory(rest: string, binary: boolean): Reply {
    const [, start = '', length = '', data = ''] = /^([0-9a-f]+),([0-9a-f]+):(.*)$/is.exec(rest) ?? [];
    const bytes = binary ? Array.from(data, (character) => character.charCodeAt(0)) : bytesOf(data);
    if (start === '' || bytes === undefined || bytes.length !== Number.parseInt(length, 16)) return FAILED;
    const address = Number.parseInt(start, 16);
    return this.edit(bytes.map((byte, i) => ({ address: address + i, byte })));
  }

  private edit(edits: readonly Edit[]): Reply {
    if (edits.length > 0) this.session.edit(...edits);
    return OK;
  }

  /** `type,address,kind`: 0 and 1 stop at an instruction, 2 to 4 watch `kind` bytes. */
  private insert(rest: string): Reply {
    const place = placeOf(rest);
    if (place === undefined) return EMPTY;
    const { type, address, size } = place;
    if (this.set.has(rest)) return OK;
    const { breakpoints, places } = this.session;
    const watch = WATCH_KINDS[type];
    if (watch !== undefined) this.set.set(rest, breakpoints.watch(watch[0], { address, bytes: size }));
    else this.set.set(rest, breakpoints.add(places.describe(address), { addresses: [address] }));
    return OK;
  }

  private remove(rest: string): Reply {
    if (placeOf(rest) === undefined) return EMPTY;
    const known = this.set.get(rest);
    if (known !== undefined) this.session.breakpoints.delete(known.id);
    this.set.delete(rest);
    return OK;
  }

  /** `features:read:target.xml:offset,length`: a part of the target description, `l` before the last. */
  private transfer(rest: string): string {
    const [, annex, from, count] = /^features:read:([^:]*):([0-9a-f]+),([0-9a-f]+)$/.exec(rest) ?? [];
    if (from === undefined || count === undefined) return '';
    if (annex !== 'target.xml') return 'E00';
    const [offset, length] = [Number.parseInt(from, 16), Number.parseInt(count, 16)];
    const part = TARGET_XML.slice(offset, offset + length);
    return `${offset + part.length >= TARGET_XML.length ? 'l' : 'm'}${part}`;
  }
}

function answer(payload: string): Reply {
  return { kind: 'answer', payload };
}

function placeOf(rest: string) {
  const [, type, address, size] = /^([0-4]),([0-9a-f]+),([0-9a-f]+)/.exec(rest) ?? [];
  if (type === undefined || address === undefined || size === undefined) return undefined;
  return { type, address: Number.parseInt(address, 16), size: Number.parseInt(size, 16) };
}

/** A stop with the register that gdb asks for first, the pc, left to `g`. */
const signal = (number: number, more = ''): string => `T${number.toString(16).padStart(2, '0')}${more}thread:1;`;

function signalOf(cause: string): number {
  if (cause === 'illegal-instruction' || cause === 'unsupported') return SIGILL;
  if (cause === 'breakpoint') return SIGTRAP;
  return /access|fetch|store/.test(cause) ? SIGSEGV : SIGABRT;
}
