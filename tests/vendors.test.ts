import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPortal, type Portal } from './support/portal.js';
import {
  askedLongAgo,
  asksFor,
  day,
  errorsIn,
  formOf,
  lineFields,
  lineIds,
  opens,
  orders,
  post,
  proposalOf,
  refused,
  row,
  textOf,
  type Vendor,
  type Workshop,
  workshop,
} from './support/vendors.js';

let portal: Portal;
let home: Workshop;
before(async () => {
  portal = await openPortal();
  home = await workshop(portal);
});
after(() => portal.close());

const numberOf = (path: string) => path.split('/').at(-1) ?? '';
/** The proposal of a vendor to a request, opened from its email. */
const invited = async (request: string, vendor: Vendor) =>
  opens(portal, vendor, await proposalOf(portal, home, request, vendor));

const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

const FAIR: [string, string][] = [
  ['Oak counter', '2'],
  ['Steel frame', '10'],
];

test('three vendors are asked; each answers by link alone on a page of its own, and none sees another', async () => {
  const { nordholz, stahl, kiesel, desk } = home;
  const request = await asksFor(home, FAIR, [nordholz, stahl, kiesel]);
  const [nora, sam, kim] = [
    await invited(request, nordholz),
    await invited(request, stahl),
    await invited(request, kiesel),
  ];
  assert.equal(new Set([nora.page, sam.page, kim.page]).size, 3);
  assert.match(nora.received.text ?? '', /Submit proposal/);
  assert.match((await nora.get(nora.page).expect(200)).text, new RegExp(`${nora.page}/answer`));

  // The delivery date by itself; prices that were being typed stay.
  const { text: form } = await nora.get(`${nora.page}/answer`).expect(200);
  const [counter = '', frame = ''] = lineIds(form);
  const lines = { 'line_id[]': [counter, frame], 'line_price[]': ['1,200.50', ''] };
  const { text: saved } = await nora
    .post(`${nora.page}/answer`)
    .type('form')
    .send({ delivery_on: day(30), ...lines })
    .expect(200);
  assert.match(saved, /value="1,200.50"/);
  assert.match((await nora.get(`${nora.page}/answer`)).text, new RegExp(`value="${day(30)}"`));
  assert.equal((await row(portal, home, numberOf(nora.page))).state, 'requested');

  // What is missing or wrong is said beside its field.
  const missing = await refused(nora, `${nora.page}/submit`, 422, lines);
  assert.match(missing, new RegExp(`id="price-error-${frame}">Give a price, or reject the line.`));
  assert.match(missing, /value="1,200.50"/);
  for (const [price, words] of [
    ['-5', 'This can’t be below zero.'],
    ['lots', 'Give a number.'],
    ['999999999999', 'This is too large.'],
  ])
    assert.deepEqual(
      errorsIn(await refused(nora, `${nora.page}/submit`, 422, { ...lines, 'line_price[]': [price ?? '', '1'] })),
      [words],
    );
  assert.match(
    await refused(nora, `${nora.page}/submit`, 422, { ...lines, 'line_price[]': ['1', '1'], delivery_on: day(-3) }),
    /This day has passed/,
  );

  await post(nora, `${nora.page}/submit`, { ...lines, 'refused[]': [frame], message: 'No steel here.' });
  const submitted = await row(portal, home, numberOf(nora.page));
  assert.deepEqual([submitted.state, submitted.total, submitted.version], ['submitted', 240_100, 2]);
  const told = await portal.post.to(
    home.olivia.email,
    ({ subject }) => subject?.includes(numberOf(nora.page)) ?? false,
  );
  assert.match(told.text ?? '', /Nora Voss answered proposal[\s\S]*No steel here/);

  // Kim rejects each line: the proposal is rejected. Sam offers both.
  const ids = lineIds((await kim.get(`${kim.page}/answer`)).text);
  await post(kim, `${kim.page}/submit`, { 'line_id[]': ids, 'line_price[]': ['', ''], 'refused[]': ids });
  assert.equal((await row(portal, home, numberOf(kim.page))).state, 'rejected');
  const sams = lineIds((await sam.get(`${sam.page}/answer`)).text);
  await post(sam, `${sam.page}/submit`, { 'line_id[]': sams, 'line_price[]': ['1300', '80'] });

  // Before the deadline the prices stand in the form again, and can be changed.
  assert.match((await sam.get(`${sam.page}/answer`)).text, /value="1300"/);
  await post(sam, `${sam.page}/submit`, { 'line_id[]': sams, 'line_price[]': ['1250', '80'] });

  // Neither the request nor another's proposal is there for a vendor, by link or signed in.
  const signedIn = await portal.signIn(stahl.person.email);
  for (const asks of [sam, signedIn]) {
    for (const path of [request, nora.page, kim.page, `${nora.page}/answer`, `${request}/compare`, `${nora.page}/pdf`])
      await asks.get(path).expect(404);
    await asks.post(`${nora.page}/submit`).type('form').send(lines).expect(404);
    await asks.post(`${request}/award`).type('form').send({}).expect(404);
  }
  for (const { text } of [
    await sam.get(sam.page),
    await sam.get(`${sam.page}/answer`),
    await signedIn.get(`/${home.slug}/proposals`),
  ])
    assert.doesNotMatch(text, /Nordholz|Kiesel|Nora Voss|1,200/);

  // Side by side: best prices, what is not offered, who rejected.
  const { text: compared } = await desk.get(`${request}/compare`).expect(200);
  assert.match(textOf(compared), /Nordholz Joinery.*Best price/);
  assert.deepEqual([compared.split('Best price').length - 1, compared.split('Only offer').length - 1], [1, 1]);
  assert.match(textOf(compared), /Not offered/);
  const proposals = { nordholz: submitted.id, stahl: (await row(portal, home, numberOf(sam.page))).id };
  const requestLines = [...compared.matchAll(/id="line-([^"]+)"/g)].map(([, id = '']) => id);
  const chosen = { [`award_${requestLines[0]}`]: proposals.nordholz, [`award_${requestLines[1]}`]: proposals.stahl };

  assert.match(await refused(desk, `${request}/award`, 422, {}), /Choose at least one line/);
  assert.match(
    await refused(desk, `${request}/award`, 409, { [`award_${requestLines[1]}`]: proposals.nordholz }),
    /has changed since/,
  );
  const seen = { [`seen_${proposals.stahl}`]: '0'.repeat(64) };
  assert.match(await refused(desk, `${request}/award`, 409, { ...chosen, ...seen }), /has changed since/);
  assert.equal((await row(portal, home, numberOf(request))).state, 'sent');

  // Two award at once: one does, the other is told.
  const both = await Promise.all(
    [0, 1].map(() =>
      desk
        .post(`${request}/award`)
        .type('form')
        .send({ ...chosen, message: 'Thank you both.' }),
    ),
  );
  assert.deepEqual(statuses(both), [303, 409]);
  const { text: after } = await desk.get(`${request}/compare`).expect(200);
  const made = [...after.matchAll(/<a class="button tight" href="([^"]+)"/g)].map(([, href = '']) => href);
  assert.equal(made.length, 2);
  const drafts = await Promise.all(made.map((path) => row(portal, home, numberOf(path))));
  assert.deepEqual(
    drafts.map(({ type, state, total }) => [type, state, total]),
    [
      ['purchase_order', 'draft', 240_100],
      ['purchase_order', 'draft', 80_000],
    ],
  );
  const won = await portal.post.to(nordholz.person.email, ({ text }) => /chose/.test(text ?? ''));
  assert.match(won.text ?? '', /Thank you both/);
  assert.match(won.text ?? '', /The order follows by email/);
  const partly = await portal.post.to(stahl.person.email, ({ text }) => /chose/.test(text ?? ''));
  assert.match(partly.text ?? '', /- Steel frame: chosen/);
  assert.doesNotMatch(partly.text ?? '', /Oak counter/);
});

