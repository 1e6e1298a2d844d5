import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { day } from '../support/days.js';
import { textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sendDraft, type Sent, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const MARCH = 'from=2026-03-01&to=2026-03-31';

/** A harbor in New York, where summer time began on March 8, 2026. */
async function inNewYork(): Promise<Harbor> {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) => db('organizations').update({ time_zone: 'America/New_York' }));
  return { ...home, staff: { ...home.staff, time_zone: 'America/New_York' } };
}

const at = (moment: string) => new Date(`2026-${moment}Z`);

const sent = (home: Harbor, type: string, title: string, unit_price: string, moment: string) =>
  sentDocument(
    portal,
    home,
    type,
    {
      ...{ title, issued_on: '2026-02-01', due_on: '2026-04-01', partial_payments: true },
      lines: [{ description: title, unit_price }],
    },
    at(moment),
  );

const does = (home: Harbor, { id }: Sent, moment: string, action: string, input: object) =>
  act(portal.knex, { ...home.staff, now: at(moment) }, id, action, { ...input });

const PAID = { method: 'Bank transfer', reference: 'TRX-77' };

/** March of an account: 120.00 from before, 54.00 after, and 40.00 on the first of April. */
async function play(home: Harbor): Promise<void> {
  const chairs = await sent(home, 'invoice', 'Chairs', '100.00', '02-10T12:00');
  const lamps = await sent(home, 'invoice', 'Lamps', '20.00', '03-01T04:59');
  const shelves = await sent(home, 'invoice', 'Shelves', '30.00', '03-01T05:00');
  await does(home, chairs, '03-10T12:00', 'record_payment', { amount: 10_000, paid_on: '2026-03-09', ...PAID });
  const wrong = { amount: 2000, paid_on: '2026-03-12', ...PAID };
  await does(home, lamps, '03-12T12:00', 'record_payment', wrong);
  const payment = await portal.look(home.organization_id, (db) => db('payments').where({ amount: 2000 }).first('id'));
  await does(home, lamps, '03-14T12:00', 'reverse_payment', { payment: payment.id, reason: 'Not ours' });
  await sent(home, 'credit_note', 'Scratched', '7.00', '03-15T12:00');
  await does(home, shelves, '03-20T12:00', 'apply_credit', { amount: 700 });
  const mistake = await sent(home, 'invoice', 'Mistake', '5.00', '03-22T12:00');
  await does(home, mistake, '03-25T12:00', 'void', { reason: 'A mistake' });
  await sent(home, 'invoice', '=Desk', '11.00', '04-01T03:59');
  await sent(home, 'invoice', 'Sofa', '40.00', '04-01T04:00');
}

