import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../support/days.js';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { errorsIn, lineIds, post, press, refused, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import {
  askedLongAgo,
  asksFor,
  opens,
  proposalOf,
  row,
  type Vendor,
  type Workshop,
  workshop,
} from '../support/vendors.js';
import { until } from '../support/until.js';

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
  const { text: saved } = await press(nora, `${nora.page}/set_delivery`, { delivery_on: day(30), ...lines }).expect(
    200,
  );
  assert.match(saved, /value="1,200.50"/);
  assert.match((await nora.get(`${nora.page}/answer`)).text, new RegExp(`value="${day(30)}"`));
  assert.equal((await row(portal, home, numberOf(nora.page))).state, 'requested');

  // An error stands at its field.
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
  const email = await portal.post.to(
    home.olivia.email,
    ({ subject }) => subject?.includes(numberOf(nora.page)) ?? false,
  );
  assert.match(email.text ?? '', /Nora Voss answered proposal[\s\S]*No steel here/);

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

  // Two award at once: one does, the other gets a conflict.
  const both = await Promise.all(
    [0, 1].map(() => press(desk, `${request}/award`, { ...chosen, message: 'Thank you both.' })),
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
  assert.match((await desk.get(nora.page)).text, new RegExp(`href="${request}/compare"`), 'the next step is in sight');
  await post(desk, `${request}/award`, { award_all: (await row(portal, home, numberOf(sam.page))).id });
  assert.equal((await row(portal, home, numberOf(nora.page))).state, 'not_awarded');
  const thanks = await portal.post.to(nordholz.person.email, ({ text }) => /another offer was chosen/.test(text ?? ''));
  assert.match(thanks.text ?? '', /Thank you for proposal/);
  assert.match(thanks.text ?? '', /We hope to ask you again/);
});

test('a proposal that is withdrawn while it is being awarded is not awarded', async () => {
  const { nordholz, desk, organization_id } = home;
  const request = await asksFor(home, FAIR, [nordholz]);
  const nora = await invited(request, nordholz);
  const ids = lineIds((await nora.get(`${nora.page}/answer`)).text);
  await post(nora, `${nora.page}/submit`, { 'line_id[]': ids, 'line_price[]': ['10', '20'] });
  const { id } = await row(portal, home, numberOf(nora.page));
  const { person } = nordholz;
  const vendor = {
    ...home.staff,
    side: 'partner' as const,
    role: 'member' as const,
    partner_id: nordholz.id,
    person_id: person.id,
  };
  const awarding = await withActor(portal.knex, vendor, async (db) => {
    await act(db, vendor, id, 'withdraw');
    // Not committed yet: the award waits for it.
    const award = press(desk, `${request}/award`, { award_all: id }).then((answer) => answer);
    await until('the award to wait', async () => {
      const { rows } = await portal.knex.raw(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    return { award };
  });
  assert.equal((await awarding.award).status, 409);
  const states = await portal.look(organization_id, (db) =>
    db('documents')
      .whereIn('number', [numberOf(request), numberOf(nora.page)])
      .orderBy('type')
      .pluck('state'),
  );
  assert.deepEqual(states, ['withdrawn', 'sent']);
});

test('nothing is submitted after the deadline until it is moved, and everybody is notified of that', async () => {
  const { nordholz, kiesel, desk } = home;
  const request = await askedLongAgo(portal, home, FAIR, [nordholz, kiesel]);
  const nora = await invited(request, nordholz);
  await nora.get(`${nora.page}/answer`).expect(303);
  const { id } = await row(portal, home, numberOf(nora.page));
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: id }).orderBy('position').pluck('id'),
  );
  const answered = { 'line_id[]': lines, 'line_price[]': ['10', '20'] };
  assert.match(await refused(nora, `${nora.page}/submit`, 409, answered), /“Requested”: this can’t be done to it now/);
  await refused(desk, `${request}/extend`, 422, { due_on: day(-2) });
  await post(desk, `${request}/extend`, { due_on: day(5), message: 'Five days more.' });
  for (const { person } of [nordholz, kiesel]) {
    const received = await portal.post.to(person.email, ({ text }) => /moved the deadline/.test(text ?? ''));
    assert.match(received.text ?? '', /Five days more/);
  }
  // Whoever has the form open while the deadline moves sees what changed, and what was typed is still there.
  const { text: opened } = await nora.get(`${nora.page}/answer`).expect(200);
  const seen = /name="seen" value="([^"]+)"/.exec(opened)?.[1] ?? '';
  await post(desk, `${request}/extend`, { due_on: day(6) });
  const stale = await refused(nora, `${nora.page}/submit`, 409, { ...answered, seen });
  assert.match(stale, /This changed since you opened it/);
  assert.match(stale, /name="line_price\[\]" value="20"/);
  await post(nora, `${nora.page}/submit`, answered);
  // The date saved alone after the prices stands in the version once they are submitted again, though no price is
  // another.
  await press(nora, `${nora.page}/set_delivery`, { delivery_on: day(40) }).expect(200);
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
  const email = await portal.post.to(home.olivia.email, ({ text }) => /full until March/.test(text ?? ''));
  assert.match(email.text ?? '', /will not make a proposal/);
  await desk.get(sam.page).expect(200);
});

test('a request is a request: its number and its buyer on every page, no prices yet; the offer is the vendor’s', async () => {
  const { nordholz, desk, slug } = home;
  const drafted = await post(desk, `/${slug}/requests/new`, {
    ...{ title: 'Doors', issued_on: day(0), due_on: day(10), currency: 'USD', 'recipient[]': [nordholz.person.id] },
    ...{ 'line_description[]': ['Oak door'], 'line_quantity[]': ['2'], 'line_price[]': [''] },
  });
  const email = textOf((await desk.get(`${drafted}/email`).expect(200)).text);
  assert.match(email, /asks you for proposal PRO-….*Submit proposal/, 'what the vendor gets');
  const request = await post(desk, `${drafted.replace(/\/preview$/, '')}/send`);
  const nora = await invited(request, nordholz);
  assert.doesNotMatch(nora.received.text ?? '', /\$0\.00/);
  const asked = textOf((await nora.get(nora.page).expect(200)).text);
  assert.match(asked, new RegExp(`Request for proposal ${numberOf(request)}`));
  assert.match(asked, /Vendor Nordholz Joinery.*Buyer Harbor & Pine/);
  assert.doesNotMatch(asked, /\$0\.00|Subtotal/);
  const list = textOf((await desk.get(`/${slug}/proposals`).expect(200)).text);
  assert.doesNotMatch(list, /\$0\.00/);
  const [line = ''] = lineIds((await nora.get(`${nora.page}/answer`)).text);
  await post(nora, `${nora.page}/submit`, { 'line_id[]': [line], 'line_price[]': ['90'] });
  const offered = textOf((await nora.get(nora.page).expect(200)).text);
  assert.match(offered, /Proposal PRO-\d+.*For Harbor & Pine.*From Nordholz Joinery.*\$180\.00/);
});
