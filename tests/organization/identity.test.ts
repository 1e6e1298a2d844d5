import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fieldsOf, press, pressFilled, textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const typed = {
  name: 'Harbor & Fir',
  address: '2 Pier Road\nPortland',
  email: 'office@fir.example',
  footer: 'Registered in Maine · 20260117\nManaged by Olivia Grant',
  accent: '#24507a',
  currency: 'EUR',
  locale: 'de-DE',
  time_zone: 'Europe/Berlin',
};

test('a new name, address and foot stand on what is sent from then on, not on what was sent', async () => {
  const home = await harbor(portal);
  const before = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/settings/organization/identity`;
  assert.equal(fieldsOf((await olivia.get(page).expect(200)).text)['name']?.[0], 'Harbor & Pine');
  assert.equal((await pressFilled(olivia, page, typed)).status, 303);
  const after = await sentInvoice(portal, home);
  const sheet = async (url: string) => textOf((await olivia.get(url).expect(200)).text);
  assert.match(await sheet(after.url), /2 Pier Road.*Registered in Maine · 20260117 Managed by Olivia Grant/);
  assert.doesNotMatch(await sheet(before.url), /Pier Road|Registered/);
  await portal.post.to(home.maya.email, 'Harbor & Fir');
  const shown = (await olivia.get(page).expect(200)).text;
  assert.match(textOf(shown), /has a contrast of 8\.\d:1/);
  assert.match(shown, /accent\/24507a\.css/);
  const [activity] = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'change_identity' }).select('details'),
  );
  assert.deepEqual(activity.details.changes[0], {
    field: 'organization_name',
    before: 'Harbor & Pine',
    after: 'Harbor & Fir',
  });
});

test('two who change it at once: the second is told, keeps what was typed, and may replace it', async () => {
  const home = await harbor(portal);
  const [olivia, again] = [await portal.signIn(home.olivia.email), await portal.signIn(home.olivia.email)];
  const page = `/${home.slug}/settings/organization/identity`;
  const seen = fieldsOf((await again.get(page)).text)['seen']?.[0];
  assert.equal((await pressFilled(olivia, page, typed)).status, 303);
  const late = { ...typed, name: 'Harbor & Oak', accent: 'own', own_accent: '#ffdd00' };
  const refused = await again
    .post(page)
    .type('form')
    .send({ ...late, seen });
  assert.equal(refused.status, 422);
  assert.match(textOf(refused.text), /Someone else just changed this/);
  assert.equal(fieldsOf(refused.text)['name']?.[0], 'Harbor & Oak');
  const fresh = fieldsOf(refused.text)['seen']?.[0];
  await again
    .post(page)
    .type('form')
    .send({ ...late, seen: fresh })
    .expect(303);
  assert.match(textOf((await again.get(page)).text), /contrast of only 1\.\d:1, so we’ll use a darker shade/);
});

test('the currency stays while limits, rates or costs are kept in it', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/settings/organization/identity`;
  const security = `/${home.slug}/settings/organization/security`;
  await press(olivia, security, { code_above: '5000' }).expect(303);
  const kept = await pressFilled(olivia, page, typed);
  assert.equal(kept.status, 422);
  assert.match(textOf(kept.text), /Your limits, hourly rates or item costs are in the current currency/);
  assert.equal((await pressFilled(olivia, page, { ...typed, currency: 'USD' })).status, 303);
  await press(olivia, security, { code_above: '' }).expect(303);
  assert.equal((await pressFilled(olivia, page, typed)).status, 303);
});

test('what can’t be used comes back beside its field', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/settings/organization/identity`;
  const refused = await pressFilled(olivia, page, {
    ...{ ...typed, name: ' ', email: 'office', accent: 'own', own_accent: 'url(x)' },
    ...{ currency: 'XYZ', time_zone: 'Mars/Base' },
  });
  assert.equal(refused.status, 422);
  for (const said of [
    /Fill this in/,
    /not an email address/,
    /Choose a color/,
    /Choose a currency/,
    /Choose a time zone/,
  ])
    assert.match(textOf(refused.text), said);
});

test('the overview tells how it is set up, and what is missing', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const overview = async () => textOf((await olivia.get(`/${home.slug}/settings/organization`).expect(200)).text);
  assert.match(await overview(), /Numbering Next: EST-0001, INV-0001, PO-0001/);
  await pressFilled(olivia, `/${home.slug}/settings/organization/identity`, { ...typed, address: '' });
  assert.match(await overview(), /Your address is missing/);
});
