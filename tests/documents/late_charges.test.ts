import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { addTaxRate } from '../../src/documents/taxes/changing_rates.js';
import { tick } from '../../src/jobs/tick.js';
import {
  type NewTerms,
  setLateChargeTerms,
  setPartnerLateChargeTerms,
} from '../../src/payments/reminders/late_charge_terms.js';
import { setReminderPlan } from '../../src/payments/reminders/reminder_plan.js';
import { press, textOf } from '../support/forms.js';
import { type Harbor, harbor, partnerActor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const TERMS: NewTerms = {
  late_interest: '9.2',
  interest_step: 'first',
  currency: 'USD',
  fees: [
    { step: 'second', amount: 500 },
    { step: 'final', amount: 1500 },
  ],
};

/** An organization with a plan that charges. */
async function charging(days: number[], terms: Partial<NewTerms> = {}): Promise<Harbor> {
  const home = await harbor(portal);
  const { staff } = home;
  await withActor(portal.knex, staff, (db) => setReminderPlan(db, staff, days));
  await withActor(portal.knex, staff, (db) => setLateChargeTerms(db, staff, { ...TERMS, ...terms }));
  return home;
}

const morning = (day: string) => new Date(`${day}T09:00:30Z`);
const late = (home: Harbor, due_on: string, more: object = {}) =>
  sentInvoice(portal, home, { due_on, lines: [{ description: 'Desks', unit_price: '1200', tax_rate: '0' }], ...more });
const remind = (day: string) => tick(portal.knex, morning(day));
const on = (day: string, actor: Harbor['staff']) => ({ ...actor, now: new Date(`${day}T12:00:00Z`) });
const pay = ({ staff }: Harbor, id: string, amount: number, day: string, paid_on = day) =>
  act(portal.knex, on(day, staff), id, 'record_payment', { amount, paid_on, method: 'Bank transfer' });

interface Charge {
  id: string;
  number: string;
  state: string;
  total: number;
  tax: number;
  currency: string;
  lines: string[];
}

/** The late charges of an invoice, oldest first, each with its lines and their amounts. */
const chargesFor = ({ organization_id }: Harbor, origin_id: string): Promise<Charge[]> =>
  portal.look(organization_id, (db) =>
    db('documents as d')
      .where({ origin_id, late_charge: true })
      .orderBy('d.id')
      .select(
        'd.id',
        'd.number',
        'd.state',
        'd.total',
        'd.tax',
        'd.currency',
        db.raw(`(select array_agg(l.description || ' = ' || l.amount order by position) from lines l
          where l.document_id = d.id) as lines`),
      ),
  );

const linesOf = async (home: Harbor, id: string) => (await chargesFor(home, id)).map(({ lines }) => lines);

test('interest over a part payment and a leap day, by hand; then none twice, and a fee for each step', async () => {
  const home = await charging([1, 20, 40]);
  const { id, number } = await late(home, '2028-02-20');
  await remind('2028-02-21');
  // 1200.00 for one night: 1200 × 9.2 % / 365 = 0.3025
  assert.deepEqual(await linesOf(home, id), [
    [`Interest, ${number}\n$1,200.00 from Feb 20, 2028 to Feb 21, 2028: 9.2% a year, 1 day = 30`],
  ]);
  // The bank has it on February 27, staff record it two days later.
  await pay(home, id, 50000, '2028-02-29', '2028-02-27');
  await remind('2028-03-11');
  // 1200.00 for 6 nights until the 27th: 1.8148; 700.00 for 13 nights, February 29 among them: 2.2937
  assert.deepEqual((await linesOf(home, id))[1], [
    `Late fee, ${number}, reminder 2 = 500`,
    `Interest, ${number}\n$1,200.00 from Feb 21, 2028 to Feb 27, 2028: 9.2% a year, 6 days = 181`,
    `Interest, ${number}\n$700.00 from Feb 27, 2028 to Mar 11, 2028: 9.2% a year, 13 days = 229`,
  ]);
  await pay(home, id, 70000, '2028-03-11');
  for (const day of ['2028-03-31', '2028-04-01']) await remind(day);
  const charged = await chargesFor(home, id);
  assert.deepEqual(
    charged.map(({ state, total, tax }) => [state, total, tax]),
    [
      ['sent', 30, 0],
      ['sent', 910, 0],
    ],
  );
});

test('two workers in the same hour, and again later: one reminder, one invoice for it', async () => {
  const home = await charging([1, 20]);
  const { id } = await late(home, '2031-03-01');
  await Promise.all([remind('2031-03-21'), remind('2031-03-21')]);
  await remind('2031-03-22');
  assert.deepEqual(
    (await chargesFor(home, id)).map(({ total }) => total),
    // The last step: 15.00, and 1200.00 for 20 nights: 6.0493
    [2105],
  );
});

test('paid on the day costs nothing; what is left of it does, but not while Maya’s objection waits', async () => {
  const home = await charging([1, 20], { fees: [] });
  const [whole, part] = [await late(home, '2031-03-01'), await late(home, '2031-03-01')];
  // Recorded later, but the bank had it on the due date.
  await pay(home, part.id, 20000, '2031-03-02', '2031-03-01');
  await pay(home, whole.id, 120000, '2031-03-02', '2031-03-01');
  const maya = partnerActor(home, home.maya);
  await act(portal.knex, on('2031-03-05', maya), part.id, 'dispute', { reason: 'One desk is missing' });
  await remind('2031-03-21');
  assert.deepEqual(await linesOf(home, part.id), []);
  await act(portal.knex, on('2031-03-22', home.staff), part.id, 'resolve_dispute', { message: 'It came on Monday' });
  await remind('2031-03-23');
  // 1000.00 for 4 nights until March 5: 1.0082; and for one from March 22: 0.2521
  assert.deepEqual(await linesOf(home, part.id), [
    [
      `Interest, ${part.number}\n$1,000.00 from Mar 1, 2031 to Mar 5, 2031: 9.2% a year, 4 days = 101`,
      `Interest, ${part.number}\n$1,000.00 from Mar 22, 2031 to Mar 23, 2031: 9.2% a year, 1 day = 25`,
    ],
  ]);
  assert.deepEqual(await linesOf(home, whole.id), []);
});

test('Maya promises to pay: nothing is charged while that stands, all of it once it was not kept', async () => {
  const home = await charging([1, 20], { interest_step: 'final', fees: [] });
  const { id } = await late(home, '2031-03-01');
  await remind('2031-03-02');
  const maya = partnerActor(home, home.maya);
  await act(portal.knex, on('2031-03-20', maya), id, 'promise', { promised_on: '2031-03-25' });
  await remind('2031-03-21');
  assert.deepEqual(await chargesFor(home, id), []);
  await remind('2031-03-26');
  // 1200.00 for 25 nights: 7.5616
  assert.deepEqual(
    (await chargesFor(home, id)).map(({ total }) => total),
    [756],
  );
});

test('each currency has its own fee, retainers none; a customer has terms of its own, or none', async () => {
  const home = await charging([1, 20], { late_interest: '0', fees: [{ step: 'first', amount: 500 }] });
  const { staff, partner_id } = home;
  const lines = [{ description: 'Desk', unit_price: '12000' }];
  const content = { title: 'Desks', issued_on: '2031-02-01', due_on: '2031-03-01', recipients: [home.maya.id], lines };
  const yen = await createDocument(portal.knex, staff, 'invoice', partner_id, { currency: 'JPY', content });
  await act(portal.knex, staff, yen, 'send');
  const retainer = await sentDocument(portal, home, 'retainer_invoice', { due_on: '2031-03-01' });
  const dollars = await late(home, '2031-03-01');
  const own = (terms_of: 'own' | 'none', currency: string, amount: number) =>
    withActor(portal.knex, staff, (db) =>
      setPartnerLateChargeTerms(db, staff, partner_id, {
        ...{ ...TERMS, terms_of, late_interest: '0', currency },
        fees: [{ step: 'final', amount }],
      }),
    );
  await remind('2031-03-02');
  await own('own', 'JPY', 300);
  await remind('2031-03-21');
  const later = await late(home, '2031-03-21');
  await own('none', 'USD', 900);
  await remind('2031-03-22');
  await remind('2031-04-10');
  const totals = async (id: string) => (await chargesFor(home, id)).map(({ currency, total }) => [currency, total]);
  assert.deepEqual(await totals(dollars.id), [['USD', 500]]);
  assert.deepEqual(await totals(yen), [['JPY', 300]]);
  assert.deepEqual([await totals(retainer.id), await totals(later.id)], [[], []]);
});

test('one email tells of the invoice and what it costs; later charges ride along, and cost nothing themselves', async () => {
  const home = await charging([1, 8, 20]);
  const { id, number, url } = await late(home, '2031-03-01');
  await portal.idle();
  await remind('2031-03-09');
  const told = await portal.post.to(home.maya.email, 'Reminder: ');
  const text = told.text ?? '';
  // 5.00, and 1200.00 for 8 nights: 2.4197
  assert.match(text, /^Reminder: Invoice INV-0001 is overdue/);
  assert.match(text, /\$1,200\.00 is still past due/);
  assert.match(
    text,
    /Invoice INV-0002: late fee \$5\.00 and interest \$2\.42 for INV-0001: \$7\.42[\s\S]*Total: \$1,207\.42/,
  );
  assert.match(text, /Pay \$1,207\.42:\nhttp\S+\?to=pay\n/);
  assert.equal(told.attachments.length, 2);
  await remind('2031-03-10');
  await remind('2031-03-21');
  await portal.idle();
  const emails = portal.post.emails.filter(
    ({ recipient, text }) => recipient === home.maya.email && /INV-0002/.test(text ?? ''),
  );
  assert.equal(emails.length, 2);
  // 15.00, and 12 nights: 3.6296
  assert.match(emails[1]?.text ?? '', /INV-0002: late fee \$5\.00 and interest[\s\S]*INV-0003[\s\S]*Pay \$1,226\.05/);

  const maya = await portal.signIn(home.maya.email);
  assert.match(textOf((await maya.get(`/${home.slug}/pay`).expect(200)).text), /INV-0001[\s\S]*\$7\.42[\s\S]*\$18\.63/);
  assert.match(textOf((await maya.get(url).expect(200)).text), /Late charges, INV-0001/);
  // Once the invoice is paid, its charges are reminded of like any invoice, and cost nothing.
  await pay(home, id, 120000, '2031-03-22');
  for (const day of ['2031-03-23', '2031-04-05', '2031-04-30']) await remind(day);
  assert.equal((await chargesFor(home, id)).length, 2);
  const [first] = await chargesFor(home, id);
  assert.deepEqual(await chargesFor(home, String(first?.id)), []);
  const alone = await portal.post.to(home.maya.email, ({ text = '' }) => /^2 invoices await/.test(text ?? ''));
  assert.match(alone.text ?? '', new RegExp(`late fee \\$5\\.00 and interest \\$2\\.42 for ${number}`));
});

test('Olivia waives late charges: with a reason that Maya gets; they are never charged anew', async () => {
  const home = await charging([1, 8, 20], { interest_step: 'second' });
  const { id, url } = await late(home, '2031-03-01');
  await remind('2031-03-09');
  const [charge] = await chargesFor(home, id);
  const page = `/${home.slug}/documents/${charge?.number}`;
  const [olivia, tom] = [await portal.signIn(home.olivia.email), await portal.signIn(home.tom.email)];
  const shown = textOf((await olivia.get(page).expect(200)).text);
  assert.match(shown, /Waive/);
  assert.doesNotMatch(shown, /Write off|Make a credit note|Revise/);
  await press(olivia, `${page}/waive`, { reason: '' }).expect(422);
  await press(tom, `${page}/waive`, { reason: 'x' }).expect(403);
  await press(olivia, `${page}/waive`, { reason: 'Your bank was closed' }).expect(303);
  const told = await portal.post.to(home.maya.email, 'Your bank was closed');
  assert.match(told.text ?? '', /Olivia Grant waived invoice INV-0002/);
  await remind('2031-03-21');
  assert.deepEqual(
    (await chargesFor(home, id)).map(({ state, total }) => [state, total]),
    // 15.00, and 1200.00 for the 12 nights since: 3.6296
    [
      ['void', 742],
      ['sent', 1863],
    ],
  );
  // Who voids the invoice voids what was charged for it.
  await press(olivia, `${url}/void`, { reason: 'It was for somebody else' }).expect(303);
  assert.deepEqual(
    (await chargesFor(home, id)).map(({ state }) => state),
    ['void', 'void'],
  );
});

test('where taxes are named, late charges say that they are outside of their scope, and nobody is asked', async () => {
  const home = await charging([1, 8], { late_interest: '0' });
  const { staff } = home;
  const { id } = await late(home, '2031-03-01');
  const rate = { name: 'VAT', percent: '20', category: 'S', note: '', valid_from: null, valid_until: null } as const;
  await withActor(portal.knex, staff, (db) => addTaxRate(db, staff, rate));
  await remind('2031-03-09');
  const [charge] = await chargesFor(home, id);
  const olivia = await portal.signIn(home.olivia.email);
  const shown = textOf((await olivia.get(`/${home.slug}/documents/${charge?.number}`).expect(200)).text);
  assert.match(shown, /Outside the scope of tax[\s\S]*compensation, not a supply/);
  assert.deepEqual([charge?.state, charge?.total, charge?.tax], ['sent', 1500, 0]);
});

test('Olivia sets what late payment costs; what can’t be meant comes back beside its field', async () => {
  const home = await charging([1, 8, 20]);
  const [olivia, tom] = [await portal.signIn(home.olivia.email), await portal.signIn(home.tom.email)];
  const page = `/${home.slug}/settings/organization/reminders/late-charges`;
  const send = (typed: object) => olivia.post(page).type('form').send(typed);
  const wrong = { late_interest: '900', fee_first: '-5', fee_second: 'ten', fee_final: '1.234' };
  const refused = (await send({ ...wrong, currency: 'USD' }).expect(422)).text;
  for (const field of Object.keys(wrong)) assert.match(refused, new RegExp(`id="field-${field}-error"`), field);
  assert.match(refused, /value="-5"/);
  assert.match((await send({ currency: 'USD', late_interest: '9.234' }).expect(422)).text, /at most 2 decimals/);
  await send({ currency: 'XXL', fee_first: '5' }).expect(422);
  await send({ currency: 'EUR', late_interest: '9.12', interest_step: 'second', fee_second: '40' }).expect(303);
  const shown = (await olivia.get(`${page}?currency=EUR`).expect(200)).text;
  assert.match(shown, /value="9.12"[\s\S]*value="40.00"|value="9.12"[\s\S]*value="40"/);
  // Those in dollars stayed.
  assert.match((await olivia.get(page).expect(200)).text, /value="5"[\s\S]*value="15"/);
  await tom.post(page).type('form').send({ currency: 'USD' }).expect(403);

  const partner = `/${home.slug}/partners/${home.partner_id}`;
  const own = { terms_of: 'own', currency: 'USD', fee_first: 'x' };
  assert.match((await tom.post(`${partner}/late-charges`).type('form').send(own).expect(422)).text, /fee_first-error/);
  await tom.post(`${partner}/late-charges`).type('form').send({ terms_of: 'none', currency: 'USD' }).expect(303);
  assert.match(textOf((await tom.get(partner).expect(200)).text), /Late fees and interest None/);
});
