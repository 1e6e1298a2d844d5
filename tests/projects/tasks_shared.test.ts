import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { tellLateTasks } from '../../src/jobs/projects/tell_late_tasks.js';
import { newContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

let made = 0;

/** A project of its own organization, with two vendors: Erik's and Vera's. */
async function scene(shown?: string) {
  const home = await harbor(portal);
  const n = ++made;
  const northern = await addVendor(portal, home, `erik${n}@northern.example`);
  const volt = await addVendor(portal, home, `vera${n}@volt.example`);
  const key = `MAPLE-${n}`;
  const fields = { key, name: 'Reception fit-out', partner: home.partner_id };
  const project = await addProject(portal.knex, home.staff, fields);
  const set = { manager_id: home.tom.id, ...(shown ? { shown } : {}) };
  await portal.look(home.organization_id, (db) => db('projects').where({ id: project }).update(set));
  const add = (input: object) => addTask(portal.knex, home.staff, project, input);
  const does = (task: string, name: string, input = {}) => act(portal.knex, home.staff, task, name, input);
  const url = async (id: string) => {
    const row = await portal.look(home.organization_id, (db) => db('tasks').where({ id }).first('number'));
    return `/${home.slug}/tasks/${row.number}`;
  };
  const erik = { id: northern.erik, email: `erik${n}@northern.example`, vendor: northern.vendor };
  const vera = { id: volt.erik, email: `vera${n}@volt.example`, vendor: volt.vendor };
  return { home, project, key, add, does, url, erik, vera, page: `/${home.slug}/projects/${key}` };
}

type Scene = Awaited<ReturnType<typeof scene>>;
const contact = (home: Harbor, { id, email, vendor }: Scene['erik']) =>
  partnerActor({ ...home, partner_id: vendor }, { id, name: 'Contact', email });

test('who is given a task is told, does it and answers its date from the email', async () => {
  const { add, url, erik, home, page, does } = await scene();
  const wiring = await add({ title: 'Wiring', assignee: erik.id, due_on: day(8), trade: 'Electrician' });
  const received = await portal.post.to(erik.email, 'gave you “Wiring”');
  assert.match(received.subject ?? '', /Wiring/);
  assert.match(received.text ?? '', /I can do it by then[\s\S]*Another day:[\s\S]*Mark as done/);
  const link = (to: string) => new RegExp(`(http\\S+/in/[\\w-]+)\\?to=${to}`).exec(received.text ?? '')?.[1] ?? '';
  assert.ok(link('confirm_date') && link('propose_date') && link('finish'));
  const eriks = await portal.open(received);
  const opened = await eriks.get(`${await url(wiring)}?open=propose_date`).expect(200);
  assert.match(opened.text, /<details class="action" name="actions" open>\s*<summary[^>]*>Another day…/);
  await press(eriks, `${await url(wiring)}/propose_date`, { due_on: day(9) }).expect(422, /Fill this in/);
  const reason = 'The lamps come on Tuesday.';
  await press(eriks, `${await url(wiring)}/propose_date`, { due_on: day(9), reason }).expect(303);
  const asked = await portal.post.to(home.tom.email, reason);
  assert.match(asked.text ?? '', /proposed .* for “Wiring”[\s\S]*Accept the date/);
  const olivia = await portal.signIn(home.olivia.email);
  assert.match(textOf((await olivia.get(`/${home.slug}/desk`)).text), /Erik Lund asks for another date Wiring/);
  await press(olivia, `${await url(wiring)}/accept_date`).expect(303);
  const row = await portal.look(home.organization_id, (db) => db('tasks').where({ id: wiring }).first());
  assert.deepEqual([row.due_on, row.reason, row.reason_by, row.proposed_due_on], [day(9), reason, erik.id, null]);
  await portal.post.to(erik.email, 'agreed to');
  await press(olivia, `${await url(wiring)}/accept_date`).expect(409);
  await does(wiring, 'move', { due_on: day(12), reason: 'The painters stay longer.' });
  await press(eriks, `${await url(wiring)}/confirm_date`).expect(303);
  await portal.post.to(home.tom.email, 'can do “Wiring” by');
  await press(eriks, `${await url(wiring)}/finish`, { message: 'All lamps burn.' }).expect(303);
  const mayas = await portal.signIn(home.maya.email);
  const seen = textOf((await mayas.get(page).expect(200)).text);
  assert.match(seen, /Wiring .*Electrician/);
  assert.doesNotMatch(seen, /Erik|Northern|The lamps burn/);
});

test('a vendor sees its own tasks and the project’s name: no customer, no others, no money, a menu once it has work', async () => {
  const { add, home, page, project, erik, vera, url } = await scene();
  const veras = await portal.signIn(vera.email);
  assert.doesNotMatch((await veras.get(`/${home.slug}`).expect(200)).text, /href="[^"]*\/projects"/);
  await veras.get(page).expect(404);
  const phase = await add({ title: 'On site', kind: 'phase' });
  await add({ title: 'Secret colour', assignee: home.tom.id });
  const eriksTask = await add({ title: 'Joinery', vendor: erik.vendor, parent: phase });
  await add({ title: 'Sockets', vendor: vera.vendor });
  await sentDocument(portal, home, 'estimate', { project, title: 'For Maple alone' });
  const seen = await veras.get(page).expect(200);
  assert.match(textOf(seen.text), /Reception fit-out .*0 of 1 task done.* Sockets/);
  assert.doesNotMatch(seen.text, /Maple Street|Secret colour|Joinery|Maple alone|Maya/);
  const list = await veras.get(`/${home.slug}/projects`).expect(200);
  assert.match(list.text, /Reception fit-out/);
  assert.doesNotMatch(list.text, /Maple Street/);
  const own = textOf((await veras.get(`/${home.slug}`).expect(200)).text);
  assert.match(own, /Projects .*Waiting for you .*Sockets/);
  await veras.get(await url(eriksTask)).expect(404);
  await press(veras, `${await url(eriksTask)}/finish`).expect(404);
  for (const path of ['/comments', '/edit']) await veras.get(`${page}${path}`).expect(404);
});

test('row security: a task is its vendor’s, its customer’s as a row, nobody else’s', async () => {
  const { add, project, home, erik, vera } = await scene();
  const wiring = await add({ title: 'Wiring', vendor: erik.vendor });
  const inside = await add({ title: 'Inside', shown: false, after: [wiring] });
  const stranger = await addVendor(portal, home, `eve${made}@rival.example`);
  const guest = { ...partnerActor(home, home.noah), guest: true };
  const seenBy = (actor: Parameters<typeof withActor>[1]) =>
    withActor(portal.knex, actor, async (db) => [
      (await db('tasks').whereIn('id', [wiring, inside])).length,
      (await db('subjects').whereIn('id', [wiring, inside])).length,
      (await db('task_dependencies').where({ after_id: wiring })).length,
      (await db('project_work').where({ project_id: project })).length,
    ]);
  assert.deepEqual(await seenBy(home.staff), [2, 2, 1, 1]);
  assert.deepEqual(await seenBy(partnerActor(home, home.maya)), [1, 0, 0, 0]);
  assert.deepEqual(await seenBy({ ...partnerActor(home, home.maya), kinds: ['invoice'] }), [0, 0, 0, 0]);
  assert.deepEqual(await seenBy({ ...partnerActor(home, home.maya), subject_ids: [inside] }), [0, 0, 0, 0]);
  assert.deepEqual(await seenBy(contact(home, erik)), [1, 1, 0, 1]);
  assert.deepEqual(await seenBy(contact(home, vera)), [0, 0, 0, 0]);
  assert.deepEqual(
    await seenBy(contact(home, { id: stranger.erik, email: '', vendor: stranger.vendor })),
    [0, 0, 0, 0],
  );
  const guests = await seenBy(guest);
  assert.deepEqual(guests.slice(1), [0, 0, 0]);
});

test('a task that changes hands: nobody new reads what was said before, and who lost it hears nothing more', async () => {
  const { add, does, url, home, erik, vera } = await scene();
  const wiring = await add({ title: 'Wiring', assignee: erik.id });
  const first = await portal.post.to(erik.email, 'gave you');
  await does(wiring, 'comment', { text: 'Our price for you is 900.' });
  await does(wiring, 'comment', { text: 'Erik is slow.', audience: 'internal' });
  const said = await portal.post.to(erik.email, 'Our price');
  await portal.reply(said, 'That is fair for us.');
  await portal.post.to(home.olivia.email, 'That is fair');
  const form = { title: 'Wiring', assignee: vera.id, vendor: vera.vendor };
  await does(wiring, 'change', form);
  const lost = await portal.post.to(erik.email, 'off your list');
  assert.doesNotMatch(lost.text ?? '', /Vera|Volt|Mark as done/);
  const given = await portal.post.to(vera.email, 'gave you “Wiring”');
  assert.doesNotMatch(given.text ?? '', /900|fair|slow/);
  await does(wiring, 'comment', { text: 'Welcome, Vera.' });
  const welcome = await portal.post.to(vera.email, 'Welcome, Vera');
  assert.doesNotMatch(welcome.text ?? '', /900|fair|slow|Erik/);
  const veras = await portal.open(welcome);
  const hers = await veras.get(await url(wiring)).expect(200);
  assert.match(hers.text, /Welcome, Vera/);
  assert.doesNotMatch(hers.text, /900|fair for us|slow|off .* list/);
  await portal.browser().get(first.link).expect(410);
  await portal.reply(said, 'Am I still in?');
  await portal.idle();
  const comments = await portal.look(home.organization_id, (db) => db('comments').where({ subject_id: wiring }));
  assert.ok(!comments.some(({ body }) => body === 'Am I still in?'));
  assert.ok(!portal.post.emails.some((one) => one.recipient === erik.email && /Welcome/.test(one.text ?? '')));
  // And to nobody: then it is the customer's, who reads neither.
  await does(wiring, 'change', { title: 'Wiring', assignee: null, vendor: null });
  const mayas = await portal.signIn(home.maya.email);
  const maya = await mayas.get(await url(wiring)).expect(200);
  assert.doesNotMatch(maya.text, /900|fair for us|Welcome|Erik|Vera|slow/);
});

test('without people shown, staff stand as their organization: page, list, timeline, bell, home and email', async () => {
  const { add, does, url, home, page } = await scene('{tasks,comments}');
  const clear = await add({ title: 'Clear', assignee: home.maya.id, due_on: day(-1), starts_on: day(-2) });
  await add({ title: 'Panels', assignee: home.tom.id });
  await does(clear, 'comment', { text: 'Can you begin on Monday?' });
  await does(clear, 'move', { due_on: day(3), reason: 'The paint is wet.' });
  const mayas = await portal.signIn(home.maya.email);
  const told = await portal.post.to(home.maya.email, 'The paint is wet.');
  const asked = await portal.post.to(home.maya.email, 'wrote about “Clear”');
  const pages = await Promise.all(
    [page, `${page}?show=open`, await url(clear), `/${home.slug}`, `/${home.slug}/notifications`].map(async (path) => {
      const { text } = await mayas.get(path).expect(200);
      return text.replaceAll(/<head>[\s\S]*?<\/head>/g, '');
    }),
  );
  for (const text of [...pages, told.text ?? '', told.html || '', asked.text ?? '', asked.html || ''])
    assert.doesNotMatch(text, /Olivia|Tom Reyes|olivia\d|tom\d+@/);
  assert.match(textOf(pages[0] ?? ''), /Panels .*Harbor & Pine/);
  assert.match(asked.text ?? '', /Harbor & Pine wrote about “Clear”/);
});

test('what is late is told once for its date, in the morning, to who does it and who manages', async () => {
  const { add, does, home } = await scene();
  const noah = await newContact(portal.knex, home.staff, home.partner_id, {
    name: 'Nora',
    email: `nora${made}@x.example`,
  });
  const late = await add({ title: 'Ash order', assignee: noah, due_on: day(-1) });
  await add({ title: 'In time', due_on: day(0) });
  const morning = new Date(`${day(0)}T09:30:00Z`);
  await tellLateTasks(portal.knex, new Date(`${day(0)}T07:30:00Z`));
  await portal.idle();
  const told = () => portal.post.emails.filter(({ text }) => /“Ash order” is late/.test(text ?? ''));
  assert.equal(told().length, 0);
  await tellLateTasks(portal.knex, morning);
  await tellLateTasks(portal.knex, morning);
  await portal.idle();
  assert.deepEqual(
    told()
      .map(({ recipient }) => recipient)
      .toSorted(),
    [`nora${made}@x.example`, home.tom.email].toSorted(),
  );
  await does(late, 'move', { due_on: day(5), reason: 'Sold out.' });
  await tellLateTasks(portal.knex, new Date(`${day(6)}T09:30:00Z`));
  await portal.idle();
  assert.equal(told().length, 4);
});

test('a document that its reader must sign holds a task up, and is the first thing to do', async () => {
  const { add, home, project, page } = await scene();
  const order = await sentDocument(portal, home, 'change_order', {
    signature_required: true,
    project,
    title: 'Hearing loop',
  });
  await add({ title: 'Fit the loop', document: order.id, assignee: home.tom.id });
  await add({ title: 'Clear', assignee: home.maya.id, due_on: day(2) });
  const mayas = await portal.signIn(home.maya.email);
  const { text } = await mayas.get(page).expect(200);
  const words = textOf(text);
  assert.match(
    words,
    new RegExp(`For you to do Hearing loop Change order ${order.number} .*Review and sign .*Clear By`),
  );
  assert.match(words, new RegExp(`Fit the loop ${order.number} .*Needs your signature`));
  assert.equal(text.match(/class="button primary"/g)?.length, 1);
});

test('5,000 tasks are pages of 100', async () => {
  const { home, project, page } = await scene();
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into tasks (organization_id, id, project_id, number, position, title)
        select ?, uuidv7(), ?, 'TASK-9' || n, n, 'Task no. ' || n from generate_series(1, 5000) n`,
      [home.organization_id, project],
    ),
  );
  const olivia = await portal.signIn(home.olivia.email);
  const first = await olivia.get(page).expect(200);
  assert.match(textOf(first.text), /0 of 5000 tasks done/);
  assert.match(first.text, /<progress class="progress" value="0" max="300000"/);
  assert.match(first.text, /Task no\. 100</);
  assert.doesNotMatch(first.text, /Task no\. 101</);
  const next = /href="([^"]*after=[^"]*)"/.exec(first.text)?.[1] ?? '';
  assert.match((await olivia.get(next).expect(200)).text, /Task no\. 101<[\s\S]*Task no\. 200</);
});
