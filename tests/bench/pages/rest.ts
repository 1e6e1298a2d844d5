import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, MANY } from '../bench.js';
import { print } from '../figure.js';
import { type Cost, costOf, openSite, type Site } from './growth.js';

/**
 * Longer than idle connections are kept, and than what else is dropped while nobody asks: after ten minutes nothing
 * more is.
 */
const REST_SECONDS = Number(process.env['REST_SECONDS'] ?? 45);

const PAGES = ['customer /documents/…', 'staff /documents/…', 'customer /', 'staff /desk', 'staff invoices '];

/** The first page after a rest, and after a start, against a warm one: each of a process that serves no other before. */
export async function measureRest(bench: Bench): Promise<void> {
  const sites: [string, Site][] = [];
  for (const page of PAGES) sites.push([page, await openSite(bench, MANY)]);
  await pause(2000);
  const first = await each(bench, sites, 0, 1);
  const warm = await each(bench, sites, 300, 30);
  await pause(REST_SECONDS * 1000);
  const rested = await each(bench, sites, 0, 1);
  for (const [i, page] of PAGES.entries())
    for (const [after, costs] of Object.entries({ 'a start': first, 'a rest': rested }))
      report(page, after, costs[i], warm[i]);
  for (const [, { parley }] of sites) await parley.stop();
}

async function each(bench: Bench, sites: [string, Site][], ms: number, least: number): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const [page, site] of sites) {
    if (least > 1) await costOf(bench, site, page, ms, least);
    costs.push(await costOf(bench, site, page, ms, least));
  }
  return costs;
}

function report(page: string, after: string, is: Cost | undefined, warm: Cost | undefined): void {
  if (!is || !warm) throw new Error(`${page} was not measured.`);
  print({
    figure: `first page after ${after}: ${page}`,
    group: `first page after ${after}`,
    value: (is.node_ms + is.postgres_ms) / (warm.node_ms + warm.postgres_ms),
    unit: '×',
    against: 'a warm page, by processor time',
    by_time: is.ms / warm.ms,
    ...is,
    warm_ms: warm.ms,
  });
}
