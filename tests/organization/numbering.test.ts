import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fieldsOf, pressFilled, textOf } from '../support/forms.js';
import { creditorReference } from '../../src/people/getting_paid/payment_reference.js';
import { day } from '../support/days.js';
import { draftInvoice, type Harbor, harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Of the date of what `sentInvoice` sends. */
const YEAR = 2026;

async function change(home: Harbor, fields: Record<string, string>) {
  const olivia = await portal.signIn(home.olivia.email);
  return pressFilled(olivia, `/${home.slug}/settings/organization/numbering`, fields);
}

const numberOf = async (home: Harbor, { id }: { id: string }): Promise<string> =>
  portal.look(home.organization_id, (db) => db('documents').where({ id }).pluck('number')).then(([one]) => String(one));

test('a prefix, a start and the year hold for what is numbered from then on; nothing is given twice', async () => {
  const home = await harbor(portal);
  assert.equal(await numberOf(home, await sentInvoice(portal, home)), 'INV-0001');
  await change(home, { 'prefix.invoice': 'rg', 'next.invoice': '1043' }).then(({ status }) =>
    assert.equal(status, 303),
  );
  assert.equal(await numberOf(home, await sentInvoice(portal, home)), 'RG-1043');
  const low = await change(home, { 'next.invoice': '7' });
  assert.match(textOf(low.text), /Enter 1044 or more/);
  await change(home, { 'with_year.invoice': 'on' });
  assert.equal(await numberOf(home, await sentInvoice(portal, home)), `RG-${YEAR}-0001`);
  const twins = await change(home, { 'prefix.estimate': 'RG' });
  assert.match(textOf(twins.text), /Another kind of document uses this prefix/);
  // Nor one that another type had before, or a task has.
  await change(home, { 'prefix.invoice': 'INV', 'with_year.invoice': 'on' });
  assert.equal((await change(home, { 'prefix.estimate': 'RG' })).status, 422);
  assert.equal((await change(home, { 'prefix.estimate': 'TASK' })).status, 422);
  assert.equal((await change(home, { 'prefix.estimate': 'ÄB1', 'next.estimate': 'x' })).status, 422);
  assert.equal(await numberOf(home, await sentDocument(portal, home, 'estimate')), 'EST-0001');
});

test('many that are sent at once while it is changed have no gap and no double', async () => {
  const home = await harbor(portal);
  const send = () => sentInvoice(portal, home).then((sent) => numberOf(home, sent));
  const [changed, ...numbers] = await Promise.all([
    change(home, { 'prefix.invoice': 'RE' }),
    ...Array.from({ length: 6 }, send),
  ]);
  assert.equal(changed.status, 303);
  const values = numbers.map((number) => Number(number.split('-')[1])).toSorted((a, b) => a - b);
  assert.deepEqual(values, [1, 2, 3, 4, 5, 6]);
});

test('a form that was open meanwhile changes what was typed in it, and nothing else', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/settings/organization/numbering`;
  const opened = Object.entries(fieldsOf((await olivia.get(page)).text)).map(([name, [value]]) => [name, value]);
  const save = (fields: Record<string, string>) =>
    olivia
      .post(page)
      .type('form')
      .send({ ...Object.fromEntries(opened), form_token: undefined, ...fields });
  await sentInvoice(portal, home);
  await change(home, { 'prefix.estimate': 'AN' });
  // The invoice’s next number is no longer the one that was shown; nobody typed one.
  await save({ 'prefix.invoice': 'RG' }).expect(303);
  assert.equal(await numberOf(home, await sentInvoice(portal, home)), 'RG-0002');
  assert.equal(await numberOf(home, await sentDocument(portal, home, 'estimate')), 'AN-0001');
  assert.match(textOf((await save({ 'prefix.estimate': 'QU' }).expect(422)).text), /Someone else just changed this/);
});

test('a reply, a search and a bank statement know a number with its year; its preview is written so', async () => {
  const home = await harbor(portal);
  await change(home, { 'prefix.invoice': 'RG', 'with_year.invoice': 'on' });
  const olivia = await portal.signIn(home.olivia.email);
  const draft = await draftInvoice(portal, home);
  const preview = textOf((await olivia.get(`/${home.slug}/documents/${draft}/preview`).expect(200)).text);
  assert.match(preview, new RegExp(`Invoice RG-${YEAR}-…`));
  const [invoice, second] = [await sentInvoice(portal, home), await sentInvoice(portal, home)];
  const number = await numberOf(home, invoice);
  assert.equal(number, `RG-${YEAR}-0001`);
  assert.match(invoice.url, new RegExp(`${number}$`));
  const received = await portal.post.to(home.maya.email, number);
  await portal.reply(received, 'Thank you');
  await portal.idle();
  assert.match(textOf((await olivia.get(invoice.url).expect(200)).text), /Thank you/);
  assert.match(textOf((await olivia.get(`/${home.slug}/search?q=${number}`).expect(200)).text), /Reception fit-out/);

  // Of two with the same amount, the one that is named: as it is, and as a creditor reference.
  const csv = [
    'Date,Amount,Currency,Name,Description',
    `${day(-1)},108.00,USD,Somebody,Payment ${await numberOf(home, second)}`,
    `${day(-1)},108.00,USD,Somebody,${creditorReference(number)}`,
  ].join('\n');
  await olivia.post(`/${home.slug}/bank`).attach('files', Buffer.from(csv), 'bank.csv').redirects(1);
  const bank = textOf((await olivia.get(`/${home.slug}/bank`).expect(200)).text);
  assert.equal(bank.match(/number in the reference/g)?.length, 2);
});
