import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorsIn, post, refused, textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const NEW = { organization: 'Pier Nine', currency: 'EUR', locale: 'de-DE', time_zone: 'Europe/Berlin' };

test('the owner of an organization founds another, and changes between them without signing in again', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const menu = (await olivia.get(`/${home.slug}/desk`).expect(200)).text;
  assert.match(menu, /href="\/organizations\/new"/);
  assert.match((await olivia.get('/organizations/new').expect(200)).text, /Pier|New organization/);
  const slug = `pier-${home.slug}`;
  assert.equal(await post(olivia, '/organizations', { ...NEW, slug }), `/${slug}/settings/members`);
  const there = await olivia.get(`/${slug}/settings/members`).expect(200);
  assert.match(textOf(there.text), /Olivia Grant/);
  assert.match(there.text, new RegExp(`href="/${home.slug}"`));
  assert.match(textOf(there.text), /Sie handeln für Pier Nine/);
  // Each address has its organization: nothing of one is in the other.
  await olivia.get(`/${slug}/documents/${invoice.number}`).expect(404);
  await olivia.get(invoice.url).expect(200);
  await (await portal.signIn(home.tom.email)).get(`/${slug}/desk`).expect(404);
});

test('a slug is checked: taken, a page of the site, or none', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const wrong = async (slug: string) => errorsIn(await refused(olivia, '/organizations', 422, { ...NEW, slug })).join();
  assert.match(await wrong(home.slug), /This address is taken/);
  assert.match(await wrong('organizations'), /page of the site/);
  assert.match(await wrong('=1+1'), /small letters, digits and hyphens/);
  const page = await refused(olivia, '/organizations', 422, { ...NEW, slug: 'pier-nine', time_zone: 'Mars/Base' });
  assert.match(page, /value="Pier Nine"/);
});

test('who owns none founds none, unless the installation is open', async () => {
  const home = await harbor(portal);
  const tom = await portal.signIn(home.tom.email);
  assert.match(textOf(await refused(tom, '/organizations', 403, NEW)), /Only the owner of an organization/);
  const open = await openPortal({ ORGANIZATIONS: 'open' });
  const there = await harbor(open);
  await post(await open.signIn(there.tom.email), '/organizations', NEW);
  await (await open.signIn(there.maya.email)).get('/organizations/new').expect(403);
  await open.close();
});
