import type { Bench, Size } from '../bench.js';
import { median, print } from '../figure.js';
import { type Cost, costOf, openSite, type Site } from './growth.js';

const BUDGET_MS = 120_000;
const SLOWEST = 10;

/** A list of everything, of what is frequent, and of what is rare. */
const LISTS = ['documents', 'invoices', 'proposals'];

interface Search {
  list: string;
  prefix: string;
}

/** Searches of lists by every beginning of a word with up to three letters: the slowest of them. */
export async function measureSearch(bench: Bench, size: Size): Promise<void> {
  const site = await openSite(bench, size);
  const found = await prefixesIn(bench, site);
  const search = async ({ list, prefix }: Search, least: number) => {
    const name = `search ${list} ${prefix}`;
    const address = { name, group: name, reader: 'staff' as const, path: `/${list}?q=${encodeURIComponent(prefix)}` };
    return { list, prefix, ...(await costOf(bench, { ...site, addresses: [address] }, name, 0, least)) };
  };
  const asked: (Cost & Search)[] = [];
  const start = performance.now();
  for (const prefix of found) {
    if (performance.now() - start > BUDGET_MS) break;
    for (const list of LISTS) asked.push(await search({ list, prefix }, 1));
  }
  const again = [];
  for (const one of asked.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST)) again.push(await search(one, 5));
  const [worst] = again.toSorted((a, b) => b.ms - a.ms);
  if (!worst) throw new Error('Nothing was searched.');
  const { ms, ...rest } = worst;
  print({
    figure: `search by any beginning of a word: ${size.name}`,
    value: ms,
    unit: 'ms',
    ...rest,
    median_ms: median(asked.map(({ ms }) => ms)),
    searches: asked.length,
  });
  await site.parley.stop();
}

/** All with one letter, then those with more, mixed. */
async function prefixesIn({ cluster }: Bench, { filled }: Site): Promise<string[]> {
  const db = await cluster.admin(filled);
  const { rows } = await db.query<{ prefix: string }>(
    `select prefix from (
       select distinct left(word, n) as prefix from subject_words, generate_series(1, 3) n where organization_id = $1) p
     order by length(prefix) > 1, md5(prefix)`,
    [filled.home.organization_id],
  );
  await db.end();
  return rows.map(({ prefix }) => prefix);
}
