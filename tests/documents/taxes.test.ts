import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import type { Invalid } from '../../src/errors.js';
import { readContent } from '../../src/documents/content/content_store.js';
import { versionDifferences } from '../../src/documents/content/differences.js';
import type { Snapshot } from '../../src/documents/content/version.js';
import { addTaxRate, changeTaxRate, removeTaxRate, type TaxFields } from '../../src/documents/taxes/changing_rates.js';
import { setOrganizationTaxes, setPartnerTaxes } from '../../src/documents/taxes/partner_taxes.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { day } from '../support/days.js';
import {
  draftDocument,
  draftInvoice,
  harbor,
  type Harbor,
  partnerActor,
  sendDraft,
  sentInvoice,
} from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;
before(async () => {
  portal = await openPortal();
});
after(() => portal.close());

const addTax = (home: Harbor, fields: Partial<TaxFields>): Promise<string> =>
  withActor(portal.knex, home.staff, (db) =>
    addTaxRate(db, home.staff, {
      ...{ name: 'VAT', percent: '20.0000', category: 'S', note: '', valid_from: null, valid_until: null },
      ...fields,
    }),
  );

const decide = (home: Harbor, ids: string[]) =>
  withActor(portal.knex, home.staff, (db) => setPartnerTaxes(db, home.staff, home.partner_id, ids));

const snapshotOf = async (home: Harbor, id: string): Promise<Snapshot> =>
  (
    await portal.look(home.organization_id, (db) =>
      db('versions').where({ document_id: id }).orderBy('version', 'desc').first(),
    )
  ).snapshot;

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => assert.fail('nothing was refused'),
    (error: Invalid) => error,
  );
  return [error.fields, error.message] as const;
};

const LINE = { description: 'Desk', unit_price: '100.00' };

test('two taxes on a line, one of them on another, too: a summary by tax, frozen with names and texts', async () => {
  const home = await harbor(portal);
  const state = await addTax(home, { name: 'State tax', percent: '6.0000' });
  const county = await addTax(home, { name: 'County tax 1.25 %', percent: '1.2500' });
  await decide(home, [state]);
  const { id } = await sentInvoice(portal, home, {
    lines: [
      { ...LINE, taxes: [state, county] },
      { ...LINE, unit_price: '33.33', taxes: 'partner' },
      { ...LINE, unit_price: '10.00', tax_rate: '0' },
    ],
  });
  const { lines, taxes, subtotal, tax, total } = await snapshotOf(home, id);
  assert.deepEqual(taxes, [
    { rate: '0', base: 1000, amount: 0 },
    { name: 'County tax 1.25 %', rate: '1.25', base: 10_000, amount: 125 },
    { name: 'State tax', rate: '6', base: 13_333, amount: 800 },
  ]);
  assert.deepEqual([subtotal, tax, total], [14_333, 925, 15_258]);
  assert.deepEqual(
    lines.map(({ tax_rate, taxes = [] }) => [Number(tax_rate), taxes.map(({ name }) => name)]),
    [
      [7.25, ['State tax', 'County tax 1.25 %']],
      [6, ['State tax']],
      [0, []],
    ],
  );
  const mail = await portal.post.to(home.maya.email);
  assert.match(mail.text ?? '', /\$152\.58/);
});