test('who was not chosen is thanked; a whole proposal is awarded by one button', async () => {
  const { nordholz, stahl, desk } = home;
  const request = await asksFor(home, FAIR, [nordholz, stahl]);
  const [nora, sam] = [await invited(request, nordholz), await invited(request, stahl)];
  for (const [agent, price] of [
    [nora, '90'],
    [sam, '95'],
  ] as const) {
    const ids = lineIds((await agent.get(`${agent.page}/answer`)).text);
    await post(agent, `${agent.page}/submit`, { 'line_id[]': ids, 'line_price[]': [price, price] });
  }
  await post(desk, `${request}/award`, { award_all: (await row(portal, home, numberOf(sam.page))).id });
  assert.equal((await row(portal, home, numberOf(nora.page))).state, 'not_awarded');
  const thanks = await portal.post.to(nordholz.person.email, ({ text }) => /another offer was chosen/.test(text ?? ''));
  assert.match(thanks.text ?? '', /Thank you for proposal/);
  assert.match(thanks.text ?? '', /We hope to ask you again/);
});

test('too late is too late, until the deadline is moved; all are told of that', async () => {
  const { nordholz, kiesel, desk } = home;
  const request = await askedLongAgo(portal, home, FAIR, [nordholz, kiesel]);
  const nora = await invited(request, nordholz);
  await nora.get(`${nora.page}/answer`).expect(303);
  const { id } = await row(portal, home, numberOf(nora.page));
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: id }).orderBy('position').pluck('id'),
  );
  const answered = { 'line_id[]': lines, 'line_price[]': ['10', '20'] };
  assert.match(await refused(nora, `${nora.page}/submit`, 409, answered), /requested: this can’t be done to it now/);
  await refused(desk, `${request}/extend`, 422, { due_on: day(-2) });
  await post(desk, `${request}/extend`, { due_on: day(5), message: 'Five days more.' });
  for (const { person } of [nordholz, kiesel]) {
    const received = await portal.post.to(person.email, ({ text }) => /moved the deadline/.test(text ?? ''));
    assert.match(received.text ?? '', /Five days more/);
  }
  // Whoever has the form open while the deadline moves is told what changed, and keeps what was typed.
  const { text: opened } = await nora.get(`${nora.page}/answer`).expect(200);
  const seen = /name="seen" value="([^"]+)"/.exec(opened)?.[1] ?? '';
  await post(desk, `${request}/extend`, { due_on: day(6) });
  const stale = await refused(nora, `${nora.page}/submit`, 409, { ...answered, seen });
  assert.match(stale, /This changed since you opened it/);
  assert.match(stale, /name="line_price\[\]" value="20"/);
  await post(nora, `${nora.page}/submit`, answered);
  // The date saved alone after the prices stands in the version once they are submitted again, though no price is
  // another.
  await nora
    .post(`${nora.page}/answer`)
    .type('form')
    .send({ delivery_on: day(40) })
    .expect(200);
  const before = await row(portal, home, numberOf(nora.page));
  await post(nora, `${nora.page}/submit`, answered);
  const now = await row(portal, home, numberOf(nora.page));
  assert.equal(now.version, before.version + 1);
});