test('a statement adds up what was booked in its days: of the organization, with reversal, credit and void', async () => {
  const home = await inNewYork();
  await play(home);
  const maya = await portal.signIn(home.maya.email);
  const own = `/${home.slug}/statement`;
  const page = textOf((await maya.get(`${own}?${MARCH}`).expect(200)).text);
  assert.match(page, /March 1, 2026 – March 31, 2026 · USD/);
  const sum = 'Opening balance $120.00 Invoiced + 41.00 Paid − 100.00 Credits − 7.00 Closing balance $54.00';
  assert.ok(page.includes(sum), page);
  const rows = [
    'Opening balance 120.00',
    'Shelves INV-0003 30.00 150.00',
    'Payment for INV-0001 Bank transfer · TRX-77 · paid on Mar 9, 2026 −100.00 50.00',
    'Payment for INV-0002 Bank transfer · TRX-77 −20.00 30.00',
    'Payment for INV-0002 reversed Bank transfer · TRX-77 · paid on Mar 12, 2026 20.00 50.00',
    'Scratched CN-0001 −7.00 43.00',
    'Mistake INV-0004 5.00 48.00',
    'INV-0004 voided −5.00 43.00',
    '=Desk INV-0005 11.00 54.00',
    'Closing balance 41.00 −107.00 $54.00',
  ];
  const plain = page.replace(/(Jan|Feb|Mar|Apr) \d+, 2026 (?=[A-Z=])/g, '');
  assert.ok(plain.includes(rows.join(' ')), plain);
  // What the ledger itself says, added up without our query.
  const bound = at('04-01T04:00');
  const recount = await portal.look(home.organization_id, (db) =>
    db('ledger_entries').where('created_at', '<', bound).sum('amount as sum').first(),
  );
  assert.equal(Number(recount?.['sum']), 5400);
  const april = textOf((await maya.get(`${own}?from=2026-04-01&to=2026-04-01`).expect(200)).text);
  assert.match(april, /Opening balance \$54\.00 Invoiced \+ 40\.00 .*Closing balance \$94\.00/);
  const olivia = await portal.signIn(home.olivia.email);
  const desk = `/${home.slug}/partners/${home.partner_id}/statement`;
  assert.ok(textOf((await olivia.get(`${desk}?${MARCH}`).expect(200)).text).includes(sum));
  assert.match((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text, new RegExp(`href="${desk}"`));
});

test('everything that a statement names opens: documents, and the receipts of payments', async () => {
  const home = await inNewYork();
  await play(home);
  const maya = await portal.signIn(home.maya.email);
  const { text } = await maya.get(`/${home.slug}/statement?${MARCH}`).expect(200);
  const links = new Set([...text.matchAll(/<th scope="row">\s*<a href="([^"]+)"/g)].map(([, href]) => href ?? ''));
  assert.ok([...links].some((href) => href.includes('/payments/')));
  for (const href of links) await maya.get(href).expect(200);
});

test('a statement that runs until today says what is due when; credit is part of its balance', async () => {
  const home = await harbor(portal);
  const due = (offset: number, unit_price: string) =>
    sentDocument(portal, home, 'invoice', {
      issued_on: day(-110),
      due_on: day(offset),
      lines: [{ description: 'Desk', unit_price }],
    });
  await due(-100, '1.00');
  await due(-70, '2.00');
  await due(-30, '4.00');
  await due(-1, '8.00');
  await due(0, '16.00');
  await sentDocument(portal, home, 'credit_note', { lines: [{ description: 'Scratched', unit_price: '5.00' }] });
  const maya = await portal.signIn(home.maya.email);
  const page = textOf((await maya.get(`/${home.slug}/statement`).expect(200)).text);
  assert.match(
    page,
    /By due date Not due yet 16\.00 Overdue, 1–30 days 12\.00 Overdue, 61–90 days 2\.00 Overdue, more than 90 days 1\.00 Credit not applied yet −5\.00 Closing balance \$26\.00/,
  );
  const past = await maya.get(`/${home.slug}/statement?from=${day(-40)}&to=${day(-20)}`).expect(200);
  assert.doesNotMatch(past.text, /By due date/);
});

test('the file for spreadsheets has the same period, and nothing in it is run as a formula', async () => {
  const home = await inNewYork();
  await play(home);
  const maya = await portal.signIn(home.maya.email);
  const { text, headers } = await maya.get(`/${home.slug}/statement?${MARCH}&format=csv`).expect(200);
  assert.match(String(headers['content-disposition']), /statement-2026-03-01-2026-03-31-USD\.csv/);
  const lines = text.replace('\ufeff', '').trim().split('\r\n');
  assert.equal(lines[1], '2026-03-01,Opening balance,,USD,,120.00');
  assert.equal(lines[2], '2026-03-01,Shelves,INV-0003,USD,30.00,150.00');
  assert.equal(lines.at(-2), `2026-03-31,'=Desk,INV-0005,USD,11.00,54.00`);
  assert.equal(lines.at(-1), '2026-03-31,Closing balance,,USD,,54.00');
  const pdf = await maya.get(`/${home.slug}/statement?${MARCH}&format=pdf`).expect(200);
  assert.equal(pdf.headers['content-type'], 'application/pdf');
});

test('each currency has a statement of its own', async () => {
  const home = await inNewYork();
  for (const [currency, unit_price] of Object.entries({ USD: '10.00', EUR: '20.00', JPY: '3000' })) {
    const lines = [{ description: 'Desk', unit_price }];
    const content = { title: 'Desk', issued_on: '2026-03-02', due_on: '2026-04-01', recipients: [home.maya.id], lines };
    const draft = await createDocument(portal.knex, home.staff, 'invoice', home.partner_id, { currency, content });
    await sendDraft(portal, home, draft, at('03-02T12:00'));
  }
  const maya = await portal.signIn(home.maya.email);
  const closing = async (currency: string) => {
    const { text } = await maya.get(`/${home.slug}/statement?${MARCH}&currency=${currency}`).expect(200);
    return /Credits \+ [\d.]+ Closing balance (\S+)/.exec(textOf(text))?.[1];
  };
  const asked = ['', 'USD', 'EUR', 'JPY', 'CHF', 'x'];
  const dollars = '$10.00';
  assert.deepEqual(await Promise.all(asked.map(closing)), [dollars, dollars, '€20.00', '¥3,000', dollars, dollars]);
});

test('a period that can’t be read comes back as it was typed, with the reason beside its field', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const ask = (query: string) => maya.get(`/${home.slug}/statement?${query}`);
  const reversed = await ask('from=2026-03-31&to=2026-03-01').expect(422);
  assert.match(reversed.text, /id="field-to-error">The last day is before the first\./);
  assert.match(reversed.text, /value="2026-03-31"[\s\S]*value="2026-03-01"/);
  const odd = await ask('from=2026-02-30&to=%3Cb%3E&format=pdf').expect(422);
  assert.match(odd.text, /id="field-from-error">Give a date\.[\s\S]*id="field-to-error">Give a date\./);
  assert.match(odd.text, /value="&lt;b&gt;"/);
  assert.doesNotMatch(odd.text, /Opening balance/);
  await ask('to=2026-03-01').expect(422);
  assert.match(textOf((await ask('from=2026-03-01&from=2026-03-02').expect(200)).text), /Closing balance \$0\.00/);
});

test('a vendor sees what it billed and was paid, from its side', async () => {
  const home = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, home);
  const lines = [{ description: 'Oak', unit_price: '50' }];
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', {
    recipients: [erik],
    lines,
  });
  const eriks = await portal.signIn('erik@northern.example');
  const created = await eriks
    .post(`/${home.slug}/bills/new?from=${order.number}`)
    .type('form')
    .send({ issued_on: '2026-03-02', currency: 'USD', reference: 'NT-1', save: '1' })
    .send({ 'line_description[]': ['Oak'], 'line_price[]': ['50'] })
    .expect(303);
  const [, id = ''] = /documents\/([0-9a-f-]{36})/.exec(String(created.headers['location'])) ?? [];
  const erikActor = partnerActor({ ...home, partner_id: vendor }, { id: erik, name: 'Erik', email: 'e@x.example' });
  await act(portal.knex, { ...erikActor, now: at('03-02T12:00') }, id, 'submit');
  const bill = { id, number: '', url: '' };
  await does(home, bill, '03-03T12:00', 'approve', {});
  await does(home, bill, '03-20T12:00', 'record_payment', { amount: 2000, paid_on: '2026-03-20', ...PAID });
  const page = textOf((await eriks.get(`/${home.slug}/statement?${MARCH}`).expect(200)).text);
  const sum = 'Opening balance $0.00 Billed + 50.00 Paid − 20.00 Credits + 0.00 Closing balance $30.00';
  assert.ok(page.includes(sum), page);
  assert.match(page, /Payment for BILL-\d+ Bank transfer · TRX-77 −20\.00 30\.00/);
});

