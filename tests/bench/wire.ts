import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What went over the wire to PostgreSQL. A round trip: something was asked after the last answer. */
export interface Wire {
  round_trips: number;
  statements: number;
  /** The folder of the socket to connect to in place of the server's. */
  host: string;
  close(): Promise<void>;
}

/** A relay before PostgreSQL that counts, whatever library asks, and however it asks. */
export async function openWire(server: { host: string; port: number }): Promise<Wire> {
  const host = await mkdtemp(join(tmpdir(), 'parley-wire-'));
  const name = `.s.PGSQL.${server.port}`;
  const open = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(join(server.host, name));
    const statementsIn = reader();
    let answered = true;
    for (const socket of [client, upstream]) open.add(socket.on('error', () => {}));
    client.on('data', (chunk: Buffer) => {
      wire.round_trips += Number(answered);
      wire.statements += statementsIn(chunk);
      answered = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      answered = true;
      client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const wire: Wire = {
    round_trips: 0,
    statements: 0,
    host,
    async close() {
      for (const socket of open) socket.destroy();
      relay.close();
      await rm(host, { recursive: true, force: true });
    },
  };
  relay.listen(join(host, name));
  await once(relay, 'listening');
  return wire;
}

/**
 * Counts the statements in a client's stream: a type byte and a length that counts itself (PostgreSQL protocol 3.0);
 * the first message has no type.
 */
function reader(): (chunk: Buffer) => number {
  let [rest, type_size] = [Buffer.alloc(0), 0];
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let statements = 0;
    while (rest.length >= type_size + 4) {
      const size = type_size + rest.readUInt32BE(type_size);
      if (rest.length < size) break;
      // Q: a statement as text; E: one that was parsed and bound is executed.
      if (type_size && 'QE'.includes(String.fromCharCode(rest[0] ?? 0))) statements += 1;
      rest = rest.subarray(size);
      type_size = 1;
    }
    return statements;
  };
}