test('prices in another currency stand beside the others, and are not compared with them', async () => {
  const { nordholz, desk } = home;
  const rhein = await home.vendor('Rhein Holz', 'Rita Rhein', { currency: 'EUR', locale: 'de-DE' });
  const request = await asksFor(home, [['Oak counter', '2']], [nordholz, rhein]);
  const [nora, rita] = [await invited(request, nordholz), await invited(request, rhein)];
  for (const [agent, price] of [
    [nora, '100'],
    [rita, '60,50'],
  ] as const)
    await post(agent, `${agent.page}/submit`, {
      'line_id[]': lineIds((await agent.get(`${agent.page}/answer`)).text),
      'line_price[]': [price],
    });
  const { text } = await desk.get(`${request}/compare`).expect(200);
  assert.match(textOf(text), /€121.00.*In EUR: not compared with the others/);
  assert.match(text, new RegExp(`value="${(await row(portal, home, numberOf(nora.page))).id}"\\s+checked`));
});

test('the whole request is turned down with a reason', async () => {
  const { stahl, desk } = home;
  const sam = await invited(await asksFor(home, FAIR, [stahl]), stahl);
  assert.match((await sam.get(`${sam.page}/answer`)).text, new RegExp(`action="${sam.page}/reject"`));
  await post(sam, `${sam.page}/reject`, { reason: 'We are full until March.' });
  const told = await portal.post.to(home.olivia.email, ({ text }) => /full until March/.test(text ?? ''));
  assert.match(told.text ?? '', /will not make a proposal/);
  await desk.get(sam.page).expect(200);
});

