import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { press, textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('Today lists a question until staff answer it', async () => {
  const shop = await harbor(portal);
  const staff = await portal.signIn(shop.olivia.email);
  const { url, number } = await sentInvoice(portal, shop, { due_on: '2099-01-01' });
  await sentInvoice(portal, shop, { due_on: null });
  const received = await portal.post.to(shop.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  const maya = await portal.open(received);
  await press(maya, `${url}/comment`, { text: 'Does this include the panels?', audience: 'shared' }).expect(303);
  const asked = textOf((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(asked, new RegExp(`Maya Chen wrote about invoice ${number} Does this include the panels\\?.*Answer`));
  assert.match(
    textOf((await (await portal.signIn(shop.maya.email)).get(`/${shop.slug}`).expect(200)).text),
    /INV-0002 Reception fit-out Open –/,
  );
  await press(staff, `${url}/comment`, { text: 'It does.', audience: 'shared' }).expect(303);
  const answered = textOf((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(answered, /Our move 0 .*Latest Olivia Grant wrote about/);
  await portal.look(shop.organization_id, (db) =>
    db('people').where({ id: shop.maya.id }).update({ bounced_at: db.fn.now() }),
  );
  assert.match(textOf((await staff.get(`/${shop.slug}/desk`)).text), /An email to Maya Chen came back/);
});
