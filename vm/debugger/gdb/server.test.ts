import { describe, expect, test } from 'vitest';
import { debuggeeOf, SQUARES, withStack } from '../../../test/support/debuggee.ts';
import { DebugSession, drive } from '../session.ts';
import { GdbServer } from './server.ts';

/** Packets in, packets out; movements are driven to their end. */
function serve(source: string = withStack(SQUARES)) {
  const session = new DebugSession(debuggeeOf(source, { publicInput: Uint32Array.of(3) }));
  const server = new GdbServer(session);
  const ask = (payload: string): string => {
    const reply = server.receive(payload);
    if (reply.kind === 'answer') return reply.payload;
    if (reply.kind === 'close') return 'closed';
    try {
      return server.afterMovement(drive(reply.movement)).at(-1)!;
    } catch {
      return server.afterEnd();
    }
  };
  return { session, server, ask };
}
const pcOf = (ask: (payload: string) => string): string => ask('p20');

test('says what it can do', () => {
  const { ask } = serve();
  expect(ask('qSupported:multiprocess+;swbreak+')).toBe(
    'PacketSize=4000;QStartNoAckMode+;qXfer:features:read+;hwbreak+;swbreak+;vContSupported+;ReverseStep+;ReverseContinue+',
  );
  expect(['vCont?', 'qAttached', 'qC', 'qfThreadInfo', 'qsThreadInfo', 'Hg0', 'T1', '?'].map(ask)).toEqual([
    ...['vCont;c;C;s;S', '1', 'QC1', 'm1', 'l', 'OK', 'OK', 'T05thread:1;'],
  ]);
  expect(['qOffsets', 'vMustReplyEmpty', 'Z5,0,0', '!'].map(ask)).toEqual(['', '', '', '']);
});

test('the target description comes in parts and names every register once', () => {
  const { ask } = serve();
  let xml = '';
  for (let at = 0; ; at += 0x100) {
    const part = ask(`qXfer:features:read:target.xml:${at.toString(16)},100`);
    xml += part.slice(1);
    if (part[0] === 'l') break;
    expect(part[0]).toBe('m');
  }
  const numbers = [...xml.matchAll(/regnum="(\d+)"/g)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 68 }, (_, i) => i));
  expect(xml).toContain('<architecture>riscv:rv32</architecture>');
  expect(ask('qXfer:features:read:other.xml:0,100')).toBe('E00');
});

describe('registers and memory', () => {
  test('are little-endian, all at once and one by one', () => {
    const { ask } = serve();
    ask('s');
    const all = ask('g');
    expect(all.length).toBe(68 * 8);
    expect(all.slice(16, 24)).toBe('00000010'); // sp = 0x10000000
    expect([ask('p2'), ask('p20'), ask('p43'), ask('p44')]).toEqual(['00000010', '04000100', '00000000', 'E01']);
  });

  test('memory stops at what is not mapped', () => {
    const { ask } = serve();
    expect(ask('m10000,4')).toBe('37010010'); // lui sp, 0x10000
    expect(ask('m10002,1')).toBe('00');
    expect(ask('mffffffe,4')).toBe('0000');
    expect([ask('m0,4'), ask('m10000000,1'), ask('mzz,1'), ask('m10000')]).toEqual(['E0e', 'E0e', 'E01', 'E01']);
  });

  test('can be written, which changes the run from there on and nothing before', () => {
    const { ask } = serve();
    expect([ask('Z0,10018,4'), ask('c'), pcOf(ask)]).toEqual(['OK', 'T05hwbreak:;thread:1;', '18000100']);
    expect([ask('Pa=05000000'), ask('M11000,2:0102'), ask('X11002,1:\u0003'), ask('X0,0:')]).toEqual(
      Array(4).fill('OK'),
    );
    expect([ask('pa'), ask('m11000,4')]).toEqual(['05000000', '01020300']);
    expect([ask('bs'), ask('pa'), ask('m11000,4')]).toEqual(['T05thread:1;', '03000000', '00000000']);
    expect([ask('s'), ask('pa'), ask('m11000,4')]).toEqual(['T05hwbreak:;thread:1;', '05000000', '01020300']);
    const all = ask('g');
    expect([ask(`G${all.slice(0, 88)}07000000${all.slice(96)}`), ask('g')]).toEqual([
      'OK',
      `${all.slice(0, 88)}07000000${all.slice(96)}`,
    ]);
    expect([ask('P20=00000100'), pcOf(ask), ask('P43=ff000000'), ask('p43')]).toEqual([
      'OK',
      '00000100',
      'OK',
      'ff000000',
    ]);
  });

  test('what cannot be written is refused', () => {
    const { ask } = serve();
    const refused = ['G00', 'P2=00', 'P44=00000000', 'P20=02000100', 'M0,1:00', 'M11000,2:00', 'M11000,1:0g', 'Mx'];
    expect(refused.map(ask)).toEqual(refused.map(() => 'E01'));
    expect([ask('P0=01000000'), ask('p0')]).toEqual(['OK', '00000000']);
  });
});

