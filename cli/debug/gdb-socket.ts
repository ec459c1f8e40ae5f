/** One debugging session of gdb over a connection: packets, acknowledgements, and interruption while the run moves. */
import { setImmediate } from 'node:timers/promises';
import { DebugError } from '../../vm/debugger/debug-error.ts';
import { encodePacket, PacketReader } from '../../vm/debugger/gdb/packet.ts';
import { GdbServer } from '../../vm/debugger/gdb/server.ts';
import type { DebugSession, Movement } from '../../vm/debugger/session.ts';
import type { Io } from '../io.ts';
import type { Connection, Terminal } from './terminal.ts';

/** Waits for gdb and serves it until it detaches, kills the run or goes away. */
export async function serveGdb(io: Io, session: DebugSession, terminal: Terminal, port: number): Promise<void> {
  const connection = await terminal.connection(port, (bound) => {
    io.out(`waiting for gdb: target remote 127.0.0.1:${bound}`);
  });
  await serveConnection(session, connection);
  io.out('gdb has left');
}

export async function serveConnection(session: DebugSession, connection: Connection): Promise<void> {
  const server = new GdbServer(session);
  const reader = new PacketReader();
  let [acks, interrupted, moving] = [true, false, false];
  let lastSent: Uint8Array | undefined;
  const send = (payload: string): void => {
    lastSent = encodePacket(payload);
    connection.write(lastSent);
  };
  const move = async (movement: Movement): Promise<void> => {
    [moving, interrupted] = [true, false];
    try {
      for (const payload of await moved(server, movement, () => interrupted)) send(payload);
    } catch (error) {
      if (!(error instanceof DebugError)) throw error;
      send(server.afterEnd());
    } finally {
      moving = false;
    }
  };
  let movement = Promise.resolve();
  for await (const bytes of connection) {
    for (const received of reader.receive(bytes)) {
      if (received.kind === 'interrupt') interrupted = true;
      if (received.kind === 'nak' && lastSent !== undefined) connection.write(lastSent);
      if (received.kind === 'damaged' && acks) connection.write(NAK);
      if (received.kind !== 'packet') continue;
      if (acks) connection.write(ACK);
      // gdb waits for the end of a movement before it asks for more.
      if (moving) await movement;
      const reply = server.receive(received.payload);
      if (reply.kind === 'movement') movement = move(reply.movement);
      else if (reply.kind === 'answer') {
        send(reply.payload);
        if (reply.after === 'no-acks') acks = false;
      }
      if (reply.kind === 'close' || (reply.kind === 'answer' && reply.after === 'close')) {
        connection.close();
        return;
      }
    }
  }
  interrupted = true;
  await movement;
}

const [ACK, NAK] = [Uint8Array.of(0x2b), Uint8Array.of(0x2d)];

async function moved(server: GdbServer, movement: Movement, interrupted: () => boolean): Promise<readonly string[]> {
  for (;;) {
    const { done, value } = movement.next();
    if (done) return server.afterMovement(value);
    await setImmediate();
    if (!interrupted()) continue;
    movement.return({ reason: 'step' });
    return [server.interrupted()];
  }
}
