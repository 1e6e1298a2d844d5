import { openDatabase } from '../../src/db/database.js';
import { type Bench, MANY } from './bench.js';
import type { Filled } from './database/filled.js';
import { richInvoice } from './database/stock.js';
import { median, print } from './figure.js';
import { type Parley, signIn, startParley } from './processes/parley.js';
import { openWire } from './wire.js';
import { spending } from './spending.js';

/** Many, so that no conversation gets long. */
const INVOICES = 64;
const TURNS = 3;
const FORM = 'text=Could+the+desk+come+in+the+second+week%3F&audience=shared';

/**
 * A comment by form: the change, its activity, two notifications, two emails and their jobs, in one durable
 * transaction.
 */
export async function measureAct({ cluster, browsers, copied }: Bench): Promise<void> {
  const place = await copied(MANY);
  const visit = {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: (await signIn(place.url(), [place.home.maya.email]))[0] ?? '',
    },
    paths: await invoicesIn(place),
    body: FORM,
    status: 303,
    browsers: 8,
  };
  const comment = ({ ports }: Parley, more: { ms: number; least?: number; browsers?: number }) =>
    browsers.visit({ ...visit, port: ports.web, ...more });
  const wire = await openWire(cluster.server);
  const counting = await startParley(['web'], { database_url: place.url(wire.host) });
  await comment(counting, { ms: 0, least: 20, browsers: 1 });
  const before = { ...wire };
  const { requests } = await comment(counting, { ms: 0, least: 50, browsers: 1 });
  const counted = {
    round_trips: (wire.round_trips - before.round_trips) / requests,
    statements: (wire.statements - before.statements) / requests,
  };
  await counting.stop();
  await wire.close();

  const site = await startParley(['web'], { database_url: place.url() });
  await comment(site, { ms: 3000, least: 300 });
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push(await spending(cluster, site, () => comment(site, { ms: 3000 })));
  print({
    figure: 'comment by form',
    value: median(turns.map(({ result }) => result.per_second)),
    unit: 'a second',
    node_ms: median(turns.map(({ node_ms, result }) => node_ms / result.requests)),
    postgres_ms: median(turns.map(({ postgres_ms, result }) => postgres_ms / result.requests)),
    p50_ms: median(turns.flatMap(({ result }) => result.times_ms)),
    ...counted,
  });
  await site.stop();
}

/** Where browsers write, each on the next. */
async function invoicesIn({ home, ...place }: Filled): Promise<string[]> {
  const db = openDatabase({ connectionString: place.url() }, 1);
  const paths: string[] = [];
  for (let i = 0; i < INVOICES; i++)
    paths.push(`/${home.slug}/documents/${(await richInvoice(db.knex, home)).number}/comment`);
  await db.close();
  return paths;
}
