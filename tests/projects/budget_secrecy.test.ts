import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { newContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import { post, refused } from '../support/forms.js';
import { addVendor, harbor, partnerActor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

// Numbers that occur nowhere else; without a mark they may be a part of an id or a hash.
const SECRETS = /73[.,]19|37[.,]77|(?<![\w-])(?:7319|3777)(?![\w-])|markup|unit_cost/i;

/** A budget with an item whose cost is 73.19 and markup 37.77, in an estimate, an order and an invoice. */
async function place() {
  const home = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, home, `erik-${home.slug}@northern.example`);
  await addProject(portal.knex, home.staff, { key: 'MAPLE', name: 'Reception', partner: home.partner_id });
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects/MAPLE`;
  await post(olivia, `${url}/add_budget_group`, { name: 'Joinery' });
  const row = async (table: string) => (await portal.look(home.organization_id, (db) => db(table).first('id')))?.id;
  const group = await row('budget_groups');
  await post(olivia, `${url}/add_item`, { group, name: 'Desk', unit_cost: '73.19', markup: '37.77', vendor });
  const item = await row('budget_items');
  const make = async (type: string) => {
    const path = await post(olivia, `${url}/budget/make`, { type, pick: item });
    return /documents\/([^/]+)\/edit/.exec(path)?.[1] ?? '';
  };
  const estimate = await make('estimate');
  const sent = await act(portal.knex, home.staff, estimate, 'send');
  await act(portal.knex, partnerActor(home, home.maya), estimate, 'accept');
  const invoice = await act(portal.knex, home.staff, await make('invoice'), 'send');
  return { home, vendor, erik, olivia, url, group, item, numbers: [String(sent.number), String(invoice.number)] };
}

test('nothing a customer gets says what it costs: pages, JSON, PDF, exports, search, emails', async () => {
  const { home, url, numbers } = await place();
  const maya = await portal.signIn(home.maya.email);
  const { slug } = home;
  const pages = [
    ...['', '/projects', '/estimates', '/invoices', '/estimates?format=csv', '/invoices?format=csv', '/search?q=desk'],
    ...['/statement', '/notifications', '/invoices?q=desk'],
  ].map((path) => `/${slug}${path}`);
  const documents = numbers.flatMap((number) =>
    ['', '/pdf', '/versions/1'].map((path) => `/${slug}/documents/${number}${path}`),
  );
  for (const path of [...pages, url, `${url}/finances`, `${url}/comments`, ...documents]) {
    const { status, text, body } = await maya.get(path);
    assert.ok([200, 302, 303, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(`${text}${Buffer.isBuffer(body) ? body.toString('latin1') : ''}`, SECRETS, path);
  }
  const said = await maya.post(`${url}/comment`).set('Accept', 'application/json').send({ text: 'Hello' });
  assert.doesNotMatch(JSON.stringify(said.body), SECRETS);
  await portal.idle();
  for (const { recipient, raw, text } of portal.post.emails.filter((one) => one.recipient === home.maya.email))
    assert.doesNotMatch(text ?? raw, SECRETS, recipient);
});

test('a budget is of staff alone: for all others there is no page, no act and no row', async () => {
  const { home, vendor, erik, url, group, item } = await place();
  const rival = await addVendor(portal, home, `sam-${home.slug}@rival.example`);
  const ines = { name: 'Ines', email: `ines-${home.slug}@maple.example` };
  const ines_id = await newContact(portal.knex, home.staff, home.partner_id, ines);
  const partner = (partner_id: string, person_id: string) => ({
    ...partnerActor(home, { ...home.maya, id: person_id }),
    partner_id,
  });
  const actors = {
    customer: partnerActor(home, home.maya),
    vendor: partner(vendor, erik),
    rival: partner(rival.vendor, rival.erik),
    guest: { ...partner(home.partner_id, ines_id), guest: true },
    without: { ...partner(home.partner_id, ines_id), kinds: ['invoice'] },
    link: { ...partner(home.partner_id, ines_id), assurance: 'link' as const, subject_ids: [home.partner_id] },
  };
  for (const [name, actor] of Object.entries(actors))
    for (const table of ['budget_groups', 'budget_items', 'budget_lines', 'budget_item_sums']) {
      const rows = await withActor(portal.knex, actor, (db) => db(table).select('organization_id'));
      assert.deepEqual(rows, [], `${name} ${table}`);
    }
  const staff = await withActor(portal.knex, home.staff, (db) => db('budget_items').select('id'));
  assert.equal(staff.length, 1);
  const browsers: Browser[] = [
    await portal.signIn(home.maya.email),
    await portal.signIn(`erik-${home.slug}@northern.example`),
    await portal.signIn(`sam-${home.slug}@rival.example`),
  ];
  for (const browser of browsers) {
    for (const path of ['', '/export', '/import', '?new=1&all=on'])
      await browser.get(`${url}/budget${path}`).expect(404);
    assert.doesNotMatch((await browser.get(`${url}/finances`)).text, /Budget/);
    const answer = await browser.post(`${url}/change_item`).type('form').send({ item, group, name: 'Mine' });
    assert.ok([403, 404].includes(answer.status), String(answer.status));
  }
});

test('who only reads sees the budget without its forms', async () => {
  const { home, url, olivia } = await place();
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.tom.id }).update({ role: 'viewer' }));
  const tom = await portal.signIn(home.tom.email);
  const page = await tom.get(`${url}/budget`).expect(200);
  assert.match(page.text, /73\.19/);
  assert.doesNotMatch(page.text, /add_item|Add item|name="pick"/);
  await tom.post(`${url}/add_budget_group`).type('form').send({ name: 'Mine' }).expect(403);
  assert.match(await refused(olivia, `${url}/budget/make`, 422, { type: 'estimate' }), /Choose at least one item/);
});
