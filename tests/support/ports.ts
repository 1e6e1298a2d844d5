import { createServer } from 'node:net';

// Below the ports that the system gives to connections, and begun anywhere: two processes that look for a port at the
// same time don't find the same.
let next = 10_000 + Math.floor(Math.random() * 20_000);

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next++;
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