describe('movement', () => {
  test('steps and breakpoints, forward and backward', () => {
    const { ask } = serve();
    expect(ask('Z0,10040,4')).toBe('OK');
    expect([ask('vCont;c'), pcOf(ask)]).toEqual(['T05hwbreak:;thread:1;', '40000100']);
    expect([ask('vCont;s:1'), pcOf(ask)]).toEqual(['T05thread:1;', '44000100']);
    expect([ask('c'), pcOf(ask)]).toEqual(['T05hwbreak:;thread:1;', '40000100']);
    expect([ask('bs'), pcOf(ask)]).toEqual(['T05thread:1;', '18000100']);
    expect([ask('bc'), pcOf(ask)]).toEqual(['T05hwbreak:;thread:1;', '40000100']);
    expect([ask('bc'), pcOf(ask)]).toEqual(['T05replaylog:begin;thread:1;', '00000100']);
    expect(ask('z0,10040,4')).toBe('OK');
    expect(ask('c')).toBe('T05replaylog:end;thread:1;');
  });

  test('watchpoints name the address and stop before the access, backward after it', () => {
    const { ask } = serve();
    expect(ask('Z3,11002,1')).toBe('OK');
    expect([ask('c'), pcOf(ask), ask('z3,11002,1')]).toEqual(['T05rwatch:11002;thread:1;', '1c000100', 'OK']);
    expect(ask('Z2,11000,4')).toBe('OK');
    expect([ask('c'), pcOf(ask), ask('z2,11000,4')]).toEqual(['T05watch:11000;thread:1;', '24000100', 'OK']);
    expect([ask('s'), pcOf(ask), ask('Z2,11000,4')]).toEqual(['T05thread:1;', '28000100', 'OK']);
    expect([ask('bc'), pcOf(ask), ask('z2,11000,4')]).toEqual(['T05watch:11000;thread:1;', '28000100', 'OK']);
    expect([ask('Z4,ffffffc,4'), ask('bc'), pcOf(ask)]).toEqual(['OK', 'T05awatch:ffffffc;thread:1;', '50000100']);
  });

  test('a run that halts can be gone back from, and ends when it is continued', () => {
    const { ask } = serve();
    expect([ask('c'), pcOf(ask)]).toEqual(['T05replaylog:end;thread:1;', '3c000100']);
    expect([ask('bs'), pcOf(ask)]).toEqual(['T05thread:1;', '38000100']);
    expect([ask('c'), ask('c')]).toEqual(['T05replaylog:end;thread:1;', 'W00']);
  });

  test.each([
    ['  ebreak', 'T05thread:1;'],
    ['  lw a0, 0(zero)', 'T0bthread:1;'],
    ['  .word 0', 'T04thread:1;'],
    ['  li a0, 1\n  ulp.assert.eq a0, zero, "no"', 'T06thread:1;'],
  ])('the signal of a trap by %s', (line, stop) => {
    const { ask, session } = serve(`.globl _start\n_start:\n${line}\n`);
    expect([ask('c'), ask('?'), ask('c')]).toEqual([stop, stop, stop]);
    expect(session.ending()?.reason).toBe('trapped');
  });

  test('text for the person comes before the stop', () => {
    const { server, session } = serve();
    const [text, stop] = server.afterMovement(drive(session.continue()));
    expect(Buffer.from(text!.slice(1), 'hex').toString()).toBe('halted with exit code 0 after 50 cycles\n');
    expect(stop).toBe('T05replaylog:end;thread:1;');
  });
});

test('detach and kill end the session', () => {
  const { server } = serve();
  expect(server.receive('D')).toEqual({ kind: 'answer', payload: 'OK', after: 'close' });
  expect(server.receive('vKill;1')).toEqual({ kind: 'answer', payload: 'OK', after: 'close' });
  expect(server.receive('k')).toEqual({ kind: 'close' });
});
