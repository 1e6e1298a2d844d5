import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Difference } from '../../src/activity/difference.js';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { newId } from '../../src/db/ids.js';
import { day } from '../support/days.js';
import { post, press, refused, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { formOf, lineFields, opens, orders, row, type Vendor, type Workshop, workshop } from '../support/vendors.js';
import { until } from '../support/until.js';

let portal: Portal;
let home: Workshop;

before(async () => {
  portal = await openPortal();
  home = await workshop(portal);
});

after(() => portal.close());

const numberOf = (path: string) => path.split('/').at(-1) ?? '';

const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

const TIMBER: [string, string, string][] = [
  ['Oak boards', '10', '40'],
  ['Screws', '100', '0.5'],
];

/** An order that its vendor has acknowledged, by the link in its email alone. */
async function agreed(vendor: Vendor) {
  const order = await orders(home, vendor, TIMBER);
  const agent = await opens(portal, vendor, numberOf(order));
  await post(agent, `${order}/acknowledge`);
  return { order, agent };
}

/** By link alone: makes a bill of an order, changes its form, and confirms it. Returns the bill's path. */
async function bills(
  agent: Awaited<ReturnType<typeof opens>>,
  order: string,
  change: (form: Record<string, string[]>) => void = () => {},
) {
  const draft = await post(agent, `${order}/bill`);
  await agent.get(`${draft}/edit`).expect(200);
  const form = await formOf(portal, home, numberOf(draft));
  change(form);
  await post(agent, `${draft}/edit`, { ...form, save: '1' });
  return post(agent, `${draft}/submit`);
}

test('an equal bill is submitted, by a link alone; its draft opens, and staff do not see it', async () => {
  const { nordholz, desk } = home;
  const { order, agent: nora } = await agreed(nordholz);
  const draft = await post(nora, `${order}/bill`);
  await nora.get(draft).expect(200);
  await nora.get(order).expect(200);
  await desk.get(draft).expect(404);
  // With only the order's link in another browser it takes a code; begun there again, it is found instead.
  const elsewhere = await opens(portal, nordholz, numberOf(order));
  await elsewhere
    .get(draft)
    .expect(303)
    .expect('Location', /^\/verify\?/);
  assert.equal(await post(elsewhere, `${order}/bill`), draft);
  await elsewhere.get(draft).expect(200);
  const form = await formOf(portal, home, numberOf(draft));
  await multipart(nora.post(`${draft}/edit`), { ...form, reference: ['NH-1'], save: ['1'] })
    .attach('files', Buffer.from('%PDF-1.4 our own'), { filename: 'NH-1.pdf', contentType: 'application/pdf' })
    .expect(303);
  const bill = await post(nora, `${draft}/submit`, { message: 'As ordered.' });
  const { state, differences } = await row(portal, home, numberOf(bill));
  assert.deepEqual([state, differences], ['submitted', null]);
  const { text: page } = await desk.get(bill).expect(200);
  assert.match(textOf(page), new RegExp(`Equal to Purchase order ${numberOf(order)}`));
  assert.match(page, /NH-1\.pdf/);
  // What she did to her draft stays hers, also once it is sent.
  assert.match((await nora.get(bill).expect(200)).text, /edited the draft/);
  assert.doesNotMatch(page, /edited the draft/);
  assert.equal((await row(portal, home, numberOf(order))).state, 'billed');
  await refused(nora, `${order}/bill`, 409);

  // The same number a second time.
  const again = await orders(home, nordholz, TIMBER);
  const other = await opens(portal, nordholz, numberOf(again));
  const twin = await post(other, `${again}/bill`);
  const typed = await formOf(portal, home, numberOf(twin));
  await post(other, `${twin}/edit`, { ...typed, reference: 'nh-1', save: '1' });
  const back = await refused(other, `${twin}/submit`, 422);
  assert.match(back, new RegExp(`A bill with this number has been sent already: ${numberOf(bill)}`));
  assert.equal((await row(portal, home, numberOf(twin))).state, 'draft');
  await post(other, `${twin}/edit`, { ...typed, reference: 'NH-2', save: '1' });
  await post(other, `${twin}/submit`);
});

test('a bill that was sent back can’t get a number that another has', async () => {
  const shop = await workshop(portal);
  const nora = await portal.signIn(shop.nordholz.person.email);
  const billed = async (reference: string) => {
    const fields = { title: 'Timber', issued_on: day(0), due_on: day(14), currency: 'USD', reference, save: '1' };
    const draft = await post(nora, `/${shop.slug}/bills/new`, { ...fields, ...lineFields(TIMBER) });
    return post(nora, `${draft}/submit`);
  };
  const [first, second] = [await billed('NH-7'), await billed('NH-8')];
  await post(shop.desk, `${second}/send_back`, { message: 'Please add the freight.' });
  const typed = { ...(await formOf(portal, shop, numberOf(second))), reference: 'nh-7' };
  const back = await refused(nora, `${second}/resubmit`, 422, typed);
  assert.match(
    back,
    new RegExp(`value="nh-7"[\\s\\S]*?A bill with this number has been sent already: ${numberOf(first)}`),
  );
  const { state, reference } = await row(portal, shop, numberOf(second));
  assert.deepEqual([state, reference], ['in_revision', 'NH-8']);
});

/** The same fields in a form that carries files. */
function multipart<Sending extends { field(name: string, value: string): Sending }>(
  sending: Sending,
  fields: Record<string, string[]>,
): Sending {
  for (const [name, values] of Object.entries(fields)) for (const value of values) sending.field(name, value);
  return sending;
}

test('two bills until all is billed, what is left shown; a changed bill is matched line by line', async () => {
  const { stahl, desk } = home;
  const { order, agent: sam } = await agreed(stahl);
  const first = await bills(sam, order, (form) => {
    form['line_quantity[]'] = ['4', '100'];
  });
  // A part of what is left, at the agreed price, is equal.
  const { state: equal, differences: none } = await row(portal, home, numberOf(first));
  assert.deepEqual([equal, none], ['submitted', null]);
  assert.equal((await row(portal, home, numberOf(order))).state, 'partly_billed');
  for (const agent of [sam, desk]) {
    const text = textOf((await agent.get(order).expect(200)).text);
    assert.match(text, /Ordered \$450.00 Billed \$210.00 Left \$240.00/);
    assert.match(text, /Oak boards 10 pc 4 6 Screws 100 pc 100 0/);
  }
  // A browser that knows the order's link alone reads the same.
  assert.match(textOf((await (await opens(portal, stahl, numberOf(order))).get(order)).text), /Left \$240.00/);

  // The second begins with what is left; this one is changed in every way.
  const second = await bills(sam, order, (form) => {
    assert.deepEqual(form['line_quantity[]'], ['6.0000']);
    Object.assign(form, {
      'line_id[]': [...(form['line_id[]'] ?? []), ''],
      'line_origin[]': [...(form['line_origin[]'] ?? []), ''],
      ...lineFields([
        ['Oak boards', '6', '45'],
        ['Delivery', '1', '30'],
      ]),
    });
  });
  assert.equal((await row(portal, home, numberOf(order))).state, 'billed');
  const { state, differences } = await row(portal, home, numberOf(second));
  assert.equal(state, 'matching');
  assert.deepEqual(
    differences.map(({ line, field, amount }: Difference) => [line?.description, field, amount]),
    [
      ['Oak boards', 'unit_price', 3_000],
      ['Delivery', 'added', 3_000],
    ],
  );
  const page = textOf((await desk.get(second)).text);
  assert.match(page, /Oak boards Another price 40.00 45.00 \+30.00 Delivery Not in the order – 1 \+30.00/);
  assert.match(page, /In all, before tax \+60.00/);
  const received = await portal.post.to(
    home.olivia.email,
    ({ subject }) => subject?.includes(numberOf(second)) ?? false,
  );
  assert.match(
    received.text ?? '',
    /- Oak boards: Another price, \$30.00 more: 40.00 → 45.00\n- Delivery: Not in the order, \$30.00 more: 1/,
  );
  assert.doesNotMatch(received.text ?? '', /Screws/);
});

test('within the vendor’s tolerance nothing differs', async () => {
  const { kiesel, desk, slug } = home;
  const form = {
    name: 'Kiesel Stone',
    kind: 'vendor',
    currency: 'USD',
    locale: 'en-US',
    terms_days: '14',
    email: '',
    address: '',
    tax_number: '',
  };
  assert.match(
    await refused(desk, `/${slug}/partners/${kiesel.id}`, 422, { ...form, tolerance_percent: '101' }),
    /Give a percentage from 0 to 100/,
  );
  await post(desk, `/${slug}/partners/${kiesel.id}`, { ...form, tolerance_percent: '5 %' });
  assert.match((await desk.get(`/${slug}/partners/${kiesel.id}/edit`)).text, /name="tolerance_percent" value="5"/);
  const { order, agent: kim } = await agreed(kiesel);
  const within = await bills(kim, order, (form) => {
    form['line_price[]'] = ['42', '0.5'];
  });
  assert.equal((await row(portal, home, numberOf(within))).state, 'submitted');
  const next = await agreed(kiesel);
  const beyond = await bills(next.agent, next.order, (form) => {
    form['line_price[]'] = ['42.01', '0.5'];
  });
  assert.equal((await row(portal, home, numberOf(beyond))).state, 'matching');
});

test('a bill is sent back, corrected, approved, scheduled and paid; the vendor adds their tax invoice', async () => {
  const { nordholz, desk } = home;
  const { order, agent: nora } = await agreed(nordholz);
  const bill = await bills(nora, order, (form) => {
    form['line_price[]'] = ['50', '0.5'];
  });
  const number = numberOf(bill);
  await refused(desk, `${bill}/send_back`, 422);
  await post(desk, `${bill}/send_back`, { message: 'Forty was agreed.' });
  assert.equal((await row(portal, home, numberOf(order))).state, 'acknowledged');
  const back = await portal.post.to(nordholz.person.email, ({ text }) =>
    /sent bill .* back to be corrected/.test(text ?? ''),
  );
  assert.match(back.text ?? '', /Forty was agreed/);
  const corrected = await portal.open(back);
  assert.equal(corrected.page, bill);
  const form = await formOf(portal, home, number);
  await post(corrected, `${bill}/resubmit`, { ...form, 'line_price[]': ['40', '0.5'], message: 'Corrected.' });
  const equal = await row(portal, home, number);
  assert.deepEqual([equal.state, equal.version, equal.differences], ['submitted', 2, null]);
  const history = textOf((await desk.get(bill)).text);
  assert.match(history, /Equal to Purchase order/);
  assert.match(history, /Earlier submissions .*\$550.00.*Forty was agreed.*\$450.00/);

  const both = await Promise.all([0, 1].map(() => press(desk, `${bill}/approve`)));
  assert.deepEqual(statuses(both), [303, 409]);
  await portal.post.to(nordholz.person.email, ({ text }) => /approved bill/.test(text ?? ''));
  await refused(desk, `${bill}/schedule`, 422, { pay_on: day(-1) });
  await post(desk, `${bill}/schedule`, { pay_on: day(3) });

  assert.match(await refused(corrected, `${bill}/attach_invoice`, 422), /Choose a file/);
  await corrected
    .post(`${bill}/attach_invoice`)
    .field('reference', 'RE-77')
    .attach('files', Buffer.from('%PDF-1.4 RE-77'), { filename: 'RE-77.pdf', contentType: 'application/pdf' })
    .expect(303);
  await portal.post.to(home.olivia.email, ({ text }) => /attached their invoice to bill/.test(text ?? ''));
  assert.match((await desk.get(bill)).text, /RE-77\.pdf/);

  await post(desk, `${bill}/record_payment`, { amount: '450.00', paid_on: day(0), method: 'Bank transfer' });
  const paid = await row(portal, home, number);
  assert.equal(paid.state, 'paid');
  const remittance = await portal.post.to(nordholz.person.email, ({ text }) =>
    /paid \$450.00 of bill/.test(text ?? ''),
  );
  assert.match(remittance.text ?? '', new RegExp(number));
});

test('a rejected bill is sent again, any number of times; a void one no more', async () => {
  const { stahl, desk } = home;
  const { order, agent: sam } = await agreed(stahl);
  const bill = await bills(sam, order);
  for (const reason of ['Wrong project.', 'Still wrong.']) {
    await post(desk, `${bill}/reject`, { reason });
    const received = await portal.post.to(stahl.person.email, reason);
    assert.match(received.text ?? '', /rejected bill/);
    await post(sam, `${bill}/resubmit`, await formOf(portal, home, numberOf(bill)));
  }
  assert.match(textOf((await sam.get(bill)).text), /Wrong project.*Still wrong/);
  await post(desk, `${bill}/void`, { reason: 'Ordered twice.' });
  await refused(sam, `${bill}/resubmit`, 409, await formOf(portal, home, numberOf(bill)));
  const { state } = await row(portal, home, numberOf(order));
  assert.equal(state, 'acknowledged');
});

test('staff enter a bill for a vendor, from an order or without one; the vendor is notified of its progress', async () => {
  const { kiesel, desk, slug } = home;
  const { order } = await agreed(kiesel);
  const draft = await post(desk, `${order}/bill`);
  const bill = await post(desk, `${draft}/submit`);
  assert.equal((await row(portal, home, numberOf(bill))).state, 'submitted');
  const email = await portal.post.to(kiesel.person.email, ({ subject }) => subject?.includes(numberOf(bill)) ?? false);
  assert.match(email.text ?? '', /Olivia Grant sent bill/);

  assert.match((await desk.get(`/${slug}/bills/new`).expect(200)).text, new RegExp(`bills/new\\?partner=${kiesel.id}`));
  const alone = await post(desk, `/${slug}/bills/new?partner=${kiesel.id}`, {
    ...{ title: 'Samples', issued_on: day(0), due_on: day(14), currency: 'USD', reference: 'K-9', save: '1' },
    ...lineFields([['Samples', '1', '75']]),
  });
  const sent = await post(desk, `${alone}/submit`);
  await post(desk, `${sent}/approve`);
  await portal.post.to(kiesel.person.email, ({ text }) =>
    new RegExp(`approved bill ${numberOf(sent)}`).test(text ?? ''),
  );
});

test('what is billed is no matter of what its timeline still shows, nor of who sees the bills', async () => {
  const { nordholz, desk, organization_id } = home;
  const { order, agent } = await agreed(nordholz);
  await bills(agent, order, (form) => {
    form['line_quantity[]'] = ['4', '100'];
  });
  const { id } = await row(portal, home, numberOf(order));
  const said = { organization_id, subject_id: id, side: 'staff', action: 'comment' };
  await portal.look(organization_id, (db) =>
    db('activities').insert(Array.from({ length: 250 }, () => ({ ...said, id: newId() }))),
  );
  for (const reader of [desk, await opens(portal, nordholz, numberOf(order))])
    assert.match(textOf((await reader.get(order)).text), /Ordered \$450.00 Billed \$210.00 Left \$240.00/);
});

test('another due date than the agreed one is a difference, and no way round the payment terms', async () => {
  const { stahl, desk } = home;
  const { order, agent } = await agreed(stahl);
  const bill = await bills(agent, order, (form) => {
    form['due_on'] = [day(2)];
  });
  const sent = await row(portal, home, numberOf(bill));
  assert.equal(sent.state, 'matching');
  assert.deepEqual(
    sent.differences.map(({ field, before, after }: Difference) => [field, before, after]),
    [['due_on', day(14), day(2)]],
  );
  await post(desk, `${bill}/approve`);
  assert.equal((await row(portal, home, numberOf(bill))).pay_on, day(14));
});

test('an order is billed in its own currency, and by its own vendor', async () => {
  const { nordholz, stahl, desk, slug } = home;
  const order = numberOf(await orders(home, nordholz, TIMBER));
  const typed = { title: 'Timber', issued_on: day(0), due_on: day(14), save: '1', ...lineFields(TIMBER) };
  const draft = `/${slug}/bills/new?from=${order}`;
  const signed = await portal.signIn(nordholz.person.email);
  const back = await refused(signed, draft, 422, { ...typed, currency: 'EUR' });
  assert.match(textOf(back), /PO-\d+ is in USD\./);
  await refused(desk, `${draft}&partner=${stahl.id}`, 404, { ...typed, currency: 'USD' });
  const begun = await post(signed, draft, { ...typed, currency: 'USD' });
  // Declined, nothing more begins from it; what was begun is a bill of no order that stands.
  await post(signed, `/${slug}/documents/${order}/decline`, { reason: 'No oak left' });
  await signed.get(draft).expect(303).expect('Location', `${begun}/edit`);
  await desk.get(`${draft}&partner=${nordholz.id}`).expect(409);
  await refused(signed, draft, 409, { ...typed, currency: 'USD' });
  const bill = await post(signed, `${begun}/submit`);
  const { state, differences } = await row(portal, home, numberOf(bill));
  assert.equal(state, 'matching');
  assert.deepEqual([differences[0].field, differences[0].after], ['order_state', 'Declined']);
});

test('of two bills of an order that are corrected at once, the second is no equal', async () => {
  const { kiesel, staff, desk, organization_id } = home;
  const { order } = await agreed(kiesel);
  const kim = await portal.signIn(kiesel.person.email);
  const returned = async () => {
    const bill = await post(kim, await post(kim, `${order}/bill`).then((draft) => `${draft}/submit`));
    await post(desk, `${bill}/send_back`, { message: 'Please date it today.' });
    return bill;
  };
  const [first, second] = [await returned(), await returned()];
  const { id } = await row(portal, home, numberOf(first));
  const lines = await portal.look(organization_id, (db) =>
    db('lines').where({ document_id: id }).select('id', 'origin_line', 'description', 'unit', 'quantity', 'unit_price'),
  );
  const form = await formOf(portal, home, numberOf(second));
  const vendor = {
    ...staff,
    side: 'partner' as const,
    role: 'manager' as const,
    partner_id: kiesel.id,
    person_id: kiesel.person.id,
  };
  const correcting = await withActor(portal.knex, vendor, async (db) => {
    await act(db, vendor, id, 'resubmit', { content: { issued_on: day(0), lines } });
    const other = press(kim, `${second}/resubmit`, form).then((answer) => answer);
    await until('the second to wait', async () => {
      const { rows } = await portal.knex.raw(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    return { other };
  });
  assert.equal((await correcting.other).status, 303);
  const [one, two] = [await row(portal, home, numberOf(first)), await row(portal, home, numberOf(second))];
  assert.deepEqual([one.state, two.state], ['submitted', 'matching']);
});
