import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { press, textOf } from '../support/forms.js';
import { harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const policy = async (home: Awaited<ReturnType<typeof harbor>>, fields: Record<string, string>) => {
  const olivia = await portal.signIn(home.olivia.email);
  return olivia.post(`/${home.slug}/settings/organization/security`).type('form').send(fields);
};

const about =
  (number: string) =>
  ({ subject }: { subject?: string | undefined }) =>
    subject?.includes(number) ?? false;

test('above an amount that the organization sets, a link alone accepts and declines nothing; below, it does', async () => {
  const home = await harbor(portal);
  const estimate = () => sentDocument(portal, home, 'estimate', { signature_required: false });
  const opened = async ({ number }: { number: string }) =>
    portal.open(await portal.post.to(home.maya.email, about(number)));
  assert.equal((await policy(home, { code_above: '$12.34.5' })).status, 422);
  assert.equal((await policy(home, { code_above: '-1' })).status, 422);
  assert.equal((await policy(home, { code_above: '99.99' })).status, 303);

  const above = await estimate();
  const maya = await opened(above);
  await maya.get(above.url).expect(200, new RegExp(`href="/verify\\?return_to=[^"]*open%3Daccept`));
  for (const action of ['accept', 'decline']) {
    const { status, text } = await press(maya, `${above.url}/${action}`, { message: 'No, thank you' });
    assert.equal(status, 403, action);
    assert.match(textOf(text), /For this amount we need a code first/);
  }
  await press(maya, `${above.url}/comment`, { text: 'A question first' }).expect(303);
  const signed = await portal.signIn(home.maya.email);
  await press(signed, `${above.url}/accept`).expect(303);

  // Another currency can't be compared: it counts as above.
  assert.equal((await policy(home, { code_above: '100.00' })).status, 303);
  const trade = (currency: string) =>
    portal.look(home.organization_id, (db) => db('organizations').update({ currency }));
  const foreign = await estimate();
  const abroad = await opened(foreign);
  await trade('EUR');
  await press(abroad, `${foreign.url}/accept`).expect(403);
  await trade('USD');

  const below = await estimate();
  await press(await opened(below), `${below.url}/accept`).expect(303);
  const tom = await portal.signIn(home.tom.email);
  await tom.get(`/${home.slug}/settings/organization/security`).expect(403);
});

test('an option that lifts the total above the amount takes a code, too', async () => {
  const home = await harbor(portal);
  assert.equal((await policy(home, { code_above: '100.00' })).status, 303);
  const lines = [
    { description: 'Desk', unit_price: '90.00' },
    { description: 'Lamp', unit_price: '20.00', choice: 'optional' as const, picked: false },
  ];
  const estimate = await sentDocument(portal, home, 'estimate', { lines });
  const maya = await portal.open(await portal.post.to(home.maya.email, about(estimate.number)));
  const lamp = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: estimate.id, description: 'Lamp' }).first('id'),
  );
  const picked = { pick: lamp.id, choices: '1' };
  assert.equal((await press(maya, `${estimate.url}/accept`, picked)).status, 403);
  const state = () =>
    portal.look(home.organization_id, (db) => db('documents').where({ id: estimate.id }).first('state', 'version'));
  assert.deepEqual(await state(), { state: 'sent', version: 1 });
  await press(maya, `${estimate.url}/accept`).expect(303);
});

test('mail of partners that nothing proves is posted as unverified, or held where the organization says so', async () => {
  const home = await harbor(portal);
  const email = 'maya@unproven.example';
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.maya.id }).update({ email }));
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(email, about(invoice.number));
  await portal.reply(received, 'The first, which nothing proves');
  await portal.idle();
  assert.equal((await policy(home, { hold_unproven: 'on' })).status, 303);
  await portal.reply(received, 'The second, which nothing proves');
  await portal.idle();
  const olivia = await portal.signIn(home.olivia.email);
  const { text } = await olivia.get(invoice.url).expect(200);
  assert.match(text, /The first, which nothing proves/);
  assert.doesNotMatch(text, /The second, which nothing proves/);
  await olivia.get(`/${home.slug}/mail-room`).expect(/nothing proves it/);
});
