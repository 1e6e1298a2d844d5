import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { press, textOf } from '../support/forms.js';
import { addVendor, harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** A project, and a way to send documents of it. */
async function place() {
  const home = await harbor(portal);
  const project = await addProject(portal.knex, home.staff, {
    key: 'MAPLE',
    name: 'Reception',
    partner: home.partner_id,
  });
  const olivia = await portal.signIn(home.olivia.email);
  const send = (type: string, price: string, fields: object = {}) =>
    sentDocument(portal, home, type, { project, lines: [{ description: 'Desk', unit_price: price }], ...fields });
  const url = `/${home.slug}/projects/MAPLE/finances`;
  const page = async () => textOf((await olivia.get(url).expect(200)).text);
  return { home, olivia, project, send, url, page };
}

test('agreed, invoiced and paid are one bar in one sentence, with what is to pay and what isn’t invoiced', async () => {
  const { home, olivia, send, url, page } = await place();
  assert.doesNotMatch(await page(), /agreed/);
  const estimate = await send('estimate', '1000');
  assert.doesNotMatch(await page(), /agreed/);
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept');
  assert.match(await page(), /\$1,000\.00 agreed[\s\S]*Not invoiced yet \$1,000\.00/);
  const invoice = await send('invoice', '600', { due_on: '2030-03-05' });
  await press(olivia, `/${home.slug}/documents/${invoice.number}/record_payment`, {
    ...{ amount: '200', paid_on: '2026-11-12', method: 'Cheque' },
  }).expect(303);
  const html = (await olivia.get(url).expect(200)).text;
  assert.match(html, /role="img"\s+aria-label="Of \$1,000\.00 agreed, \$600\.00 is invoiced and \$200\.00 is paid"/);
  assert.match(
    textOf(html),
    /Paid \$200\.00 Invoiced \$600\.00 To pay \$400\.00 by March 5, 2030 Not invoiced yet \$400\.00/,
  );
  const mayas = await portal.signIn(home.maya.email);
  assert.match(textOf((await mayas.get(url).expect(200)).text), /\$1,000\.00 agreed/);
});

test('what is invoiced beyond what was agreed is said; an order of an estimate counts once, a retainer until it is used', async () => {
  const { home, olivia, send, page } = await place();
  const estimate = await send('estimate', '1000', { deposit_percent: '25' });
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept');
  await portal.idle();
  assert.match(await page(), /\$1,000\.00 agreed[\s\S]*Invoiced \$250\.00/);
  const retainer = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: estimate.id }).first('id', 'number'),
  );
  await press(olivia, `/${home.slug}/documents/${retainer?.number}/record_payment`, {
    ...{ amount: '250', paid_on: '2026-11-12', method: 'Cheque' },
  }).expect(303);
  assert.match(await page(), /Paid \$250\.00 Invoiced \$250\.00/);
  const { created_id } = await act(portal.knex, home.staff, estimate.id, 'invoice');
  await act(portal.knex, home.staff, String(created_id), 'send');
  assert.match(await page(), /Paid \$250\.00 Invoiced \$1,000\.00 To pay \$750\.00/);
  await send('invoice', '120');
  assert.match(await page(), /\$1,000\.00 agreed[\s\S]*\$120\.00 more is invoiced than was agreed/);
});

test('currencies are never added up', async () => {
  const { home, project, page } = await place();
  const { createDocument } = await import('../../src/documents/drafts/create.js');
  for (const currency of ['USD', 'EUR']) {
    const lines = [{ description: 'Desk', unit_price: '100' }];
    const content = { issued_on: '2026-11-01', due_on: '2026-12-01', recipients: [home.maya.id], project, lines };
    const id = await createDocument(portal.knex, home.staff, 'invoice', home.partner_id, { currency, content });
    await act(portal.knex, home.staff, id, 'send');
  }
  assert.match(await page(), /€100\.00 invoiced[\s\S]*\$100\.00 invoiced/);
});

test('more than 200 documents come in pages, whose groups say no sums', async () => {
  const { home, olivia, project, url } = await place();
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into documents (organization_id, id, type, number, state, partner_id, started_by, title, currency, issued_on,
          project_id, sha256, subtotal, tax, total)
        select ?, uuidv7(), 'estimate', 'EST-9' || n, 'sent', ?, 'staff', 'One of many', 'USD', '2026-11-01', ?, '', 100, 0, 100
        from generate_series(1, 201) n`,
      [home.organization_id, home.partner_id, project],
    ),
  );
  const first = await olivia.get(url).expect(200);
  assert.equal(first.text.match(/One of many/g)?.length, 200);
  const next = /href="([^"]*before=[^"]*)"/.exec(first.text)?.[1] ?? '';
  const second = await olivia.get(next).expect(200);
  assert.equal(second.text.match(/One of many/g)?.length, 1);
  const { vendor } = await addVendor(portal, home, `erik-${home.slug}@northern.example`);
  assert.ok(vendor);
});
