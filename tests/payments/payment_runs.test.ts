import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { changeRole } from '../../src/people/members/change_role.js';
import { day } from '../support/days.js';
import { fieldsOf, post, press, textOf } from '../support/forms.js';
import { type Harbor, harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { filled } from '../support/timber.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const OWN = {
  ...{ kind: 'iban', currency: 'EUR', holder: 'Harbor & Pine GmbH', bank_name: 'Commerzbank', country: 'DE' },
  ...{ account: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
};
const IBANS = ['DE02120300000000202051', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'];

interface Vendor {
  id: string;
  name: string;
  email: string;
  contact: string;
}

/** Harbor & Pine with a euro account, three vendors, and Olivia, who typed a code just now. */
async function payers() {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  await post(olivia, `/${home.slug}/settings/organization/getting-paid/accounts`, OWN);
  const add = async (name: string): Promise<Vendor> => {
    const terms = { ...home.customer, is_customer: false, is_vendor: true, currency: 'EUR', email: '' };
    const id = await addPartner(portal.knex, home.staff, { ...terms, name });
    const email = `${name.toLowerCase()}.${home.slug}@vendor.example`;
    return { id, name, email, contact: await newContact(portal.knex, home.staff, id, { name: `${name} Voss`, email }) };
  };
  const vendors = [await add('Nordholz'), await add('Stahl'), await add('Kiesel')] as const;
  return { home, olivia, vendors, runs: `/${home.slug}/payment-runs` };
}

/** Enters where a vendor is paid, at the desk. */
async function paidTo(home: Harbor, olivia: Browser, { id, name }: Vendor, account: string) {
  const url = `/${home.slug}/partners/${id}/profile/banking`;
  const fields = { holder: name, bank_name: 'Bank', country: 'DE', currency: 'EUR', account, bic: '' };
  await post(olivia, url, await filled(olivia, `${url}/new?currency=EUR&kind=iban`, fields));
}

const aWeekAgo = ({ organization_id }: Harbor) =>
  portal.look(organization_id, (db) => db('bank_accounts').update({ created_at: db.raw(`now() - interval '8 days'`) }));

/** A bill that staff have approved. Returns its id and number. */
async function approved(home: Harbor, { id, contact }: Vendor, reference: string, unit_price: string) {
  const content = {
    ...{ title: 'Oak', reference, issued_on: day(0), due_on: day(14), recipients: [contact] },
    lines: [{ description: 'Oak', unit_price }],
  };
  const bill = await createDocument(portal.knex, home.staff, 'bill', id, { currency: 'EUR', content });
  await act(portal.knex, home.staff, bill, 'submit');
  const { number } = await act(portal.knex, home.staff, bill, 'approve');
  return { id: bill, number: String(number) };
}

/** The form of what is due, as it is first shown; `bill`: the values of its boxes by number. */
async function due(olivia: Browser, runs: string, pay_on = day(0)) {
  const { text } = await olivia.get(`${runs}/new?pay_on=${pay_on}&until=${day(30)}`).expect(200);
  const form = text.slice(text.indexOf('<form method="post"'));
  const boxes = [...form.matchAll(/name="chosen" value="([^"]*)"[^>]*>\s*<span>\s*(\S+)/g)];
  const bill = Object.fromEntries(boxes.map(([, value = '', number = '']) => [number.replaceAll('\u2060', ''), value]));
  return { text, bill, account: fieldsOf(text)['account']?.[0] ?? '', pay_on, until: day(30) };
}

const stateOf = (home: Harbor, id: string) =>
  portal.look(home.organization_id, async (db) => (await db('documents').where({ id }).first('state')).state);

test('a run: selected, told to the bank, recorded with discount; each vendor gets one remittance and sees when', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz, stahl, kiesel] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  await paidTo(home, olivia, stahl, IBANS[1] ?? '');
  await aWeekAgo(home);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: nordholz.id }).update({ discount_percent: 2, discount_days: 10 }),
  );
  const [one, two] = [await approved(home, nordholz, 'NH-1', '100'), await approved(home, nordholz, 'NH-2', '50.25')];
  const three = await approved(home, stahl, '=S 9', '70');
  const left = await approved(home, kiesel, 'K-1', '10');
  assert.match((await portal.post.to(nordholz.email, 'approved')).text ?? '', /NH-1|NH-2|BILL/);

  const noras = await portal.signIn(nordholz.email);
  assert.match(
    textOf((await noras.get(`/${home.slug}`).expect(200)).text),
    /Payments to you[^]*NH-1 Bill BILL-\d+ · Oak [A-Z][a-z]+ \d+, \d+ €100\.00/,
  );

  const { text, bill, ...asked } = await due(olivia, runs);
  assert.match(textOf(text), /less €2\.00 discount[^]*Can’t be paid yet[^]*Kiesel €10\.00/);
  assert.equal(bill[left.number], undefined);
  const chosen = [one, two, three].map(({ number }) => bill[number]);
  const run = await post(olivia, runs, { ...asked, chosen });
  // They are in no other run, and neither paid by hand nor voided meanwhile.
  assert.deepEqual((await due(olivia, runs)).bill, {});
  await press(olivia, runs, { ...asked, chosen }).expect(422, /Some of these bills have changed/);
  const page = `/${home.slug}/documents/${one.number}`;
  await press(olivia, `${page}/void`, { reason: 'No' }).expect(409);
  await press(olivia, `${page}/record_payment`, { amount: '1', paid_on: day(0), method: 'Cash' }).expect(409);

  await press(olivia, `${run}/export`, { format: 'nacha' }).expect(422, /Only between accounts in the US/);
  await post(olivia, `${run}/export`, { format: 'pain001' });
  const file = await olivia.get(`${run}/file`).buffer(true).expect(200);
  const xml = file.body.toString();
  assert.match(file.headers['content-disposition'] ?? '', /PR-1\.xml/);
  assert.deepEqual(
    [...xml.matchAll(/<(?:CtrlSum|NbOfTxs)>([^<]*)</g)].map(([, value]) => value),
    ['2', '217.24', '2', '217.24'],
  );
  assert.match(xml, /<InstdAmt Ccy="EUR">147\.24<[^]*Nordholz[^]*DE02120300000000202051[^]*<Ustrd>NH-1, NH-2</);
  await post(olivia, `${run}/export`, { format: 'csv' });
  const csv = (await olivia.get(`${run}/file`).buffer(true)).body.toString();
  assert.match(csv, /Stahl,FR1420041010050500013M02606,.*,70\.00,EUR,.*,PR-1-2,'=S 9\r\n/);

  const paid = await post(olivia, `${run}/record`, { paid_on: day(0) });
  await press(olivia, `${run}/record`, { paid_on: day(0) }).expect(422, /already finished/);
  await press(olivia, `${run}/cancel`).expect(422, /already finished/);
  assert.deepEqual(await Promise.all([one, two, three].map(({ id }) => stateOf(home, id))), ['paid', 'paid', 'paid']);
  const { payments, balance } = await portal.look(home.organization_id, async (db) => ({
    payments: await db('payments').orderBy('amount').select('amount', 'method', 'reference', 'state'),
    balance: await db('ledger_entries').whereNot({ partner_id: kiesel.id }).sum('amount').first(),
  }));
  assert.deepEqual(payments, [
    { amount: 7000, method: 'transfer', reference: 'PR-1-2', state: 'succeeded' },
    { amount: 14_724, method: 'transfer', reference: 'PR-1-1', state: 'succeeded' },
  ]);
  assert.equal(Number(balance?.['sum']), 0);
  assert.match(textOf((await olivia.get(paid).expect(200)).text), /Paid[^]*Recorded by Olivia Grant/);

  await portal.idle();
  const remittances = portal.post.emails.filter(
    ({ recipient, text }) => recipient === nordholz.email && text?.includes('We paid you'),
  );
  assert.equal(remittances.length, 1);
  const said = remittances[0]?.text ?? '';
  assert.match(said, /We paid you €147\.24\nFor 2 bills/);
  assert.match(said, /NH-1: €98\.00\n.*€100\.00 less €2\.00 early-payment discount/);
  assert.match(said, /Account ending 2051[^]*PR-1-1/);
  assert.deepEqual(
    remittances[0]?.attachments.map(({ filename }) => filename),
    ['Remittance PR-1-1.pdf'],
  );
  const payment = /\/payments\/\S+/.exec(said)?.[0] ?? '';
  assert.match(
    textOf((await noras.get(`/${home.slug}${payment}`).expect(200)).text),
    /Remittance[^]*NH-1[^]*€100\.00 less €2\.00 early-payment discount[^]*€147\.24/,
  );
  await noras.get(run).expect(404);

  // Taken back, all that it paid is owed again, with what had been deducted.
  await post(olivia, `${page}/reverse_payment`, {
    payment: payment.split('/').at(-1),
    reason: 'The bank sent it back',
  });
  const owed = await portal.look(home.organization_id, (db) =>
    db('ledger_entries').where({ partner_id: nordholz.id }).sum('amount').first(),
  );
  assert.equal(Number(owed?.['sum']), -15_025);
  assert.deepEqual(await Promise.all([one, two, three].map(({ id }) => stateOf(home, id))), [
    ...['approved', 'approved', 'paid'],
  ]);
});

