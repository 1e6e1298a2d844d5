import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('Maya says by a click from her email when she will pay; both sides see it, Today too', async () => {
  const shop = await harbor(portal);
  const { url, number, id } = await sentInvoice(portal, shop, { due_on: day(-5) });
  const received = await portal.post.to(shop.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  const [maya, olivia] = [await portal.open(received), await portal.signIn(shop.olivia.email)];
  const shown = (await maya.get(url).expect(200)).text;
  const near = /name="promised_on_near" value="([\d-]+)"/.exec(shown)?.[1] ?? '';
  assert.ok(near > day(0));

  for (const promised_on of ['', 'soon', day(-1), day(61)]) {
    const refused = await press(maya, `${url}/promise`, { promised_on }).expect(422);
    assert.match(refused.text, /id="promise-promised_on-error"/, promised_on);
  }
  await press(maya, `${url}/promise`, { promised_on: '', promised_on_near: near }).expect(303);
  for (const reader of [maya, olivia])
    assert.match(textOf((await reader.get(url)).text), /Maya Chen promised to pay by .*\. Payment reminders wait/);
  const today = async () => textOf((await olivia.get(`/${shop.slug}/desk`).expect(200)).text);
  assert.match(await today(), /is overdue .* promised by /);
  await press(olivia, `${url}/promise`, { promised_on: near }).expect(403);

  await portal.look(shop.organization_id, (db) =>
    db('documents')
      .where({ id })
      .update({ promised_on: day(-1) }),
  );
  assert.match(await today(), /promise of .* not kept/);
  assert.match(textOf((await olivia.get(url)).text), /The payment hasn’t arrived/);
  const payment = { amount: '108.00', paid_on: day(0), method: 'Cash' };
  await press(olivia, `${url}/record_payment`, payment).expect(303);
  assert.doesNotMatch(textOf((await olivia.get(url)).text), /hasn’t arrived/);
});

test('Olivia sets the plan, and stops reminders to a customer; nothing of it is there for others', async () => {
  const [shop, other] = [await harbor(portal), await harbor(portal)];
  const [olivia, tom] = [await portal.signIn(shop.olivia.email), await portal.signIn(shop.tom.email)];
  const stranger = await portal.signIn(other.olivia.email);
  const page = `/${shop.slug}/settings/organization/reminders`;
  const typed = (days: string[]) => Object.fromEntries(days.map((text, n) => [`days_${n}`, text]));
  const wrong = await olivia
    .post(page)
    .type('form')
    .send(typed(['1', '1.5', '-3', '400', '2', 'x']));
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="400"/);
  assert.equal(wrong.text.match(/Enter a whole number/g)?.length, 4);
  assert.match(wrong.text, /Leave at least two days/);
  await olivia
    .post(page)
    .type('form')
    .send({ ...typed(['10', '', '5']), side_0: 'after', side_2: 'before' })
    .expect(303);
  const plan = await portal.look(shop.organization_id, (db) =>
    db('organizations').where({ id: shop.organization_id }).first('reminder_days'),
  );
  assert.deepEqual(plan?.reminder_days, [-5, 10]);
  await tom.post(page).type('form').send({}).expect(403);
  await stranger.get(page).expect(404);

  const partner = `/${shop.slug}/partners/${shop.partner_id}`;
  await tom.post(`${partner}/reminders`).type('form').send({ stop: 'yes' }).expect(303);
  assert.match(
    textOf((await olivia.get(partner)).text),
    /Payment reminders Stopped by Tom Reyes, .* Send reminders again/,
  );
  await stranger.post(`/${other.slug}/partners/${shop.partner_id}/reminders`).send('stop=no').expect(404);
  await tom.post(`${partner}/reminders`).type('form').send({ stop: 'no' }).expect(303);
  assert.match(textOf((await olivia.get(partner)).text), /Tom Reyes turned payment reminders/);
});
