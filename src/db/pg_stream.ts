import type { Writable } from 'node:stream';
import type pg from 'pg';

/** Private to `pg`: the stream that its connection writes to. */
interface WithStream {
  connection: { stream: Writable };
}

/** Sends all that `send` queries in one packet: PostgreSQL wakes once, and so do we. */
export function inOnePacket<T>(client: pg.ClientBase, send: () => T): T {
  const { stream } = (client as unknown as WithStream).connection;
  stream.cork();
  const sent = send();
  stream.uncork();
  return sent;
}
