import { type Bench, FEW } from '../bench.js';
import { inTurns, median, print } from '../figure.js';
import { startChild } from '../processes/child.js';
import { signIn, startParley } from '../processes/parley.js';
import { type Spending, spending } from '../spending.js';
import type { Visited } from '../processes/browsers.js';
import { countPage } from './count.js';

const TURNS = 10;

/**
 * A document's page, for either side, against the same SQL with a page that is made already; and what it asks of the
 * database.
 */
export async function measurePage({ cluster, browsers, filled }: Bench): Promise<void> {
  const place = await filled(FEW);
  const { home, number } = place;
  const site = await startParley(['web'], { database_url: place.url() });
  const { ready: bare_port, child: bare } = await startChild<number>('bare_page_process', {
    DATABASE_URL: place.url(),
  });
  const cookies = await signIn(place.url(), [home.maya.email, home.olivia.email]);
  const path = `/${home.slug}/documents/${number}`;
  for (const [i, reader] of ['contact', 'staff'].entries()) {
    const cookie = cookies[i] ?? '';
    const page = await (await fetch(`http://127.0.0.1:${site.ports.web}${path}`, { headers: { cookie } })).text();
    await bare.ask(page);
    const counted = await countPage(cluster, place, path, cookie);
    for (const encoding of ['identity', 'gzip, deflate, br']) {
      const compressed = encoding !== 'identity';
      const visit = { headers: { cookie, 'accept-encoding': encoding }, status: 200, browsers: 8 };
      const ours = { ...visit, port: site.ports.web, paths: [path] };
      const theirs = { ...visit, port: bare_port, paths: [compressed ? `/compressed${path}` : path] };
      for (const each of [ours, theirs]) await browsers.visit({ ...each, ms: 1500 });
      const turns = await inTurns(
        TURNS,
        () => spending(cluster, site, () => browsers.visit({ ...ours, ms: 500 })),
        () => spending(cluster, bare, () => browsers.visit({ ...theirs, ms: 500 })),
      );
      print({
        figure: `document page, ${reader}${compressed ? ', compressed' : ''}`,
        ...compared(turns),
        bytes: turns[0]?.ours.result.bytes,
        ...counted,
      });
    }
  }
  const { rss_mb } = await site.usage();
  print({ figure: 'memory of the web after document pages', value: rss_mb, unit: 'MB' });
  await bare.stop();
  await site.stop();
}

/** The rates of both, and the median of what each turn made of them; and the same by processor time. */
function compared(turns: { ours: Spending<Visited>; bare: Spending<Visited> }[]) {
  const rate = ({ result }: Spending<Visited>) => result.per_second;
  const each = (ms: number, { result }: Spending<Visited>) => ms / result.requests;
  const total = (spent: Spending<Visited>) => each(spent.node_ms + spent.postgres_ms, spent);
  const of = (value: (turn: (typeof turns)[number]) => number) => median(turns.map(value));
  return {
    value: of(({ ours, bare }) => rate(ours) / rate(bare)),
    unit: '×',
    against: 'bare Express with the same SQL, requests per second',
    by_processor_time: of(({ ours, bare }) => total(bare) / total(ours)),
    per_second: of(({ ours }) => rate(ours)),
    bare_per_second: of(({ bare }) => rate(bare)),
    node_ms: of(({ ours }) => each(ours.node_ms, ours)),
    postgres_ms: of(({ ours }) => each(ours.postgres_ms, ours)),
    bare_node_ms: of(({ bare }) => each(bare.node_ms, bare)),
    bare_postgres_ms: of(({ bare }) => each(bare.postgres_ms, bare)),
  };
}