test('a tax that documents have stays on them: a change ends it and begins another; unused ones are edited', async () => {
  const home = await harbor(portal);
  const vat = await addTax(home, { name: 'VAT 19 %', percent: '19.0000' });
  await decide(home, [vat]);
  const change = (id: string, fields: Partial<TaxFields>) =>
    withActor(portal.knex, home.staff, (db) =>
      changeTaxRate(db, home.staff, id, {
        ...{ name: 'VAT 19 %', percent: '19.0000', category: 'S', note: '', valid_from: null, valid_until: null },
        ...fields,
      }),
    );
  await change(vat, { name: 'VAT 18 %', percent: '18.0000' });
  await change(vat, {});
  const { id } = await sentInvoice(portal, home, { issued_on: day(0), due_on: day(9), lines: [LINE] });
  const next = { name: 'VAT 16 %', percent: '16.0000' };
  assert.deepEqual((await refusal(change(vat, next)))[0], { valid_from: 'Give the first day of the change.' });
  await change(vat, { ...next, valid_from: day(5) });
  assert.equal((await snapshotOf(home, id)).total, 11_900, 'what was sent');
  await assert.rejects(
    withActor(portal.knex, home.staff, (db) => removeTaxRate(db, home.staff, vat)),
    /This tax is on documents/,
  );
  // The partner's tax is that of the day; the old one can't be chosen for a later day.
  const later = { issued_on: day(5), due_on: day(9) };
  const draft = await draftInvoice(portal, home, { ...later, lines: [LINE] });
  const [document] = await portal.look(home.organization_id, (db) =>
    db('documents').where({ id: draft }).select('total'),
  );
  assert.equal(document.total, 11_600);
  const [fields, words] = await refusal(
    draftInvoice(portal, home, { ...later, lines: [LINE, { ...LINE, taxes: [vat] }] }),
  );
  assert.deepEqual(Object.keys(fields), ['content.lines.1.taxes']);
  assert.match(words, /“VAT 19 %” isn’t valid on .* Choose another tax, or another date/);
  const [rate] = await portal.look(home.organization_id, (db) => db('tax_rates').where({ id: vat }).select());
  assert.equal(rate.valid_until, day(4));
  const said = await portal.look(home.organization_id, (db) =>
    db('activities').where('action', 'like', '%_tax').pluck('action'),
  );
  assert.deepEqual(said, ['add_tax', 'change_tax', 'change_tax', 'change_tax']);
});

test('a draft whose tax has ended meanwhile is not sent, but what credits an old invoice is', async () => {
  const home = await harbor(portal);
  const vat = await addTax(home, {});
  const draft = await draftInvoice(portal, home, {
    issued_on: day(0),
    due_on: day(9),
    lines: [{ ...LINE, taxes: [vat] }],
  });
  const fields = { name: 'VAT', percent: '20.0000', category: 'S', note: '', valid_from: null } as const;
  await withActor(portal.knex, home.staff, (db) =>
    changeTaxRate(db, home.staff, vat, { ...fields, valid_until: day(-1) }),
  );
  await assert.rejects(sendDraft(portal, home, draft), /“VAT” isn’t valid on/);
  const credit = await draftDocument(portal, home, 'credit_note', {
    ...{ issued_on: day(0), recipients: [home.maya.id], lines: [{ ...LINE, taxes: [vat] }] },
  });
  await sendDraft(portal, home, credit);
  assert.equal((await snapshotOf(home, credit)).total, 12_000);
});

test('a new customer never gets no tax by accident: it is asked once', async () => {
  const home = await harbor(portal);
  const vat = await addTax(home, {});
  const draft = await draftInvoice(portal, home, { lines: [LINE] });
  const [fields, words] = await refusal(sendDraft(portal, home, draft));
  assert.deepEqual(Object.keys(fields), ['content.partner_taxes']);
  assert.equal(words, 'Edit the draft and choose which taxes Maple Street Clinic pays.');
  const content = await withActor(portal.knex, home.staff, (db) =>
    readContent(db, { organization_id: home.organization_id, id: draft }),
  );
  const edited = { ...content, partner_taxes: [vat], lines: [LINE], recipients: [home.maya.id] };
  await act(portal.knex, home.staff, draft, 'edit', { content: edited });
  await sendDraft(portal, home, draft);
  assert.equal((await snapshotOf(home, draft)).total, 12_000);
  const { id } = await sentInvoice(portal, home, { lines: [LINE] });
  assert.equal((await snapshotOf(home, id)).total, 12_000, 'the next one');
  // Whoever pays none, by decision, gets none.
  await decide(home, []);
  assert.equal((await snapshotOf(home, (await sentInvoice(portal, home, { lines: [LINE] })).id)).total, 10_000);
});

