import { after, before, test } from 'node:test';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => {
  portal = await openPortal();
});

after(() => portal.close());

test('a session comes before links; once it has ended, the links still open their one document', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const other = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  const opened = await portal.open(received);
  const linked = opened.cookie;
  const page = opened.page.endsWith(invoice.number) ? invoice : other;
  const hidden = page === invoice ? other : invoice;

  const mayas = await portal.signInByCode(home.maya.email);
  const session = (await portal.knex('sessions').orderBy('created_at', 'desc').first('token_hash')) as object;
  await mayas.get(hidden.url).set('Cookie', linked).expect(200);
  await portal.knex('sessions').where(session).delete();
  await mayas.get(page.url).set('Cookie', linked).expect(200);
  await mayas
    .get(hidden.url)
    .set('Cookie', linked)
    .expect(303)
    .expect('Location', /^\/verify\?/);
});
