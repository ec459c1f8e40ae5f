/** Packets over a real socket, by a client that knows nothing but the protocol. */
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { debuggeeOf, SQUARES, withStack } from '../../test/support/debuggee.ts';
import { DebugSession } from '../../vm/debugger/session.ts';
import { serveConnection } from './gdb-socket.ts';
import { processTerminal } from './terminal.ts';

const FOREVER = '.globl _start\n_start:\n  addi t0, t0, 1\n  j _start\n';

/** A client of a session: sends text as it is, and reads what has been sent back. */
async function client(source = withStack(SQUARES)) {
  const session = new DebugSession(debuggeeOf(source, { publicInput: Uint32Array.of(3) }));
  let announce: (port: number) => void;
  const port = new Promise<number>((resolve) => {
    announce = resolve;
  });
  const served = processTerminal.connection(0, (bound) => announce(bound)).then((c) => serveConnection(session, c));
  const socket: Socket = connect(await port, '127.0.0.1');
  let [received, wake] = ['', () => {}];
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    wake();
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    session,
    socket,
    /** Ends when the server has left. */
    served,
    send: (text: string) => void socket.write(text, 'latin1'),
    /** What has come, once it is at least this long. */
    async received(length: number): Promise<string> {
      while (received.length < length)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const text = received;
      received = '';
      return text;
    },
  };
}

/** The client's own framing. */
const packet = (payload: string): string => {
  const sum = [...Buffer.from(payload, 'latin1')].reduce((total, byte) => (total + byte) % 256, 0);
  return `$${payload}#${sum.toString(16).padStart(2, '0')}`;
};

test('acknowledges packets until it is asked not to, and sends again what was lost', async () => {
  const { send, received, served } = await client();
  const stop = packet('T05thread:1;');
  send(packet('?'));
  expect(await received(stop.length + 1)).toBe(`+${stop}`);
  send('-');
  expect(await received(stop.length)).toBe(stop);
  send('+$qC#00');
  expect(await received(1)).toBe('-');
  send(packet('qC'));
  expect(await received(8)).toBe(`+${packet('QC1')}`);
  send(packet('QStartNoAckMode'));
  expect(await received(7)).toBe(`+${packet('OK')}`);
  send(packet('p20'));
  expect(await received(12)).toBe(packet('00000100'));
  send(packet('D'));
  expect(await received(6)).toBe(packet('OK'));
  await served;
});

test('a run without an end is stopped by an interrupt', async () => {
  const { send, received, session, served, socket } = await client(FOREVER);
  send(packet('QStartNoAckMode'));
  await received(7);
  send(packet('vCont;c'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  send('\u0003');
  expect(await received(16)).toMatch(/^\$T02thread:1;#/);
  expect(session.machine.cycles).toBeGreaterThan(0);
  socket.destroy();
  await served;
});

test('a client that goes away while the run moves ends the session', async () => {
  const { send, served, socket } = await client(FOREVER);
  send(`+${packet('c')}`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  await served;
});

test('kill ends it without an answer', async () => {
  const { send, served } = await client();
  send(packet('k'));
  await served;
});