test('whose bank details are new is paid only once somebody says that they were checked', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  const { number, id } = await approved(home, nordholz, 'NH-1', '100');
  const { text, bill, ...asked } = await due(olivia, runs);
  assert.match(textOf(text), /Their bank details changed in the last 7 days/);
  assert.doesNotMatch(text, /name="chosen"[^>]*checked/);
  const form = { ...asked, chosen: bill[number] };
  const back = await press(olivia, runs, form).expect(422);
  assert.match(textOf(back.text), /Check the bank details, or leave these bills out/);
  assert.match(back.text, /name="chosen"[^>]*checked/, 'what was selected is kept');
  const run = await post(olivia, runs, { ...form, [`confirm_${nordholz.id}`]: 'on' });
  // They change once more: this run pays nobody.
  await paidTo(home, olivia, nordholz, IBANS[2] ?? '');
  await press(olivia, `${run}/export`, { format: 'pain001' }).expect(422, /bank details of Nordholz have changed/);
  await post(olivia, `${run}/cancel`);
  assert.equal(await stateOf(home, id), 'approved');
  const again = await due(olivia, runs);
  assert.notEqual(again.bill[number], bill[number]);
  await press(olivia, runs, { ...form, [`confirm_${nordholz.id}`]: 'on' }).expect(422, /have changed/);
});

