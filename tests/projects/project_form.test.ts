import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { post, press, refused, textOf } from '../support/forms.js';
import { addVendor, draftDocument, harbor, sendDraft, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { projectSite } from '../support/project_site.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a project has a manager, its days and a description; an end before its start is refused', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects`;
  const days = { starts_on: '2026-11-12', ends_on: '2026-11-11' };
  const fields = { name: 'Fit-out', key: 'MAPLE', partner: home.partner_id, manager: home.tom.id, description: 'Ash' };
  const again = await refused(olivia, url, 422, { ...fields, ...days });
  assert.match(again, /This is before it starts/);
  assert.match(again, /value="2026-11-11"/);
  assert.match(await refused(olivia, url, 422, { ...fields, manager: home.maya.id }), /Choose a person/);
  await refused(olivia, url, 422, { ...fields, starts_on: '2026-02-30' });
  await post(olivia, url, { ...fields, ...days, ends_on: '2026-12-18' });
  const find = () => portal.look(home.organization_id, (db) => db('projects').where({ key: 'MAPLE' }).first());
  const made = await find();
  assert.deepEqual([made.manager_id, made.starts_on, made.ends_on], [home.tom.id, '2026-11-12', '2026-12-18']);
  const people = await portal.look(home.organization_id, (db) =>
    db('participants').where({ subject_id: made.id }).pluck('person_id'),
  );
  assert.deepEqual(new Set(people), new Set([home.olivia.id, home.tom.id]));
  const edit = await olivia.get(`${url}/MAPLE/edit`).expect(200);
  assert.match(edit.text, new RegExp(`value="${home.tom.id}" selected`));
  await refused(olivia, `${url}/MAPLE/change`, 422, { ...fields, ...days });
  await post(olivia, `${url}/MAPLE/change`, { ...fields, manager: '', starts_on: '2026-11-12' });
  const changed = await find();
  assert.deepEqual([changed.manager_id, changed.ends_on, changed.description], [null, null, 'Ash']);
});

/** The names of projects in a list. */
const listed = async (who: Browser, url: string) =>
  [...(await who.get(url).expect(200)).text.matchAll(/class="row-link"[^>]*>([^<]+)</g)].map(([, name]) => name);

test('a project is closed and opened again: it moves from one list to the other, for both sides', async () => {
  const home = await harbor(portal);
  const url = `/${home.slug}/projects`;
  const id = await addProject(portal.knex, home.staff, { key: 'ONE', name: 'First', partner: home.partner_id });
  await addProject(portal.knex, home.staff, { key: 'TWO', name: 'Second', partner: home.partner_id });
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', { project: id, recipients: [erik] });
  const olivia = await portal.signIn(home.olivia.email);
  const maya = await portal.signIn(home.maya.email);
  const eriks = await portal.signIn(`erik.${home.slug}@northern.example`);
  const names = (who: Browser, show = '') => listed(who, `${url}${show}`);
  assert.deepEqual(await names(olivia), ['Second', 'First']);
  await press(maya, `${url}/ONE/close`).expect(403);
  await post(olivia, `${url}/ONE/close`);
  await refused(olivia, `${url}/ONE/close`, 409);
  assert.deepEqual([await names(olivia), await names(olivia, '?show=closed')], [['Second'], ['First']]);
  assert.deepEqual([await names(maya), await names(maya, '?show=closed')], [['Second'], ['First']]);
  assert.deepEqual([await names(eriks), await names(eriks, '?show=closed')], [[], ['First']]);
  assert.match(textOf((await maya.get(`${url}/ONE`).expect(200)).text), /Closed/);
  const closed = await portal.look(home.organization_id, (db) => db('projects').where({ id }).first('closed_at'));
  assert.ok(closed.closed_at);
  await post(olivia, `${url}/ONE/reopen`);
  assert.deepEqual(await names(olivia), ['Second', 'First']);
});

test('a vendor’s lists have the projects in which it has work now, by their state, a page at a time', async () => {
  const site = await projectSite(portal);
  const does = (id: string, name: string, input = {}) => act(portal.knex, site.staff, id, name, input);
  const email = `vera.${site.slug}@volt.example`;
  const volt = await addVendor(portal, site, email);
  const [erik, vera] = [await portal.signIn(site.erik.email), await portal.signIn(email)];
  const lists = async (who: Browser) => [
    await listed(who, `/${site.slug}/projects`),
    await listed(who, `/${site.slug}/projects?show=closed`),
  ];
  const MAPLE = 'Reception fit-out';
  assert.deepEqual(
    [await lists(erik), await lists(vera)],
    [
      [[MAPLE], []],
      [[], []],
    ],
  );
  await does(site.task, 'change', { title: 'Wiring', assignee: null, vendor: volt.vendor });
  assert.deepEqual(
    [await lists(erik), await lists(vera)],
    [
      [[], []],
      [[MAPLE], []],
    ],
  );
  await does(site.id, 'close');
  const lines = [{ description: 'Cables', unit_price: '90.00' }];
  const draft = {
    title: 'Cables',
    lines,
    issued_on: day(0),
    due_on: day(9),
    recipients: [site.erik.id],
    project: site.id,
  };
  const order = await draftDocument(portal, { ...site, partner_id: site.vendor }, 'purchase_order', draft);
  assert.deepEqual(
    [await lists(erik), await lists(vera)],
    [
      [[], []],
      [[], [MAPLE]],
    ],
    'not by a draft of the staff',
  );
  await sendDraft(portal, site, order);
  assert.deepEqual(await lists(erik), [[], [MAPLE]]);
  const add = async (n: number) => {
    const fields = { key: `JOB-${n}`, name: `Job ${n}`, partner: site.partner_id };
    const id = await addProject(portal.knex, site.staff, fields);
    await addTask(portal.knex, site.staff, id, { title: 'Wiring', vendor: volt.vendor });
  };
  for (let n = 1; n <= 51; n++) await add(n);
  const [open] = await lists(vera);
  assert.deepEqual([open?.length, open?.[0], open?.[49]], [50, 'Job 51', 'Job 2']);
  const [, next = ''] = /href="([^"]*before=[^"]+)"/.exec((await vera.get(`/${site.slug}/projects`)).text) ?? [];
  assert.deepEqual(await listed(vera, next), ['Job 1']);
});

test('the list says how far each project is, and what is due next; each side counts what it sees', async () => {
  const home = await harbor(portal);
  const url = `/${home.slug}/projects`;
  const id = await addProject(portal.knex, home.staff, { key: 'ONE', name: 'First', partner: home.partner_id });
  const add = (input: object) => addTask(portal.knex, home.staff, id, input);
  const done = await add({ title: 'Ash', estimate_minutes: 180, due_on: day(-9) });
  await add({ title: 'Desk', estimate_minutes: 60, due_on: day(3) });
  await add({ title: 'Margin', estimate_minutes: 240, due_on: day(-1), shown: false });
  await act(portal.knex, home.staff, done, 'finish');
  const read = async (email: string) => textOf((await (await portal.signIn(email)).get(url).expect(200)).text);
  assert.match(await read(home.olivia.email), /First Maple Street Clinic .*37% done yesterday Late/);
  assert.match(await read(home.maya.email), /First .*75% done in 3 days/);
});
