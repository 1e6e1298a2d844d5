import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import type { LineTax } from '../../src/documents/content/content.js';
import { addTaxRate, changeTaxRate, type TaxFields } from '../../src/documents/taxes/changing_rates.js';
import { Invalid } from '../../src/errors.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
import { createSubscription } from '../../src/subscriptions/create_subscription.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { plan } from '../support/subscriptions.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
async function run(day: string) {
  await portal.idle();
  await runSubscriptions(portal.knex, noon(day));
}

const VAT = { name: 'VAT 19 %', percent: '19.0000', category: 'S', note: '', valid_from: null, valid_until: null };
const addTax = (fields: Partial<TaxFields>) =>
  withActor(portal.knex, home.staff, (db) => addTaxRate(db, home.staff, { ...(VAT as TaxFields), ...fields }));

const changeVat = async (name: string, fields: Partial<TaxFields>) => {
  const [id] = await portal.look(home.organization_id, (db) => db('tax_rates').where({ name }).pluck('id'));
  const changed = { ...(VAT as TaxFields), ...fields };
  await withActor(portal.knex, home.staff, (db) => changeTaxRate(db, home.staff, id, changed));
};

/** What the newest document charges, each line with the names of its taxes. */
const newest = () =>
  portal.look(home.organization_id, async (db) => {
    const document = await db('documents').orderBy('id', 'desc').first();
    const lines = await db('lines').where({ document_id: document.id }).orderBy('position');
    const told = lines.map(({ amount, taxes }: { amount: number; taxes: LineTax[] | null }) =>
      [amount, ...(taxes ?? []).map(({ name }) => name)].join(' '),
    );
    return [document.type, document.state, document.total, ...told];
  });

test('a plan keeps the names of its taxes: each invoice has those of its day, what is credited those of then', async () => {
  const [vat, exempt] = [await addTax({}), await addTax({ name: 'Exempt', percent: '0', category: 'E', note: '§ 4' })];
  const undecided = plan(home, { content: { lines: [{ description: 'Care', unit_price: '100' }] } });
  const refused = (error: unknown) => error instanceof Invalid && Boolean(error.fields['content.partner_taxes']);
  await assert.rejects(createSubscription(portal.knex, home.staff, home.partner_id, undecided), refused);
  const olivia = await portal.signIn(home.olivia.email);
  const list = `/${home.slug}/subscriptions`;
  await olivia.get(`${list}/new?partner=${home.partner_id}`).expect(/Which tax does Maple Street Clinic pay\?/);
  const fields = {
    ...{ partner: home.partner_id, title: 'Care', 'line_description[]': ['Care', 'Advice'] },
    ...{ 'line_price[]': ['310', '31'], 'line_tax[]': ['partner', exempt], every: '1', unit: 'month' },
    ...{ start_on: '2031-07-01', terms_days: '14', sends: 'on', 'recipient[]': [home.maya.id] },
  };
  const post = (url: string, more: object) =>
    olivia
      .post(url)
      .type('form')
      .send({ ...fields, ...more });
  await post(list, { 'partner_taxes[]': [''] }).expect(422, /Choose which tax they pay/);
  const { headers } = await post(list, { 'partner_taxes[]': [vat] }).expect(303);
  const url = String(headers['location']).split('?')[0];
  await olivia.get(String(url)).expect(/\$399\.90[\s\S]*VAT 19 %[\s\S]*Exempt/);

  await run('2031-07-01');
  assert.deepEqual(await newest(), ['invoice', 'sent', 39_990, '31000 VAT 19 %', '3100 Exempt']);
  const [snapshot] = await portal.look(home.organization_id, (db) => db('versions').pluck('snapshot'));
  assert.match(JSON.stringify(snapshot), /§ 4/);
  await changeVat('VAT 19 %', { name: 'VAT 16 %', percent: '16.0000', valid_from: '2031-07-10' });
  const [{ id }] = await portal.look(home.organization_id, (db) => db('subscriptions').select('id'));
  const staffAct = (day: string, name: string, input: object) =>
    act(portal.knex, { ...home.staff, now: noon(day) }, id, name, { ...input });
  // The form gives back what it was given; half of July is charged with another price, as August is.
  const edit = (await olivia.get(`${url}/edit`).expect(200)).text;
  for (const tax of [vat, exempt]) assert.match(edit, new RegExp(`value="${tax}" selected`));
  const lines = (unit_price: string) => [
    { description: 'Care', unit_price },
    { description: 'Advice', unit_price: '31', taxes: [exempt] },
  ];
  const change = (price: string) => ({ ...plan(home, { content: { lines: lines(price) } }), prorate: true });
  await staffAct('2031-07-17', 'change', change('310'));
  const adjustments = () => portal.look(home.organization_id, (db) => db('subscriptions').pluck('adjustments'));
  assert.deepEqual(await adjustments(), [[]], 'as it was');
  await staffAct('2031-07-17', 'change', change('620'));
  await run('2031-08-01');
  const august = ['62000 VAT 16 %', '3100 Exempt', '15000 VAT 16 %'];
  assert.deepEqual(await newest(), ['invoice', 'sent', 92_420, ...august]);
  await changeVat('VAT 16 %', { name: 'VAT 17 %', percent: '17.0000', valid_from: '2031-08-10' });
  await staffAct('2031-08-16', 'cancel', { at_once: true, credit: true });
  assert.deepEqual(await newest(), ['credit_note', 'sent', 36_300, '30000 VAT 16 %', '1500 Exempt']);
});