const TIMBER: [string, string, string][] = [
  ['Oak boards', '10', '40'],
  ['Screws', '100', '0.5'],
];

test('an order is acknowledged; changes are proposed, refused, proposed again and agreed to: a new version', async () => {
  const { nordholz, desk } = home;
  const order = await orders(home, nordholz, TIMBER);
  const number = numberOf(order);
  const nora = await opens(portal, nordholz, number);
  assert.ok(nora.received.attachments.some(({ contentType }) => contentType === 'application/pdf'));
  await post(nora, `${order}/acknowledge`);
  assert.equal((await row(portal, home, number)).state, 'acknowledged');

  const ids = lineIds((await nora.get(`${order}/answer`).expect(200)).text);
  const same = {
    'line_id[]': ids,
    'line_quantity[]': ['10', '100'],
    'line_price[]': ['40', '0.5'],
    'line_delivery[]': ['', ''],
  };
  assert.match(await refused(nora, `${order}/propose`, 422, same), /Change a date, a quantity or a price first/);
  assert.match(
    await refused(nora, `${order}/propose`, 422, { ...same, 'line_quantity[]': ['-1', '100'] }),
    /This can’t be below zero/,
  );
  assert.match(
    await refused(nora, `${order}/propose`, 422, { ...same, 'line_quantity[]': ['99999999', '100'] }),
    /This is too large/,
  );
  const huge = { ...same, 'line_quantity[]': ['10000000', '100'], 'line_price[]': ['99999999999', '0.5'] };
  assert.match(await refused(nora, `${order}/propose`, 422, huge), /more than can be counted/);
  const wish = {
    ...same,
    'line_quantity[]': ['8', '100'],
    'line_price[]': ['42.5', '0.5'],
    'line_delivery[]': [day(12), ''],
    message: 'Oak is short.',
  };
  await post(nora, `${order}/propose`, wish);
  const received = await portal.post.to(home.olivia.email, ({ text }) =>
    /proposed changes to purchase order/.test(text ?? ''),
  );
  assert.match(
    received.text ?? '',
    /- Oak boards: Quantity: 10 → 8\n- Oak boards: Price: 40.00 → 42.50\n- Oak boards: Delivery: /,
  );
  assert.match(String(received.html), /class="details"/);
  for (const agent of [desk, nora])
    assert.match(textOf((await agent.get(order)).text), /Proposed changes .*Oak boards Quantity 10 8/);
  // While they are looked at, nothing more is proposed.
  await refused(nora, `${order}/propose`, 409, wish);

  await post(desk, `${order}/refuse_changes`, { message: 'We need ten.' });
  const kept = await portal.post.to(nordholz.person.email, ({ text }) => /keeps purchase order/.test(text ?? ''));
  assert.match(kept.text ?? '', /We need ten/);
  assert.equal((await row(portal, home, number)).proposed, null);

  await post(nora, `${order}/propose`, { ...same, 'line_delivery[]': [day(12), day(13)] });
  const both = await Promise.all([0, 1].map(() => desk.post(`${order}/accept_changes`).type('form').send({})));
  assert.deepEqual(statuses(both), [303, 409]);
  const { version, state, proposed } = await row(portal, home, number);
  assert.deepEqual([version, state, proposed], [2, 'acknowledged', null]);
  const agreed = await portal.post.to(nordholz.person.email, ({ text }) => /agreed to the changes/.test(text ?? ''));
  assert.ok(agreed.attachments.length > 0);
});

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
  const order = await orders(home, nordholz, TIMBER);
  const nora = await opens(portal, nordholz, numberOf(order));
  const draft = await post(nora, `${order}/bill`);
  await nora.get(draft).expect(200);
  await nora.get(order).expect(200);
  await desk.get(draft).expect(404);
  // Whoever has only the order's link in another browser does not have it.
  await (await opens(portal, nordholz, numberOf(order))).get(draft).expect(404);
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
  const order = await orders(home, stahl, TIMBER);
  const sam = await opens(portal, stahl, numberOf(order));
  const first = await bills(sam, order, (form) => {
    form['line_quantity[]'] = ['4', '100'];
  });
  const firstRow = await row(portal, home, numberOf(first));
  assert.equal(firstRow.state, 'matching');
  assert.deepEqual(
    firstRow.differences.map((one: object) => ({ ...one, line: null })),
    [{ line: null, what: 'Oak boards', why: 'quantity', before: '10', after: '4.0000', amount: -24_000 }],
  );
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
    differences.map(({ what, why, amount }: Record<string, unknown>) => [what, why, amount]),
    [
      ['Oak boards', 'price', 3_000],
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
  const order = await orders(home, kiesel, TIMBER);
  const kim = await opens(portal, kiesel, numberOf(order));
  const within = await bills(kim, order, (form) => {
    form['line_price[]'] = ['42', '0.5'];
  });
  assert.equal((await row(portal, home, numberOf(within))).state, 'submitted');
  const next = await orders(home, kiesel, TIMBER);
  const beyond = await bills(await opens(portal, kiesel, numberOf(next)), next, (form) => {
    form['line_price[]'] = ['42.01', '0.5'];
  });
  assert.equal((await row(portal, home, numberOf(beyond))).state, 'matching');
});

