import { pdfOf } from '../../src/documents/queries/document_pdf.js';
import { harbor } from '../support/harbor.js';
import type { Browsers } from './browsers.js';
import type { Place } from './place.js';
import { openSite } from './site.js';
import { median, print } from './slices.js';
import { richInvoice } from './stock.js';

/** An invoice's PDF: with the browser to be started, with one that is warm, and kept from before. */
export async function measurePdf(place: Place, browsers: Browsers): Promise<void> {
  const site = await openSite(place.url(), ['web']);
  const { db, storage, printer } = site.services;
  const home = await harbor({ knex: db.knex });
  const printed: number[] = [];
  let path = '';
  for (let i = 0; i < 11; i++) {
    const { id, number } = await richInvoice(db.knex, home);
    path = `/${home.slug}/documents/${number}/pdf`;
    const start = performance.now();
    await pdfOf(db.knex, storage, printer, home.organization_id, id, 1, 'en-US');
    printed.push(performance.now() - start);
  }
  const [first = 0, ...warm] = printed;
  const visit = {
    port: site.web_port,
    paths: [path],
    headers: { cookie: await site.cookieOf(home.maya.email) },
    status: 200,
    browsers: 1,
  };
  await browsers.visit({ ...visit, ms: 500 });
  const kept = await browsers.visit({ ...visit, ms: 1500 });
  print('PDF of an invoice', { first_ms: first, warm_ms: median(warm), kept_ms: median(kept.times_ms) });
  await site.stop();
}