test('a new version never gets no tax by accident either, and has the taxes of its own day', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { issued_on: day(0), due_on: day(9), lines: [LINE] });
  const vat = await addTax(home, { valid_from: day(1) });
  const content = await withActor(portal.knex, home.staff, (db) =>
    readContent(db, { organization_id: home.organization_id, id: invoice.id }),
  );
  const revise = (fields: object) =>
    act(portal.knex, home.staff, invoice.id, 'revise', {
      content: { ...content, recipients: [home.maya.id], lines: [LINE, LINE], ...fields },
    });
  assert.deepEqual(await refusal(revise({})), [
    { 'content.partner_taxes': 'Choose which tax they pay.' },
    'Choose which tax they pay.',
  ]);
  await revise({ partner_taxes: [vat], issued_on: day(1) });
  assert.equal((await snapshotOf(home, invoice.id)).total, 24_000);
});

test('reverse charge says why no tax is charged, and needs the tax numbers of both', async () => {
  const home = await harbor(portal);
  const note = 'Reverse charge: the customer accounts for the VAT.';
  const reverse = await addTax(home, { name: 'Reverse charge', percent: '0.0000', category: 'AE', note });
  const lines = [{ ...LINE, taxes: [reverse] }];
  await assert.rejects(sentInvoice(portal, home, { lines }), /invoices need the tax number of Maple Street Clinic/);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: home.partner_id }).update({ tax_number: 'DE123456789' }),
  );
  const { id, url } = await sentInvoice(portal, home, { lines });
  const snapshot = await snapshotOf(home, id);
  assert.deepEqual(snapshot.taxes, [{ name: 'Reverse charge', rate: '0', base: 10_000, amount: 0 }]);
  assert.equal(snapshot.lines[0]?.taxes?.[0]?.note, note);
  const maya = await portal.signIn(home.maya.email);
  assert.match((await maya.get(url)).text, /Reverse charge: the customer accounts for the VAT\./);
});

test('an estimate’s taxes go to its invoice; another tax in a new version is a difference; vendors type percentages', async () => {
  const home = await harbor(portal);
  const [vat, reduced] = [await addTax(home, {}), await addTax(home, { name: 'Reduced VAT', percent: '5.0000' })];
  const { id } = await sendDraft(
    portal,
    home,
    await draftDocument(portal, home, 'estimate', {
      ...{ title: 'Desks', issued_on: day(0), due_on: day(9), recipients: [home.maya.id] },
      lines: [{ ...LINE, taxes: [vat] }],
    }),
  );
  const first = await snapshotOf(home, id);
  await act(portal.knex, partnerActor(home, home.maya), id, 'accept');
  const [revised] = [{ ...first, lines: first.lines.map((line) => ({ ...line, taxes: [] })) }];
  assert.deepEqual(
    versionDifferences(first, revised).map(({ field, before, after }) => [field, before, after]),
    [['taxes', 'VAT 20 %', '20 %']],
  );
  const fields = { ...home.customer, is_customer: false, is_vendor: true, name: 'Northern Timber', email: '' };
  const vendor = await addPartner(portal.knex, home.staff, fields);
  await newContact(portal.knex, home.staff, vendor, { name: 'Erik Lund', email: `erik-${vendor}@northern.example` });
  const bill = draftDocument(portal, { ...home, partner_id: vendor }, 'bill', {
    ...{ issued_on: day(0), lines: [{ ...LINE, taxes: [reduced] }] },
  });
  assert.deepEqual((await refusal(bill))[0], { 'content.lines.0.taxes': 'Enter a percentage here.' });
});

