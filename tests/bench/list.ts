import { clock, scoped } from '../../src/db/scope.js';
import { addPartner } from '../../src/people/partners.js';
import { type Harbor, harbor } from '../support/portal.js';
import type { Browsers } from './browsers.js';
import { addCrowd } from './crowd.js';
import type { Place } from './place.js';
import { openSite, type Site } from './site.js';
import { inTurns, median, print } from './slices.js';

const [FEW, MANY] = [1000, 200_000];

/** Lists of invoices, the first page and one deep in, where there are many, against the same where there are few. */
export async function measureList(place: Place, browsers: Browsers): Promise<void> {
  const site = await openSite(place.url(), ['web']);
  const [few, many] = [await crowded(place, site, FEW), await crowded(place, site, MANY)];
  for (const reader of ['staff', 'contact'] as const) {
    for (const depth of [0, 0.6]) {
      const [small, large] = [await pageAt(site, few, reader, depth), await pageAt(site, many, reader, depth)];
      const visit = ({ path, cookie }: typeof small, ms = 300) =>
        browsers.visit({ port: site.web_port, paths: [path], headers: { cookie }, status: 200, ms, browsers: 1 });
      await visit(small, 600);
      await visit(large, 600);
      const turns = await inTurns(
        6,
        () => visit(large),
        () => visit(small),
      );
      const [many_ms, few_ms] = [median(turns.flatMap((turn) => turn.ours.times_ms)), median(turns.flatMap((turn) => turn.bare.times_ms))];
      print(`invoice list, ${reader}, ${depth ? 'deep in' : 'first page'}`, {
        ratio: many_ms / few_ms,
        [`ms_of_${MANY}`]: many_ms,
        [`ms_of_${FEW}`]: few_ms,
      });
    }
  }
  await site.stop();
}

interface Crowded extends Harbor {
  count: number;
}

async function crowded(place: Place, site: Site, count: number): Promise<Crowded> {
  const home = await harbor(site.house.db);
  const other = await addPartner(site.house.db.knex, home.staff, { ...home.customer, name: 'Other', email: '' });
  await place.bulk((db) => addCrowd(db, home, other, count));
  return { ...home, count };
}

/** The list's page that starts after this share of the invoices, and the cookie of one who may see it. A contact sees each tenth invoice. */
async function pageAt(site: Site, { organization_id, slug, count, olivia, maya }: Crowded, reader: 'staff' | 'contact', depth: number) {
  const number = `INV-C${Math.round(count * (1 - depth))}`;
  const last = await scoped(site.house.db.knex, clock(organization_id), (db) =>
    db('documents').where({ organization_id, number }).first('id'),
  );
  const cookie = await site.cookieOf(reader === 'staff' ? olivia.email : maya.email);
  return { path: `/${slug}/invoices${depth ? `?before=${last.id}` : ''}`, cookie };
}
