import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changeContact } from '../../src/people/partner.js';
import { errorsIn, fieldsOf, post, refused, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { filled, timber } from '../support/timber.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const SAWMILL = {
  legal_name: 'Northern Timber LLC',
  phone: '+1 207 555 0188',
  website: 'northern.example',
  address_0_kind: 'billing',
  address_0_lines: 'Sawmill Road 3',
  address_0_city: 'Bethel',
  address_0_region: 'ME',
  address_0_postal_code: '04217',
  address_0_country: 'US',
  tax_0_kind: 'ein',
  tax_0_number: '12-3456789',
};

test('staff prefill a profile, the partner confirms it, then edits it; each side hears what the other changed', async () => {
  const { home, vendor, erik, at_desk, at_home } = await timber(portal);
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `${at_desk}/edit`, await filled(olivia, `${at_desk}/edit`, SAWMILL));
  const told = await portal.post.to(erik, 'changed the details');
  assert.match(told.text ?? '', /Legal name: – → Northern Timber LLC/);
  assert.match(told.text ?? '', /Billing address: – → Sawmill Road 3, Bethel, ME 04217, United States/);

  const eriks = await portal.signIn(erik);
  const shown = textOf((await eriks.get(at_home).expect(200)).text);
  assert.match(shown, /Not confirmed yet Entered by Olivia Grant, Harbor & Pine, on/);
  await post(eriks, `${at_home}/confirm`);
  await portal.post.to(home.olivia.email, 'Erik Lund confirmed the details of Northern Timber');
  assert.match(textOf((await olivia.get(at_desk).expect(200)).text), /Confirmed by Erik Lund on/);

  const typed = {
    phone: '+1 207 555 0199',
    address_1_lines: 'Yard 2',
    address_1_city: 'Bethel',
    address_1_country: 'US',
  };
  const form = await filled(eriks, `${at_home}/edit`, { ...typed, address_1_kind: 'shipping' });
  await post(eriks, `${at_home}/edit`, form);
  const heard = await portal.post.to(home.olivia.email, 'Phone: +1 207 555 0188 → +1 207 555 0199');
  assert.match(heard.text ?? '', /Shipping address: – → Yard 2, Bethel, United States/);
  // What documents show follows the billing address and the first tax id.
  const row = await portal.look(home.organization_id, (db) => db('partners').where({ id: vendor }).first());
  assert.deepEqual([row.address, row.tax_number], ['Sawmill Road 3\nBethel, ME 04217\nUnited States', '12-3456789']);
});

test('what can’t be right is refused beside its field, with what was typed', async () => {
  const { home, at_desk } = await timber(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const wrong = {
    ...SAWMILL,
    website: 'javascript:alert(1)',
    address_0_country: 'XX',
    tax_0_kind: 'eu_vat',
    tax_0_number: 'DE136695975',
  };
  const page = await refused(olivia, `${at_desk}/edit`, 422, await filled(olivia, `${at_desk}/edit`, wrong));
  assert.deepEqual(errorsIn(page), [
    'Enter a web address, such as example.com.',
    'Choose a country.',
    'Enter a valid VAT ID, with its country: DE136695976.',
  ]);
  assert.deepEqual(fieldsOf(page)['tax_0_number'], ['DE136695975']);
  assert.deepEqual(fieldsOf(page)['legal_name'], ['Northern Timber LLC']);
});

test('of two who edit at once, the second is shown what the first changed, and may then save', async () => {
  const { home, erik, at_desk, at_home } = await timber(portal);
  const [olivia, eriks] = [await portal.signIn(home.olivia.email), await portal.signIn(erik)];
  const [first, second] = [
    await filled(olivia, `${at_desk}/edit`, SAWMILL),
    await filled(eriks, `${at_home}/edit`, { ...SAWMILL, phone: '+1 207 555 0100' }),
  ];
  await post(olivia, `${at_desk}/edit`, first);
  const page = await refused(eriks, `${at_home}/edit`, 409, second);
  assert.match(textOf(page), /What changed meanwhile.*Phone – \+1 207 555 0188/);
  assert.deepEqual(fieldsOf(page)['phone'], ['+1 207 555 0100']);
  await post(eriks, `${at_home}/edit`, { ...second, seen: fieldsOf(page)['seen']?.[0] ?? '' });
});

test('who is no manager reads but changes nothing; guests, links and other partners don’t even read', async () => {
  const { home, vendor, ida, ida_id, at_home } = await timber(portal);
  const idas = await portal.signIn(ida);
  const page = await idas.get(at_home).expect(200);
  assert.match(textOf(page.text), /Only a manager of your company can change this\./);
  assert.doesNotMatch(page.text, /profile\/edit|banking\/new|files\/new/);
  for (const path of ['edit', 'banking/new', 'files/new']) await idas.get(`${at_home}/${path}`).expect(403);
  await idas.post(`${at_home}/edit`).type('form').send(SAWMILL).expect(403);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/partners/${vendor}/profile`).expect(404);
  assert.doesNotMatch((await maya.get(at_home).expect(200)).text, /Northern/);
  await changeContact(portal.knex, home.staff, vendor, ida_id, {
    ...{ name: 'Ida Holm', email: ida, locale: 'en-US', time_zone: 'UTC' },
    guest: true,
  });
  await idas.get(at_home).expect(404);
});