test('a run on a later day tells vendors the day, of a bill that is partly paid, too; no discount takes all', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  await aWeekAgo(home);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: nordholz.id }).update({ discount_percent: 100, discount_days: 25 }),
  );
  const [one, two] = [await approved(home, nordholz, 'NH-1', '100'), await approved(home, nordholz, 'NH-2', '50')];
  const part = { amount: 4000, paid_on: day(0), method: 'Cash' };
  await act(portal.knex, home.staff, one.id, 'record_payment', part);
  const { text, bill, ...asked } = await due(olivia, runs, day(20));
  assert.match(textOf(text), /€60\.00[^]*€50\.00/);
  assert.doesNotMatch(text, /discount/);
  await post(olivia, runs, { ...asked, chosen: [bill[one.number], bill[two.number]] });
  const bills = await portal.look(home.organization_id, (db) =>
    db('documents').whereIn('id', [one.id, two.id]).orderBy('id').select('state', 'pay_on'),
  );
  assert.deepEqual(bills, [
    { state: 'partly_paid', pay_on: day(20) },
    { state: 'scheduled', pay_on: day(20) },
  ]);
  // What the bank is told to pay is put off no more.
  for (const { id } of [one, two])
    await assert.rejects(act(portal.knex, home.staff, id, 'schedule', { pay_on: day(25) }), { status: 409 });
  const partner = `/${home.slug}/partners/${nordholz.id}`;
  const fields = fieldsOf((await olivia.get(`${partner}/edit`).expect(200)).text);
  await press(olivia, partner, { ...fields, discount_percent: '100' }).expect(422, /Give a percentage below 100/);
});

test('each download of a file was recorded, and no file pays an account that was replaced, or on a past day', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  await aWeekAgo(home);
  const { number } = await approved(home, nordholz, 'NH-1', '100');
  const { text: _text, bill, ...asked } = await due(olivia, runs);
  const run = await post(olivia, runs, { ...asked, chosen: bill[number] });
  await changeRole(portal.knex, home.staff, home.tom.id, 'admin');
  const tom = await portal.signInByCode(home.tom.email);
  const offered = async (browser: Browser) => /Download file/.test((await browser.get(run).expect(200)).text);
  await post(olivia, `${run}/export`, { format: 'pain001' });
  const first = (await olivia.get(`${run}/file`).buffer(true).expect(200)).body.toString();
  assert.deepEqual([await offered(olivia), await offered(tom)], [true, false]);
  await tom.get(`${run}/file`).expect(404);
  await post(tom, `${run}/export`, { format: 'pain001' });
  assert.equal((await tom.get(`${run}/file`).buffer(true).expect(200)).body.toString(), first, 'the same file');
  assert.deepEqual([await offered(olivia), await offered(tom)], [false, true]);
  await olivia.get(`${run}/file`).expect(404);
  const log = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'export_payment_run' }).orderBy('id').pluck('person_id'),
  );
  assert.deepEqual(log, [home.olivia.id, home.tom.id]);
  const set = (changes: object) => portal.look(home.organization_id, (db) => db('payment_runs').update(changes));
  await set({ file_at: portal.knex.raw(`now() - interval '16 minutes'`) });
  assert.equal(await offered(tom), false);
  await tom.get(`${run}/file`).expect(404);
  await post(tom, `${run}/export`, { format: 'pain001' });
  await paidTo(home, olivia, nordholz, IBANS[2] ?? '');
  assert.equal(await offered(tom), false);
  await tom.get(`${run}/file`).expect(409, /bank details of Nordholz have changed/);
  await set({ pay_on: day(-1) });
  await press(tom, `${run}/export`, { format: 'pain001' }).expect(422, /This day has passed\. Cancel this run/);
});

