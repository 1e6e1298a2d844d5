import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../support/days.js';
import { lineIds, post, press, refused, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { asksFor, opens, orders, proposalOf, row, type Workshop, workshop } from '../support/vendors.js';

let portal: Portal;
let home: Workshop;

before(async () => {
  portal = await openPortal();
  home = await workshop(portal);
});

after(() => portal.close());

const numberOf = (path: string) => path.split('/').at(-1) ?? '';

const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

const FAIR: [string, string][] = [
  ['Oak counter', '2'],
  ['Steel frame', '10'],
];

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
  const email = await portal.post.to(nordholz.person.email, ({ text }) => /keeps purchase order/.test(text ?? ''));
  assert.match(email.text ?? '', /We need ten/);
  assert.equal((await row(portal, home, number)).proposed, null);

  await post(nora, `${order}/propose`, { ...same, 'line_delivery[]': [day(12), day(13)] });
  const both = await Promise.all([0, 1].map(() => press(desk, `${order}/accept_changes`)));
  assert.deepEqual(statuses(both), [303, 409]);
  const { version, state, proposed } = await row(portal, home, number);
  assert.deepEqual([version, state, proposed], [2, 'acknowledged', null]);
  const agreed = await portal.post.to(nordholz.person.email, ({ text }) => /agreed to the changes/.test(text ?? ''));
  assert.ok(agreed.attachments.length > 0);
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
