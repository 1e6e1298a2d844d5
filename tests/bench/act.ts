import { harbor } from '../support/harbor.js';
import type { Browsers } from './browsers.js';
import type { Place } from './place.js';
import { openSite, type Site } from './site.js';
import { median, print } from './slices.js';
import { richInvoice } from './stock.js';
import { openWire } from './wire.js';

const INVOICES = 8;
const ACTS = 50;
const FORM = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'text=Could+the+desk+come+in+the+second+week%3F&audience=shared',
};

/**
 * A comment by form: the change, its activity, two notifications, two emails and their jobs, in one durable
 * transaction.
 */
export async function measureAct(place: Place, browsers: Browsers): Promise<void> {
  const wire = await openWire(place.server);
  const counting = await openSite(place.url(wire.host), ['web']);
  const { paths, cookie } = await subjects(counting);
  const post = (site: Site, path: string) =>
    fetch(`http://127.0.0.1:${site.web_port}${path}`, {
      ...FORM,
      method: 'POST',
      headers: { ...FORM.headers, cookie },
      redirect: 'manual',
    });
  for (let i = 0; i < 20; i++) await post(counting, paths[0] ?? '');
  const [round_trips, statements] = [wire.round_trips, wire.statements];
  for (let i = 0; i < ACTS; i++) await post(counting, paths[0] ?? '');
  const counts = {
    statements: (wire.statements - statements) / ACTS,
    round_trips: (wire.round_trips - round_trips) / ACTS,
  };
  await counting.stop();
  await wire.close();

  const site = await openSite(place.url(), ['web']);
  const visit = {
    port: site.web_port,
    paths,
    headers: { ...FORM.headers, cookie },
    body: FORM.body,
    status: 303,
    browsers: 8,
  };
  await browsers.visit({ ...visit, ms: 1000 });
  const visited = await browsers.visit({ ...visit, ms: 5000 });
  print('comment by form', { acts_per_second: visited.per_second, p50_ms: median(visited.times_ms), ...counts });
  await site.stop();
}

/** Where eight browsers write, each on an invoice of its own. */
async function subjects(site: Site) {
  const { knex } = site.services.db;
  const home = await harbor({ knex });
  const paths: string[] = [];
  for (let i = 0; i < INVOICES; i++)
    paths.push(`/${home.slug}/documents/${(await richInvoice(knex, home)).number}/comment`);
  return { paths, cookie: await site.cookieOf(home.maya.email) };
}