test('two who pay the same bills at once: one run; two who record it: one payment', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  await aWeekAgo(home);
  const { number } = await approved(home, nordholz, 'NH-1', '100');
  const { text: _text, bill, ...asked } = await due(olivia, runs);
  const both = <T>(work: () => PromiseLike<T>) => Promise.all([work(), work()]);
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses(await both(() => press(olivia, runs, { ...asked, chosen: bill[number] }))), [303, 422]);
  const [{ id = '' } = {}] = await portal.look(home.organization_id, (db) => db('payment_runs').select('id'));
  assert.deepEqual(statuses(await both(() => press(olivia, `${runs}/${id}/record`, { paid_on: day(0) }))), [303, 422]);
  assert.equal((await portal.look(home.organization_id, (db) => db('payments').select('id'))).length, 1);
});

test('what can’t be right is refused; a file is for who may see bank details, after a code', async () => {
  const { home, olivia, vendors, runs } = await payers();
  const [nordholz, stahl] = vendors;
  await paidTo(home, olivia, nordholz, IBANS[0] ?? '');
  await aWeekAgo(home);
  const { number } = await approved(home, nordholz, 'NH-1', '100');
  await approved(home, stahl, 'S-1', '5');
  const { text: _text, bill, ...asked } = await due(olivia, runs);
  const value = bill[number] ?? '';
  await press(olivia, runs, asked).expect(422, /Select at least one bill/);
  await press(olivia, runs, { ...asked, pay_on: day(-1), chosen: value }).expect(422, /This day has passed/);
  for (const pay_on of ['soon', '2026-02-31', '2026-12-99']) {
    const back = await press(olivia, runs, { ...asked, pay_on, chosen: value }).expect(422);
    assert.match(back.text, /id="field-pay_on-error">Give a date/);
    await olivia.get(`${runs}/new?pay_on=${pay_on}&until=${pay_on}`).expect(200);
  }
  for (const account of ['abc', nordholz.id]) {
    const back = await press(olivia, runs, { ...asked, account, chosen: value }).expect(422);
    assert.match(back.text, /id="field-account-error">Choose an account/);
  }
  await press(olivia, runs, { ...asked, chosen: value.replace('10000', '9000') }).expect(422, /have changed/);
  await press(olivia, runs, { ...asked, chosen: [value, value] }).expect(422, /have changed/);
  const run = await post(olivia, runs, { ...asked, chosen: value });
  await press(olivia, `${run}/record`, { paid_on: day(1) }).expect(422, /This day is still to come/);
  await press(olivia, `${run}/export`, { format: 'fax' }).expect(422, /Choose a format/);
  await olivia.get(`${run}/file`).expect(404);
  await post(olivia, `${run}/export`, { format: 'csv' });
  await portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });
  await olivia.get(`${run}/file`).expect(303, /verify/);
  await press(olivia, `${run}/export`, { format: 'csv' }).expect(403);
  // A manager pays, without seeing where.
  await changeRole(portal.knex, home.staff, home.tom.id, 'manager');
  const tom = await portal.signInByCode(home.tom.email);
  assert.match(textOf((await tom.get(run).expect(200)).text), /Only people who may see bank details[^]*•••• 2051/);
  await tom.get(`${run}/file`).expect(403);
  const rival = await harbor(portal);
  const theirs = await portal.signInByCode(rival.olivia.email);
  await theirs.get(run).expect(404);
  await theirs.get(`/${rival.slug}/payment-runs/${run.split('/').at(-1)}`).expect(404);
});
