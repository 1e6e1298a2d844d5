import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addDays, today } from '../../src/pages/days.js';
import { press, textOf } from '../support/forms.js';
import { DESK, harbor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

// One is 25 hours ahead of the other: it is never the same day in both.
const [EARLY, LATE] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];

async function between(organization_zone: string, reader_zone: string) {
  const home = await harbor(portal);
  await portal.look(home.organization_id, async (db) => {
    await db('organizations').where({ id: home.organization_id }).update({ time_zone: organization_zone });
    await db('people').where({ id: home.maya.id }).update({ time_zone: reader_zone });
    await db('people').where({ id: home.olivia.id }).update({ time_zone: reader_zone });
  });
  return { home, day: today({ locale: 'en-US', time_zone: organization_zone }) };
}

test('on the organization’s last day a contact can accept, though it is over where they are', async () => {
  const { home, day } = await between(LATE, EARLY);
  const estimate = await sentDocument(portal, home, 'estimate', { issued_on: addDays(day, -5), due_on: day });
  const mayas = await portal.open(await portal.post.to(home.maya.email, estimate.number));
  const page = await mayas.get(estimate.url).expect(200);
  assert.match(page.text, /action="[^"]*\/accept"/);
  assert.match(textOf(page.text), /Your move: accept/);
  await press(mayas, `${estimate.url}/accept`).expect(303);
  // What is due today isn't late, for nobody.
  const invoice = await sentDocument(portal, home, 'invoice', { issued_on: addDays(day, -5), due_on: day });
  assert.doesNotMatch(textOf((await (await portal.signIn(home.maya.email)).get(invoice.url)).text), /Overdue/);
});

test('once the organization’s day is over nobody accepts any more, though it lasts where they are', async () => {
  const { home, day } = await between(EARLY, LATE);
  const over = addDays(day, -1);
  const estimate = await sentDocument(
    portal,
    home,
    'estimate',
    { issued_on: addDays(day, -5), due_on: over },
    new Date(Date.now() - 3 * 86_400_000),
  );
  const mayas = await portal.signIn(home.maya.email);
  assert.doesNotMatch((await mayas.get(estimate.url).expect(200)).text, /action="[^"]*\/accept"/);
  await press(mayas, `${estimate.url}/accept`).expect(409);
  const invoice = await sentDocument(portal, home, 'invoice', {
    ...{ issued_on: addDays(day, -5), due_on: over },
    lines: [DESK],
  });
  assert.match(textOf((await mayas.get(invoice.url).expect(200)).text), /Overdue/);
  // Who works where the day is younger records what came in on the organization's day.
  const olivia = await portal.signIn(home.olivia.email);
  const payment = { amount: '108', method: 'Cash', paid_on: day };
  assert.match((await olivia.get(invoice.url)).text, new RegExp(`name="paid_on"\\s+value="${day}"`));
  await press(olivia, `${invoice.url}/record_payment`, { ...payment, paid_on: addDays(day, 1) }).expect(422);
  await press(olivia, `${invoice.url}/record_payment`, payment).expect(303);
});
