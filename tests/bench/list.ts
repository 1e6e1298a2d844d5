import { systemActor, withActor } from '../../src/db/scope.js';
import { addPartner } from '../../src/people/partner.js';
import { type Harbor, harbor } from '../support/harbor.js';
import type { Browsers } from './browsers.js';
import { addCrowd } from './crowd.js';
import type { Place } from './place.js';
import { openSite, type Site } from './site.js';
import { inTurns, median, print } from './slices.js';

const [FEW, MANY] = [1000, 100_000];

/** Lists of invoices, the first page and one deep in, where there are many, against the same where there are few. */
export async function measureList(place: Place, browsers: Browsers): Promise<void> {
  const site = await openSite(place.url(), ['web']);
  const [few, many] = [await crowded(place, site, FEW), await crowded(place, site, MANY)];
  for (const reader of ['staff', 'contact'] as const)
    for (const depth of [0, 0.6]) {
      const pages = [await pageAt(site, few, reader, depth), await pageAt(site, many, reader, depth)] as const;
      await compare(site, browsers, `invoice list, ${reader}, ${depth ? 'deep in' : 'first page'}`, pages);
    }
  for (const query of [
    'sort=due',
    'sort=total&turned=1',
    'show=outstanding',
    'from=2026-11-01&to=2026-11-30',
    'q=part+777',
  ])
    await compare(site, browsers, `invoice list, staff, ${query}`, [
      await narrowed(site, few, few.olivia, query),
      await narrowed(site, many, many.olivia, query),
    ]);
  await compare(site, browsers, 'invoice list, contact, q=part+770', [
    await narrowed(site, few, few.maya, 'q=part+770'),
    await narrowed(site, many, many.maya, 'q=part+770'),
  ]);
  await site.stop();
}

interface Page {
  path: string;
  cookie: string;
}

/** The same page where there are few and where there are many, in turns. */
async function compare(
  site: Site,
  browsers: Browsers,
  name: string,
  [small, large]: readonly [Page, Page],
): Promise<void> {
  const visit = ({ path, cookie }: Page, ms = 300) =>
    browsers.visit({ port: site.web_port, paths: [path], headers: { cookie }, status: 200, ms, browsers: 1 });
  await visit(small, 600);
  await visit(large, 600);
  const turns = await inTurns(
    6,
    () => visit(large),
    () => visit(small),
  );
  const [many_ms, few_ms] = [
    median(turns.flatMap((turn) => turn.ours.times_ms)),
    median(turns.flatMap((turn) => turn.bare.times_ms)),
  ];
  print(name, { ratio: many_ms / few_ms, [`ms_of_${MANY}`]: many_ms, [`ms_of_${FEW}`]: few_ms });
}

const narrowed = async (site: Site, { slug }: Crowded, reader: { email: string }, query: string): Promise<Page> => ({
  path: `/${slug}/invoices?${query}`,
  cookie: await site.cookieOf(reader.email),
});

interface Crowded extends Harbor {
  count: number;
}

async function crowded(place: Place, site: Site, count: number): Promise<Crowded> {
  const home = await harbor(site.services.db);
  const other = await addPartner(site.services.db.knex, home.staff, { ...home.customer, name: 'Other', email: '' });
  await place.bulk((db) => addCrowd(db, home, other, count));
  return { ...home, count };
}

/**
 * The list's page that starts after this share of the invoices, and the cookie of one who may see it. A contact sees
 * each tenth invoice.
 */
async function pageAt(
  site: Site,
  { organization_id, slug, count, olivia, maya }: Crowded,
  reader: 'staff' | 'contact',
  depth: number,
) {
  const number = `INV-C${Math.round(count * (1 - depth))}`;
  const last = await withActor(site.services.db.knex, systemActor(organization_id), (db) =>
    db('documents').where({ organization_id, number }).first('id'),
  );
  const cookie = await site.cookieOf(reader === 'staff' ? olivia.email : maya.email);
  return { path: `/${slug}/invoices${depth ? `?before=${last.id}` : ''}`, cookie };
}
