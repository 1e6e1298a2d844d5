import type { Writable } from 'node:stream';
import type pg from 'pg';
import { countRoundTrip } from '../telemetry/cause.js';

/** Private to `pg`: the stream that its connection writes to. */
interface WithStream {
  connection: { stream: Writable };
}

const streamOf = (client: pg.ClientBase) => (client as unknown as WithStream).connection.stream;

/** Sends all that `send` queries in one packet: PostgreSQL wakes once, and so do we. */
export function inOnePacket<T>(client: pg.ClientBase, send: () => T): T {
  const stream = streamOf(client);
  stream.cork();
  const sent = send();
  countRoundTrip();
  stream.uncork();
  return sent;
}

/** The same for all that is queried before the event loop turns, from now on. */
export function joinWrites(client: pg.ClientBase): void {
  const stream = streamOf(client);
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  let joining = false;
  const leave = () => {
    joining = false;
    stream.uncork();
  };
  const join = (...given: unknown[]) => {
    if (!joining) {
      joining = true;
      countRoundTrip();
      stream.cork();
      process.nextTick(leave);
    }
    return write(...given);
  };
  stream.write = join as Writable['write'];
}
