import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { textOf } from '../support/forms.js';
import { addVendor, harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('staff see what everybody did, newest first, of one person or one partner, and as a file', async () => {
  const home = await harbor(portal);
  const { id, url } = await sentInvoice(portal, home);
  await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  await (
    await portal.open(await portal.post.to(home.maya.email))
  )
    .post(`${url}/comment`)
    .type('form')
    .send({ text: 'When?' });
  await act(portal.knex, home.staff, id, 'comment', { text: 'Friday' });
  const olivia = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/activity`;
  const shown = async (query = '') => textOf((await olivia.get(page + query).expect(200)).text);
  assert.match(
    await shown(),
    /Olivia Grant wrote about invoice INV-0001.*Maya Chen wrote about invoice INV-0001.*set up/,
  );
  const hers = await shown(`?person=${home.maya.id}`);
  assert.match(hers, /Maya Chen wrote about/);
  assert.doesNotMatch(hers, /Olivia Grant wrote/);
  const clinic = await shown(`?partner=${home.partner_id}`);
  assert.match(clinic, /Maple Street Clinic.*wrote about/);
  assert.doesNotMatch(clinic, /Northern/);
  const csv = (await olivia.get(`${page}?format=csv`).expect(200)).text;
  assert.match(csv, /What happened/);
  assert.match(csv, /Olivia Grant wrote about invoice INV-0001/);
  assert.match((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text, /activity\?partner=/);
});

test('pages go on where the last one ended; nothing of it is lost, and nobody can take any of it away', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  for (let n = 0; n < 60; n++) await act(portal.knex, home.staff, id, 'comment', { text: `Note ${n}` });
  const olivia = await portal.signIn(home.olivia.email);
  let [address, seen]: [string | undefined, number] = [`/${home.slug}/activity`, 0];
  while (address) {
    const { text }: { text: string } = await olivia.get(address).expect(200);
    seen += text.match(/wrote about invoice/g)?.length ?? 0;
    address = /href="([^"]*before=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  assert.equal(seen, 60);
  const remove = () => portal.look(home.organization_id, (db) => db('activities').where({ subject_id: id }).delete());
  await assert.rejects(remove(), /append-only/);
});

test('another organization’s activity is nobody’s, nor a partner’s any of it', async () => {
  const [home, rival] = [await harbor(portal), await harbor(portal)];
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/activity`).expect(404);
  const stranger = await portal.signIn(rival.olivia.email);
  await stranger.get(`/${home.slug}/activity`).expect(404);
  const theirs = textOf((await stranger.get(`/${rival.slug}/activity?partner=${home.partner_id}`).expect(200)).text);
  assert.doesNotMatch(theirs, /Maple Street Clinic added/);
});
