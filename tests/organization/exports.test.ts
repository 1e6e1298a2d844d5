import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readSheet } from 'read-excel-file/node';
import { addPartner, newContact } from '../../src/people/partner.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal({ LOG_LEVEL: 'silent' })));
after(() => portal.close());

test('partners go out as CSV and XLSX: a line a contact, numbers as numbers, nothing that a spreadsheet would run', async () => {
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  const fields = { is_customer: false, is_vendor: true, email: '', address: 'Am Kai 1\nKiel', tax_number: '' };
  const more = { currency: 'EUR', locale: 'de-DE', terms_days: 30 };
  const id = await addPartner(portal.knex, home.staff, { ...fields, ...more, name: '=cmd|x' });
  await newContact(portal.knex, home.staff, id, { name: '@Kim', email: 'kim@kai.example' });
  const olivia = await portal.signIn(home.olivia.email);
  const csv = (await olivia.get(`/${home.slug}/partners?format=csv`).expect(200)).text;
  assert.match(csv, /Maple Street Clinic,Customer,.*,USD,14,108\.00,.*Maya Chen/);
  assert.match(csv, /Noah Weiss/);
  assert.match(csv, /'=cmd\|x,Vendor,,"Am Kai 1\nKiel",,EUR,30,0\.00,0\.00,'@Kim,kim@kai\.example/);
  const vendors = (await olivia.get(`/${home.slug}/partners?format=csv&kind=vendor`).expect(200)).text;
  assert.doesNotMatch(vendors, /Maple/);

  const { body } = await olivia
    .get(`/${home.slug}/partners?format=xlsx`)
    .buffer(true)
    .parse((res, done) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200);
  const rows = await readSheet(body as Buffer);
  const clinic = rows.find(([name]) => name === 'Maple Street Clinic');
  assert.deepEqual(clinic?.slice(5, 8), ['USD', 14, 108]);

  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/partners?format=csv`).expect(404);
});

test('a list that can’t be read is an error of ours, and no file', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  await portal.knex.raw('alter table partners rename column terms_days to gone');
  try {
    for (const format of ['csv', 'xlsx']) {
      const { status, headers } = await olivia.get(`/${home.slug}/partners?format=${format}`);
      assert.equal(status, 500);
      assert.equal(headers['content-disposition'], undefined);
    }
  } finally {
    await portal.knex.raw('alter table partners rename column gone to terms_days');
  }
});