test('a bill is sent back, corrected, approved, scheduled and paid; the vendor adds their tax invoice', async () => {
  const { nordholz, desk } = home;
  const order = await orders(home, nordholz, TIMBER);
  const nora = await opens(portal, nordholz, numberOf(order));
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

  const both = await Promise.all([0, 1].map(() => desk.post(`${bill}/approve`).type('form').send({})));
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
  const order = await orders(home, stahl, TIMBER);
  const sam = await opens(portal, stahl, numberOf(order));
  const bill = await bills(sam, order);
  for (const reason of ['Wrong project.', 'Still wrong.']) {
    await post(desk, `${bill}/reject`, { reason });
    const received = await portal.post.to(stahl.person.email, ({ text }) => text?.includes(reason) ?? false);
    assert.match(received.text ?? '', /rejected bill/);
    await post(sam, `${bill}/resubmit`, await formOf(portal, home, numberOf(bill)));
  }
  assert.match(textOf((await sam.get(bill)).text), /Wrong project.*Still wrong/);
  await post(desk, `${bill}/void`, { reason: 'Ordered twice.' });
  await refused(sam, `${bill}/resubmit`, 409, await formOf(portal, home, numberOf(bill)));
  const { state } = await row(portal, home, numberOf(order));
  assert.equal(state, 'acknowledged');
});

test('staff enter a bill for a vendor: from an order, or alone; the vendor hears what becomes of it', async () => {
  const { kiesel, desk, slug } = home;
  const order = await orders(home, kiesel, TIMBER);
  const draft = await post(desk, `${order}/bill`);
  const bill = await post(desk, `${draft}/submit`);
  assert.equal((await row(portal, home, numberOf(bill))).state, 'submitted');
  const told = await portal.post.to(kiesel.person.email, ({ subject }) => subject?.includes(numberOf(bill)) ?? false);
  assert.match(told.text ?? '', /Olivia Grant sent bill/);

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

test('another organization sees nothing of it', async () => {
  const rival = await workshop(portal);
  const request = await asksFor(home, FAIR, [home.nordholz]);
  const proposal = `/${home.slug}/documents/${await proposalOf(portal, home, request, home.nordholz)}`;
  const [eve, foreign] = [
    rival.desk,
    await opens(portal, rival.stahl, numberOf(await orders(rival, rival.stahl, TIMBER))),
  ];
  for (const agent of [eve, foreign]) {
    for (const path of [request, `${request}/compare`, proposal, `${proposal}/answer`])
      await agent.get(path).expect(404);
    await agent.post(`${request}/award`).type('form').send({ award_all: 'x' }).expect(404);
  }
  // The same number names their own, and nothing of ours.
  const theirs = await asksFor(rival, FAIR, [rival.stahl]);
  assert.match(textOf((await eve.get(`${theirs}/compare`).expect(200)).text), /Stahl Works/);
  const ours = await row(portal, home, numberOf(proposal));
  await refused(eve, `${theirs}/award`, 409, { award_all: ours.id });
});
