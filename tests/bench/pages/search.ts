import type { Bench, Size } from '../bench.js';
import { median, print } from '../figure.js';
import { type Cost, costOf, openSite, type Site } from './growth.js';

const BUDGET_MS = 120_000;
const SLOWEST = 10;

/** The search of all documents, by every beginning of a word with up to three letters: the slowest of them. */
export async function measureSearch(bench: Bench, size: Size): Promise<void> {
  const site = await openSite(bench, size);
  const found = await prefixesIn(bench, site);
  const search = async (prefix: string, least: number) => {
    const name = `search ${prefix}`;
    const address = { name, group: name, reader: 'staff' as const, path: `/documents?q=${encodeURIComponent(prefix)}` };
    return { prefix, ...(await costOf(bench, { ...site, addresses: [address] }, name, 0, least)) };
  };
  const asked: (Cost & { prefix: string })[] = [];
  const start = performance.now();
  for (const prefix of found) {
    if (performance.now() - start > BUDGET_MS) break;
    asked.push(await search(prefix, 1));
  }
  const again = [];
  for (const { prefix } of asked.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST)) again.push(await search(prefix, 5));
  const [worst] = again.toSorted((a, b) => b.ms - a.ms);
  if (!worst) throw new Error('Nothing was searched.');
  const { ms, ...rest } = worst;
  print({
    figure: `search by any beginning of a word: ${size.name}`,
    value: ms,
    unit: 'ms',
    ...rest,
    median_ms: median(asked.map(({ ms }) => ms)),
    prefixes: asked.length,
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
