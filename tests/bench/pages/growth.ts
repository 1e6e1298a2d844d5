import { type Bench, CROWD, type Size } from '../bench.js';
import type { Filled } from '../database/filled.js';
import { median, print } from '../figure.js';
import { type Parley, signIn, startParley } from '../processes/parley.js';
import { spending } from '../spending.js';
import { type Address, addressesIn, type Reader } from './addresses.js';

/** What a page took: processor time in ms, and the time until it was there. */
export interface Cost {
  node_ms: number;
  postgres_ms: number;
  ms: number;
  bytes: number;
}

export interface Site {
  size: Size;
  filled: Filled;
  parley: Parley;
  cookies: Record<Reader, string>;
  addresses: Address[];
}

/** The vendor's contact, see `addVendor`. */
const ERIK = 'erik@northern.example';

const TURNS = 3;

/** Each kind of page where there are many, against the same where there are few: by processor time. */
export async function measureGrowth(bench: Bench, few: Size, many: Size): Promise<void> {
  const [small, large] = [await openSite(bench, few), await openSite(bench, many)];
  for (const { name, group } of small.addresses) {
    for (const site of [small, large]) await costOf(bench, site, name);
    const [was, is]: [Cost[], Cost[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      was.push(await costOf(bench, small, name));
      is.push(await costOf(bench, large, name));
    }
    const [less, more] = [cheapest(was), cheapest(is)];
    print({
      figure: `${name}: ${many.name}`,
      group: `${many === CROWD ? 'every page' : group}: ${many.name}`,
      value: total(more) / total(less),
      unit: '×',
      against: `the same page with ${few.name}, by processor time`,
      ...more,
      was_ms: total(less),
      was_bytes: less.bytes,
    });
  }
  for (const site of [small, large]) await site.parley.stop();
}

const total = ({ node_ms, postgres_ms }: Cost) => node_ms + postgres_ms;

/** What else the machine does only adds to it. */
const cheapest = (costs: Cost[]) => costs.reduce((best, cost) => (total(cost) < total(best) ? cost : best));

export async function openSite({ cluster, filled }: Bench, size: Size): Promise<Site> {
  const place = await filled(size);
  const { home } = place;
  const [staff = '', customer = '', vendor = ''] = await signIn(place.url(), [
    home.olivia.email,
    home.maya.email,
    ERIK,
  ]);
  const parley = await startParley(['web'], { database_url: place.url() });
  const addresses = await addressesIn(cluster, place);
  return { size, filled: place, parley, addresses, cookies: { staff, customer, vendor } };
}

/** The page a few times over; each at its average. */
export async function costOf(
  { cluster, browsers }: Bench,
  site: Site,
  name: string,
  ms = 100,
  least = 3,
): Promise<Cost> {
  const address = site.addresses.find((address) => address.name === name);
  if (!address) throw new Error(`There is no page ${name} with ${site.size.name}.`);
  const { path, body, status = 200, reader } = address;
  const form = body === undefined ? {} : { body };
  const { result, node_ms, postgres_ms } = await spending(cluster, site.parley, () =>
    browsers.visit({
      ...form,
      port: site.parley.ports.web,
      paths: [`/${site.filled.home.slug}${path}`],
      headers: { cookie: site.cookies[reader], 'content-type': 'application/x-www-form-urlencoded' },
      status,
      ms,
      least,
      browsers: 1,
    }),
  );
  const each = (spent: number) => spent / result.requests;
  return { node_ms: each(node_ms), postgres_ms: each(postgres_ms), ms: median(result.times_ms), bytes: result.bytes };
}
