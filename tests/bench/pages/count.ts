import type pg from 'pg';
import type { Cluster, Place } from '../database/cluster.js';
import { startParley } from '../processes/parley.js';
import { openWire } from '../wire.js';

const VIEWS = 100;

/** What a page asks of the database and writes into it, by the wire and by the write-ahead log. */
export async function countPage(cluster: Cluster, place: Place, path: string, cookie: string) {
  const wire = await openWire(cluster.server);
  const site = await startParley(['web'], { database_url: place.url(wire.host) });
  const admin = await cluster.admin(place);
  const view = async () =>
    (await fetch(`http://127.0.0.1:${site.ports.web}${path}`, { headers: { cookie } })).arrayBuffer();
  for (let i = 0; i < 20; i++) await view();
  const before = { ...wire, ...(await written(admin)) };
  for (let i = 0; i < VIEWS; i++) await view();
  const after = { ...wire, ...(await written(admin)) };
  await site.stop();
  await admin.end();
  await wire.close();
  const each = (name: 'round_trips' | 'statements' | 'writes' | 'wal_bytes') => (after[name] - before[name]) / VIEWS;
  return {
    round_trips: each('round_trips'),
    statements: each('statements'),
    writes: each('writes'),
    wal_bytes: each('wal_bytes'),
  };
}

/** Transactions that wrote, and bytes of the write-ahead log, since the server began. */
async function written(db: pg.Client) {
  const { rows } = await db.query<{ writes: number; wal_bytes: number }>(
    `select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as writes,
      (pg_current_wal_insert_lsn() - '0/0')::float8 as wal_bytes`,
  );
  return rows[0] ?? { writes: 0, wal_bytes: 0 };
}