test('a statement is for those who may see all of it', async () => {
  const home = await inNewYork();
  await play(home);
  const rival = await harbor(portal);
  const url = `/${home.slug}/statement?${MARCH}`;
  const invoice = await sent(home, 'invoice', 'Bench', '1.00', '04-02T12:00');
  // By the link in an email: only after a code.
  const byLink = await portal.open(await portal.post.to(home.maya.email, 'Bench'));
  assert.doesNotMatch((await byLink.get(url)).text, /120\.00/);
  const ada = { name: 'Ada Lind', email: `ada@${home.slug}.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ada);
  await (await portal.signIn(ada.email)).get(url).expect(404);
  await (await portal.signIn(rival.maya.email)).get(url).expect(404);
  const olivia = await portal.signIn(rival.olivia.email);
  await olivia.get(`/${rival.slug}/partners/${home.partner_id}/statement`).expect(404);
  await olivia.get(`/${rival.slug}/partners/x/statement`).expect(404);
  await olivia.get(`/${rival.slug}/statement`).expect(404);
  // With invoices alone Noah sees the credit, too; without them he is told whom to ask.
  const limit = (modules: string[]) =>
    portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ modules }));
  const noah = await portal.signIn(home.noah.email);
  await limit(['invoices']);
  assert.match(textOf((await noah.get(url).expect(200)).text), /\$120\.00 .*Credits − 7\.00 Closing balance \$54\.00/);
  await limit(['quotes']);
  assert.doesNotMatch((await noah.get(url).expect(403)).text, /120\.00/);
});
