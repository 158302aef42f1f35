import { type AddressInfo, connect, createServer } from 'node:net';

/** Below the range from which systems take ports for outgoing connections: nobody takes one of these by accident. */
const LOWEST = 20_000;
const PORTS = 12_000;
const TRIES = 50;

/** A TCP port on loopback that was free a moment ago, and is likely to stay so until a slow server binds it. */
export async function freePort(): Promise<number> {
  for (let n = 0; n < TRIES; n++) {
    const port = await bindOnce(LOWEST + Math.floor(Math.random() * PORTS)).catch(() => null);
    if (port !== null) return port;
  }
  return bindOnce(0);
}

function bindOnce(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Does something listen there? */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
