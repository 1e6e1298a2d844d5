import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let _olivia: Browser;
let tom: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  _olivia = await portal.signIn(home.olivia.email);
  tom = await portal.signIn(home.tom.email);
});

after(() => portal?.close());

/** Presses a form's button. */
const post = (browser: Browser, url: string, fields: object) => browser.post(url).type('form').send(fields);

const decoded = (text: string) =>
  text.replace(/&#34;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

const words = (html: string) => decoded(html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));

test('Today says whose move it is: a question waits until we answer it', async () => {
  const shop = await harbor(portal);
  const staff = await portal.signIn(shop.olivia.email);
  const { url, number } = await sentInvoice(portal, shop, { due_on: '2099-01-01' });
  await sentInvoice(portal, shop, { due_on: '' });
  const received = await portal.post.to(shop.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  const maya = await portal.open(received);
  await post(maya, `${url}/comment`, { text: 'Does this include the panels?', audience: 'shared' }).expect(303);
  const asked = words((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(asked, new RegExp(`Maya Chen wrote about invoice ${number} Does this include the panels\\?.*Answer`));
  assert.match(
    words((await (await portal.signIn(shop.maya.email)).get(`/${shop.slug}`).expect(200)).text),
    /INV-0002 Reception fit-out Open –/,
  );
  await post(staff, `${url}/comment`, { text: 'It does.', audience: 'shared' }).expect(303);
  const answered = words((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(answered, /Our move 0 .*Latest Olivia Grant wrote about/);
  await portal.look(shop.organization_id, (db) =>
    db('people').where({ id: shop.maya.id }).update({ bounced_at: db.fn.now() }),
  );
  assert.match(words((await staff.get(`/${shop.slug}/desk`)).text), /An email to Maya Chen came back/);
});