test('what can’t be: unknown taxes, those of another organization, one twice, four, two at once', async () => {
  const [home, other] = [await harbor(portal), await harbor(portal)];
  const vat = await addTax(home, {});
  const theirs = await addTax(other, {});
  for (const taxes of [[theirs], [vat, vat], [vat, vat, vat, vat], ['vat']]) {
    const [fields] = await refusal(draftInvoice(portal, home, { lines: [{ ...LINE, taxes }] }));
    assert.match(Object.keys(fields).join(' '), /^content\.lines\.0\.taxes/, String(taxes));
  }
  await assert.rejects(decide(home, [theirs]), /Choose one of your taxes/);
  const four = [vat];
  for (const name of ['City levy', 'Port levy', 'Dues']) four.push(await addTax(home, { name }));
  await assert.rejects(decide(home, four), { fields: { partner_taxes: 'Use at most 3 taxes.' } });
  const propose = (ids: string[]) =>
    withActor(portal.knex, home.staff, (db) => setOrganizationTaxes(db, home.staff, ids));
  await assert.rejects(propose(four), { fields: { taxes: 'Use at most 3 taxes.' } });
  await propose(four.slice(1));
  await assert.rejects(
    withActor(portal.knex, home.staff, (db) => removeTaxRate(db, home.staff, theirs)),
    /nothing here/,
  );
  const twice = await Promise.allSettled([addTax(home, { name: 'GST' }), addTax(home, { name: 'gst' })]);
  assert.equal(twice.filter(({ status }) => status === 'fulfilled').length, 1);
  // A tax is edited while a document takes it for the first time: the document has what it is then.
  const racing = await addTax(home, { name: 'Racing' });
  const edited = { name: 'Racing', percent: '7.0000', category: 'S', note: '', valid_from: day(1), valid_until: null };
  const [, drafted] = await Promise.allSettled([
    withActor(portal.knex, home.staff, (db) => changeTaxRate(db, home.staff, racing, edited as TaxFields)),
    draftInvoice(portal, home, { issued_on: day(2), due_on: day(9), lines: [{ ...LINE, taxes: [racing] }] }),
  ]);
  if (drafted.status === 'fulfilled') {
    const [line] = await portal.look(home.organization_id, (db) => db('lines').where({ document_id: drafted.value }));
    const [tax] = await portal.look(home.organization_id, (db) => db('tax_rates').where({ id: racing }));
    assert.equal(Number(line.tax_rate), Number(tax.percent));
  } else assert.match(String(drafted.reason), /Somebody just changed a tax/);
  const tom = { ...home.staff, role: 'member' as const };
  await assert.rejects(
    withActor(portal.knex, tom, (db) => removeTaxRate(db, tom, vat)),
    /not yours to do/,
  );
});

test('a tax whose kind changes while a document takes it is taken as it is then, or not at all', async () => {
  const home = await harbor(portal);
  const exempt = await addTax(home, { name: 'Exempt', percent: '0.0000', category: 'E', note: 'Schools' });
  const drafting = await withActor(portal.knex, home.staff, async (db) => {
    await db('tax_rates').where({ id: exempt }).update({ category: 'G' });
    // Not committed yet: the draft has read what was before, and waits.
    const drafted = refusal(draftInvoice(portal, home, { lines: [{ ...LINE, taxes: [exempt] }] }));
    await until('the draft to wait', async () => {
      const { rows } = await portal.knex.raw(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    return { drafted };
  });
  assert.match((await drafting.drafted)[1], /Somebody just changed a tax/);
});

test('who has as many taxes as there may be changes them still, and adds none', async () => {
  const home = await harbor(portal);
  const levy = await addTax(home, { name: 'Levy' });
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into tax_rates (organization_id, id, series, name, percent, category, created_by)
       select organization_id, gen_random_uuid(), gen_random_uuid(), 'Tax ' || n, 1, 'S', created_by
       from tax_rates, generate_series(1, 199) n where id = ?`,
      [levy],
    ),
  );
  const fields = { name: 'Levy', percent: '2.0000', category: 'S', note: '', valid_until: null } as const;
  const change = (valid_from: string | null, percent: string) =>
    withActor(portal.knex, home.staff, (db) => changeTaxRate(db, home.staff, levy, { ...fields, valid_from, percent }));
  await change(null, '2.0000');
  await sentInvoice(portal, home, { issued_on: day(0), due_on: day(9), lines: [{ ...LINE, taxes: [levy] }] });
  const full = /You can have at most 200 taxes/;
  await assert.rejects(change(day(1), '3.0000'), full, 'another would take its place');
  await assert.rejects(addTax(home, { name: 'One more' }), full);
});
