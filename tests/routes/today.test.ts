import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { lineIds, press, textOf } from '../support/forms.js';
import { addVendor, harbor, sentDocument, sentInvoice } from '../support/harbor.js';
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

test('what a partner proposed waits for staff, not for the partner; staff are led from the email to the button', async () => {
  const shop = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, shop, 'erik@timber.example');
  const order = await sentDocument(portal, { ...shop, partner_id: vendor }, 'purchase_order', { recipients: [erik] });
  const browser = await portal.signIn('erik@timber.example');
  const home = async () => textOf((await browser.get(`/${shop.slug}`).expect(200)).text);
  assert.match(await home(), new RegExp(`Waiting for you 1 .*${order.number}`));
  const [line = ''] = lineIds((await browser.get(`${order.url}/answer`)).text);
  await press(browser, `${order.url}/propose`, { 'line_id[]': [line], 'line_quantity[]': ['2'] }).expect(303);
  assert.match(await home(), /Waiting for you 0/);
  const refusal = await press(await portal.signIn(shop.olivia.email), `${order.url}/refuse_changes`, {
    message: 'No.',
  });
  assert.equal(refusal.status, 303);
  assert.match(await home(), /Waiting for you 1/);
  await press(browser, `${order.url}/acknowledge`, {}).expect(303);
  const begun = String((await press(browser, `${order.url}/bill`, {}).expect(303)).headers['location']);
  const draft = begun.replace(/\?.*/, '');
  const { text } = await browser.get(draft).expect(200);
  assert.match(text, /<textarea[^>]*name="message"/, 'a comment goes with the bill');
  await press(browser, `${draft}/submit`, { message: 'As agreed.' }).expect(303);
  const received = await portal.post.to(shop.olivia.email, ({ text = '' }) => text.includes('As agreed.'));
  assert.match(received.text ?? '', /^Approve:$/m);
});

test('the list of orders says what is still to be billed and leads there, and each side only to what it may do', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const { vendor, erik } = await addVendor(portal, home, 'erik2@timber.example');
  const fields = { recipients: [erik], lines: [{ description: 'Board', quantity: '4', unit_price: '25' }] };
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'work_order', fields);
  const browser = await portal.signIn('erik2@timber.example');
  for (const agent of [olivia, browser]) {
    const { text } = await agent.get(`/${home.slug}/work-orders`).expect(200);
    assert.match(textOf(text), /\$100\.00 1 to make Make a bill/);
    assert.match(text, new RegExp(`href="${order.url}\\?open=bill"`));
  }
  await act(portal.knex, home.staff, order.id, 'cancel', { reason: 'Built in-house.' });
  const { text } = await browser.get(`/${home.slug}/work-orders`).expect(200);
  assert.doesNotMatch(text, /open=bill/);
  const projects = new RegExp(`href="/${home.slug}/projects"`);
  assert.doesNotMatch(text, projects, 'a vendor without work in a project has no such page in its menu');
  const maple = { key: 'MAPLE', name: 'Reception', partner: home.partner_id };
  const project = await addProject(portal.knex, home.staff, maple);
  await addTask(portal.knex, home.staff, project, { title: 'Boards', vendor });
  await browser.get(`/${home.slug}/work-orders`).expect(200).expect(projects);
});

test('the first steps are gone once something was sent, and never there for members', async () => {
  const home = await harbor(portal);
  const [olivia, tom] = [await portal.signIn(home.olivia.email), await portal.signIn(home.tom.email)];
  const today = async (agent: typeof olivia) => textOf((await agent.get(`/${home.slug}/desk`).expect(200)).text);
  assert.match(await today(olivia), /To your first invoice/);
  assert.doesNotMatch(await today(tom), /To your first invoice/);
  await sentInvoice(portal, home);
  assert.doesNotMatch(await today(olivia), /To your first invoice/);
});
