/** What a debugger needs of the outside beyond `Io`: lines typed or piped, Ctrl-C, and a socket for gdb. */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.ts';

export interface Lines extends AsyncIterable<string> {
  /** Shows the prompt, where a person is typing. */
  prompt(): void;
  /** Called for Ctrl-C. */
  onInterrupt(interrupted: () => void): void;
  close(): void;
}

/** A connection of a debugger. */
export interface Connection extends AsyncIterable<Uint8Array> {
  write(bytes: Uint8Array): void;
  close(): void;
}

export interface Terminal {
  lines(prompt: string, complete: (line: string) => readonly string[]): Lines;
  /** Waits for one connection on 127.0.0.1. `listening` is told the port, chosen by the system if `port` is 0. */
  connection(port: number, listening: (port: number) => void): Promise<Connection>;
}

const HISTORY = 1000;

export const processTerminal: Terminal = {
  lines(prompt, complete) {
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    const readline = createInterface({
      input: process.stdin,
      ...(terminal && { output: process.stdout, prompt, historySize: HISTORY }),
      terminal,
      completer: (line: string) => [[...complete(line)], line],
    });
    return {
      prompt: () => void (terminal && readline.prompt()),
      onInterrupt: (interrupted) => void readline.on('SIGINT', interrupted),
      close: () => readline.close(),
      [Symbol.asyncIterator]: () => readline[Symbol.asyncIterator](),
    };
  },
  connection: (port, listening) =>
    new Promise((resolve, reject) => {
      // Whoever connects can read the private input, so nobody on another machine may.
      const server = createServer((socket) => {
        server.close();
        socket.setNoDelay(true);
        resolve(connectionOf(socket));
      });
      server.on('error', (cause: NodeJS.ErrnoException) => {
        const reason = cause.code === 'EADDRINUSE' ? 'it is in use' : cause.message;
        reject(new CliError('usage', `cannot listen on port ${port}: ${reason}`, { cause }));
      });
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        listening(typeof address === 'object' && address !== null ? address.port : port);
      });
    }),
};

function connectionOf(socket: Socket): Connection {
  // A debugger that goes away ends the iteration.
  socket.on('error', () => socket.destroy());
  return {
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    close: () => void socket.end(),
    async *[Symbol.asyncIterator]() {
      try {
        for await (const bytes of socket) yield bytes as Uint8Array;
      } catch (cause) {
        if (!['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes((cause as NodeJS.ErrnoException).code ?? ''))
          throw cause;
      }
    },
  };
}
