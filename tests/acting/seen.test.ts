import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { types } from '../../src/document_types/index.js';
import { binds } from '../../src/acting/permitted.js';
import { lineIds, post, press, refused, seenOn, shownTo, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { asksFor, opens, orders, proposalOf, row, type Workshop, workshop } from '../support/vendors.js';

// What was seen is what is decided on.

let portal: Portal;
let home: Workshop;

before(async () => {
  portal = await openPortal();
  home = await workshop(portal);
});

after(() => portal.close());

const numberOf = (path: string) => path.split('/').at(-1) ?? '';

const TIMBER: [string, string, string][] = [['Oak boards', '10', '40']];

test('nothing that binds is done by who doesn’t say what they saw: not by a form, not by a program', async () => {
  const { nordholz, desk } = home;
  const order = await orders(home, nordholz, TIMBER);
  const nora = await opens(portal, nordholz, numberOf(order));
  const tries: [typeof desk, string, object][] = [
    [nora, 'acknowledge', {}],
    [nora, 'decline', { reason: 'Too late' }],
    [desk, 'cancel', { reason: 'Not needed' }],
  ];
  for (const [agent, action, typed] of tries) {
    const words = /Open the page again before you decide/;
    assert.match(await refused(agent, `${order}/${action}`, 422, { ...typed, seen: '' }), words);
    const { body } = await agent.post(`${order}/${action}`).send(typed).expect(422);
    assert.match(body.errors.seen, words);
    const stale = await agent.post(`${order}/${action}`).send({ ...typed, seen: 'f'.repeat(64) });
    assert.equal(stale.status, 409);
  }
  assert.equal((await row(portal, home, numberOf(order))).state, 'sent');
  // Whoever only says something need not.
  await post(nora, `${order}/comment`, { text: 'When do you need it?', seen: '' });
  const { seen } = await shownTo(nora, `${order}/acknowledge`);
  const answer = await nora.post(`${order}/acknowledge`).send({ seen }).expect(200);
  // The answer says what is seen next.
  await nora.post(`${order}/decline`).send({ reason: 'After all', seen: answer.body.seen }).expect(200);
});

test('it is asked for by every act that moves a state, content or money, and by no other', () => {
  const open = types.flatMap(({ name, actions }) =>
    Object.entries(actions).flatMap(([action, one]) =>
      one.by === 'system' || binds(one) ? [] : [`${name}.${action}`],
    ),
  );
  const free = new Set<string>(open.map((name) => name.replace(/.*\./, '')));
  const making = ['invoice', 'order', 'retainer', 'change_order', 'credit_note', 'bill', 'copy'];
  assert.deepEqual(
    free,
    new Set([
      ...making,
      ...['attach_invoice', 'comment', 'detach', 'dispute', 'edit', 'forward', 'promise', 'resolve_dispute', 'view'],
    ]),
  );
});

test('changes that were proposed since are none that staff have agreed to', async () => {
  const { stahl, desk } = home;
  const order = await orders(home, stahl, TIMBER);
  const sam = await opens(portal, stahl, numberOf(order));
  await post(sam, `${order}/acknowledge`);
  const ids = lineIds((await sam.get(`${order}/answer`)).text);
  const propose = (quantity: string) =>
    post(sam, `${order}/propose`, { 'line_id[]': ids, 'line_quantity[]': [quantity], 'line_price[]': ['40'] });
  await propose('11');
  const seen = seenOn(await desk.get(order));
  await post(desk, `${order}/refuse_changes`, { message: 'Ten, please.' });
  await propose('500');
  const back = await refused(desk, `${order}/accept_changes`, 409, { seen });
  assert.match(textOf(back), /This changed since you opened it.*Oak boards Quantity 10 500/);
  assert.equal((await row(portal, home, numberOf(order))).version, 1);
});

test('an award names what was compared', async () => {
  const { nordholz, desk } = home;
  const request = await asksFor(home, [['Oak counter', '2']], [nordholz]);
  const nora = await opens(portal, nordholz, await proposalOf(portal, home, request, nordholz));
  const line_id = lineIds((await nora.get(`${nora.page}/answer`)).text);
  await post(nora, `${nora.page}/submit`, { 'line_id[]': line_id, 'line_price[]': ['80'] });
  const { id } = await row(portal, home, numberOf(nora.page));
  const { seen, ...bids } = await shownTo(desk, `${request}/award`);
  assert.deepEqual(Object.keys(bids), [`seen_${id}`]);
  const blind = await desk
    .post(`${request}/award`)
    .send({ seen, awards: { proposal: id } })
    .expect(422);
  assert.match(blind.body.errors['awards.seen'], /Open the page again/);
});

test('no bill and no voided bill acknowledges an order that must be signed', async () => {
  const { kiesel, staff, desk } = home;
  const order = await orders(home, kiesel, TIMBER, { signature_required: 'on' });
  const number = numberOf(order);
  const kim = await portal.signIn(kiesel.person.email);
  const bill = await post(kim, `${await post(kim, `${order}/bill`)}/submit`);
  assert.equal((await row(portal, home, numberOf(bill))).state, 'matching');
  assert.match(textOf((await desk.get(bill)).text), /State of the order Acknowledged Sent/);
  const { state, billed } = await row(portal, home, number);
  assert.deepEqual([state, Number(billed)], ['sent', 40_000]);
  const { id } = await row(portal, home, numberOf(bill));
  await act(portal.knex, staff, id, 'send_back', { message: 'Sign the order first.' });
  assert.equal((await row(portal, home, number)).state, 'sent');
  const signs = { signature: 'Kim Kiesel', agree: 'on' };
  assert.match(await refused(kim, `${order}/acknowledge`, 422, { ...signs, seen: '' }), /Open the page again/);
  await press(kim, `${order}/acknowledge`, signs).expect(303);
  assert.equal((await row(portal, home, number)).state, 'acknowledged');
  const again = await post(kim, `${await post(kim, `${order}/bill`)}/submit`);
  assert.deepEqual((await row(portal, home, numberOf(again))).differences, null);
  assert.equal((await row(portal, home, number)).state, 'billed');
  // Voided after the order was closed, it is no longer counted, and the order stays closed.
  await post(desk, `${order}/close`);
  await post(desk, `${again}/void`, { reason: 'Billed elsewhere' });
  const closed = await row(portal, home, number);
  assert.deepEqual([closed.state, Number(closed.billed)], ['closed', 0]);
});
