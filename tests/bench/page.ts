import type { Knex } from 'knex';
import { type Harbor, harbor } from '../support/harbor.js';
import { openBarePage } from './bare_page.js';
import type { Browsers, Visit } from './browsers.js';
import type { Place } from './place.js';
import { openSite } from './site.js';
import { inTurns, median, print } from './slices.js';
import { richInvoice } from './stock.js';
import { openWire } from './wire.js';

const READERS = ['contact', 'staff'] as const;

/**
 * A document's page, for either side, against the same SQL with a page that is made already; and what it asks of the
 * database.
 */
export async function measurePage(place: Place, browsers: Browsers): Promise<void> {
  const site = await openSite(place.url(), ['web']);
  const { knex, pool } = site.services.db;
  const home = await harbor({ knex });
  const { number } = await richInvoice(knex, home);
  await knex.raw('vacuum analyze');
  const path = `/${home.slug}/documents/${number}`;
  for (const reader of READERS) {
    const cookie = await site.cookieOf(reader === 'staff' ? home.olivia.email : home.maya.email);
    const page = await (await fetch(`http://127.0.0.1:${site.web_port}${path}`, { headers: { cookie } })).text();
    const bare = await openBarePage(pool, page);
    const counts = await count(place, home, path, reader);
    for (const encoding of ['identity', 'gzip, deflate, br']) {
      const visit = { headers: { cookie, 'accept-encoding': encoding }, status: 200, ms: 500, browsers: 8 };
      const [ours, theirs] = [
        { ...visit, port: site.web_port, paths: [path] },
        { ...visit, port: bare.port, paths: [encoding === 'identity' ? path : `/compressed${path}`] },
      ];
      const rates = await compare(browsers, ours, theirs);
      print(`invoice page, ${reader}${encoding === 'identity' ? '' : ', compressed'}`, {
        ...rates,
        bytes: Buffer.byteLength(page),
        ...counts,
      });
    }
    bare.server.close();
  }
  await site.stop();
}

/** Requests per second of both, and the median of what each turn made of them. */
async function compare(browsers: Browsers, ours: Visit, bare: Visit, turns = 10) {
  await browsers.visit({ ...ours, ms: 1500 });
  await browsers.visit({ ...bare, ms: 1500 });
  const results = await inTurns(
    turns,
    () => browsers.visit(ours),
    () => browsers.visit(bare),
  );
  return {
    ratio: median(results.map((turn) => turn.ours.per_second / turn.bare.per_second)),
    requests_per_second: median(results.map((turn) => turn.ours.per_second)),
    bare_requests_per_second: median(results.map((turn) => turn.bare.per_second)),
  };
}

const VIEWS = 200;

/** What a page asks of the database and writes into it, by the wire and by the write-ahead log. */
async function count(place: Place, home: Harbor, path: string, reader: (typeof READERS)[number]) {
  const wire = await openWire(place.server);
  const site = await openSite(place.url(wire.host), ['web']);
  const { knex } = site.services.db;
  const headers = { cookie: await site.cookieOf(reader === 'staff' ? home.olivia.email : home.maya.email) };
  const view = async () => (await fetch(`http://127.0.0.1:${site.web_port}${path}`, { headers })).text();
  for (let i = 0; i < 20; i++) await view();
  const before = await written(knex);
  const start = wire.round_trips;
  for (let i = 0; i < VIEWS; i++) await view();
  const round_trips = (wire.round_trips - start) / VIEWS;
  const after = await written(knex);
  await site.stop();
  await wire.close();
  return {
    round_trips,
    writes: (after.transactions - before.transactions) / VIEWS,
    wal_bytes: (after.wal - before.wal) / VIEWS,
  };
}

/** Transactions that wrote, and bytes of the write-ahead log, since the server began. */
async function written(db: Knex): Promise<{ transactions: number; wal: number }> {
  const { rows } = await db.raw(
    `select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as transactions, (pg_current_wal_insert_lsn() - '0/0')::float8 as wal`,
  );
  return rows[0];
}
