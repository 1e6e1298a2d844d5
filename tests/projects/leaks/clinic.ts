import { act } from '../../../src/act.js';
import { type Actor, systemActor } from '../../../src/db/scope.js';
import { changeAccess } from '../../../src/people/invitations/access.js';
import { addStaff } from '../../../src/people/organization.js';
import { addPartner, newContact } from '../../../src/people/partner.js';
import { addProject } from '../../../src/projects/project.js';
import { addTask } from '../../../src/projects/tasks/add_task.js';
import { makeFeed } from '../../../src/projects/calendar_feed/feed_token.js';
import { day } from '../../support/days.js';
import { plannedEvent } from '../../support/events.js';
import { post } from '../../support/forms.js';
import { addVendor, harbor, partnerActor, sentDocument } from '../../support/harbor.js';
import type { Portal } from '../../support/portal.js';
import { photo } from '../../support/project_site.js';
import { approved, at, logTime } from '../../support/time.js';

export const ALL = {
  tasks: true,
  calendar: true,
  time: true,
  finances: true,
  details: true,
  comments: true,
  people: true,
};

/** A contact as the one who acts, signed in. */
type Contact = Parameters<typeof partnerActor>[1];

/**
 * A project in which everything that could be said is said, in words that occur nowhere else (see secrets.ts), and
 * everybody who may read some of it.
 */
export async function openClinic(portal: Portal) {
  const people = await openPeople(portal);
  const { home, zeb, voltman, volt, erik, northern } = people;
  const { knex } = portal;
  const staff = home.staff;
  const fields = { key: 'MAPLE', name: 'Zqproject', partner: home.partner_id, manager: zeb.person_id ?? '' };
  const project = await addProject(knex, staff, { ...fields, ...{ description: 'Zqdescription' } });
  const does = (actor: Actor, id: string, name: string, input: Record<string, unknown> = {}) =>
    act(knex, actor, id, name, input);
  const task = (input: object) => addTask(knex, zeb, project, { due_on: day(3), ...input });
  await does(staff, project, 'share_project', ALL);
  const tasks = {
    customers: await task({ title: 'Zqmapletask', note: 'Zqmaplenote', assignee: home.maya.id }),
    ours: await task({ title: 'Zqourtask', assignee: zeb.person_id, estimate_minutes: 123 }),
    hidden: await task({ title: 'Zqhiddentask', shown: false, assignee: zeb.person_id }),
    volts: await task({
      title: 'Zqvolttask',
      note: 'Zqvoltnote',
      vendor: volt,
      assignee: voltman.person_id,
      trade: 'Zqtrade',
    }),
    kept: await task({ title: 'Zqvoltkept', vendor: volt, assignee: voltman.person_id, shown: false }),
    petras: await task({ title: 'Zqpetratask', assignee: people.petra.person_id }),
    handed: await task({ title: 'Zqoldtitle', vendor: northern, assignee: erik.person_id, shown: false }),
  };
  await does(staff, project, 'add_person', { person: home.maya.id });
  return { ...people, project, tasks, does, url: `/${home.slug}/projects/MAPLE` };
}

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

async function openPeople({ knex, look }: Portal) {
  const home = await harbor({ knex });
  const { slug, staff, organization_id } = home;
  const organization = await look(organization_id, (db) => db('organizations').first());
  const email = (name: string) => `zq${name}.${slug}@people.example`;
  const zebulon = { name: 'Zqzebulon Hide', email: email('zeb') };
  const zeb_id = await addStaff(knex, organization, zebulon, 'admin');
  const zeb: Actor = { ...staff, role: 'admin', person_id: zeb_id, ...zebulon };
  await look(organization_id, (db) =>
    db('time_settings').insert({ organization_id, cost_rate: 41_371, bill_rate: 97_373 }),
  );
  const vendor = async (name: string, contact: { name: string; email: string }) => {
    const { vendor, erik: person } = await addVendor({ knex }, home, contact.email);
    await look(organization_id, (db) => db('partners').where({ id: vendor }).update({ name }));
    await look(organization_id, (db) => db('people').where({ id: person }).update({ name: contact.name }));
    const actor: Actor = partnerActor({ ...home, partner_id: vendor }, { id: person, ...contact });
    return { vendor, actor };
  };
  const volt = await vendor('Zqvolt Ltd', { name: 'Zqviktor Volt', email: email('viktor') });
  const northern = await vendor('Zqnorthern Ltd', { name: 'Zqerik Lund', email: email('erik') });
  const idle = await vendor('Zqidle Ltd', { name: 'Zqida Idle', email: email('ida') });
  const other = await addPartner(knex, staff, { ...home.customer, name: 'Zqother Clinic', email: '' });
  const otto = { name: 'Zqotto Other', email: email('otto') };
  const otto_id = await newContact(knex, staff, other, otto);
  const contact = async (name: string) => {
    const fields = { name, email: email(name.toLowerCase()) };
    const id = await newContact(knex, staff, home.partner_id, fields);
    await changeAccess(knex, staff, home.partner_id, id, { role: 'member', modules: ['money'] });
    return partnerActor(home, { id, ...fields } satisfies Contact);
  };
  return {
    ...{ home, zeb, volt: volt.vendor, voltman: volt.actor, northern: northern.vendor, erik: northern.actor },
    ida: idle.actor,
    otto: partnerActor({ ...home, partner_id: other }, { id: otto_id, ...otto }),
    // Without the module; Petra has one task all the same.
    nora: await contact('Nora'),
    petra: await contact('Petra'),
    maya: partnerActor(home, home.maya),
  };
}

/** Says something everywhere. */
export async function fillClinic(portal: Portal, clinic: Clinic) {
  await writeComments(clinic);
  await addEvents(portal, clinic);
  await addFiles(portal, clinic);
  await logHours(portal, clinic);
  await makeDocuments(portal, clinic);
  await portal.idle();
}

async function writeComments({ does, home, maya, voltman, erik, petra, zeb, project, tasks, volt }: Clinic) {
  const { staff } = home;
  const says = (actor: Actor, id: string, text: string, more = {}) => does(actor, id, 'comment', { text, ...more });
  await says(staff, project, 'Zqinternal about it', { audience: 'internal', title: 'Zqinternaltitle' });
  await says(staff, project, 'Zqmapletalk for you', { readers: [home.maya.id] });
  await says(maya, project, 'Zqmayasaid thanks');
  await says(maya, project, 'Zqmayaprivate', { audience: 'internal' });
  await says(zeb, tasks.customers, 'Zqtasktalk');
  await says(zeb, tasks.customers, 'Zqtaskinternal', { audience: 'internal' });
  await says(zeb, tasks.volts, 'Zqvolttalk');
  await says(voltman, tasks.volts, 'Zqvoltsaid');
  await says(voltman, tasks.volts, 'Zqvoltprivate', { audience: 'internal' });
  await says(voltman, tasks.kept, 'Zqkepttalk');
  await says(petra, tasks.petras, 'Zqpetrasaid');
  await does(zeb, tasks.volts, 'move', { due_on: day(9), reason: 'Zqmovereason' });
  await does(voltman, tasks.volts, 'propose_date', { due_on: day(12), reason: 'Zqproposedreason' });
  const same = { vendor: volt, shown: false, due_on: day(3) };
  // Handed from one vendor to the other, and renamed.
  await says(erik, tasks.handed, 'Zqoldtalk');
  await does(staff, tasks.handed, 'change', { title: 'Zqoldtitle', assignee: voltman.person_id, ...same });
  await does(staff, tasks.handed, 'change', { title: 'Zqnewtitle', assignee: voltman.person_id, ...same });
  await says(voltman, tasks.handed, 'Zqnewtalk');
}

async function addEvents(portal: Portal, { home, zeb, project, volt, voltman, does, maya }: Clinic) {
  const on = { starts_on: day(2), ends_on: day(2) };
  const walk = {
    ...on,
    title: 'Zqwalk',
    place: 'Zqwalkplace',
    note: 'Zqwalknote',
    guests: [home.maya.id, home.tom.id],
  };
  const met = await plannedEvent(portal, zeb, project, walk);
  await does(zeb, met.id, 'comment', { text: 'Zqwalktalk' });
  await does(maya, met.id, 'propose', { starts_on: day(4), starts_time: '09:00', ends_time: '10:00' });
  const delivery = { ...on, title: 'Zqdelivery', note: 'Zqdeliverynote', vendor: volt, guests: [voltman.person_id] };
  const came = await plannedEvent(portal, zeb, project, delivery);
  await does(voltman, came.id, 'comment', { text: 'Zqdeliverytalk' });
  const own = await plannedEvent(portal, zeb, project, { ...on, title: 'Zqstaffmeeting', shown: false });
  await does(zeb, own.id, 'comment', { text: 'Zqmeetingtalk' });
  await plannedEvent(portal, zeb, project, {
    ...on,
    title: 'Zqvoltmeeting',
    shown: false,
    vendor: volt,
    guests: [voltman.person_id],
  });
}

async function addFiles({ services }: Portal, { home, zeb, maya, project, voltman, does }: Clinic) {
  const text = (words: string, name: string) => services.storage.put(Buffer.from(words), name, 'text/plain');
  const add = async (actor: Actor, name: string, audience: string) =>
    does(actor, project, 'add_file', {
      files: [await text(`${name}bytes`, `${name}.txt`)],
      audience,
      folder: `${name}folder`,
    });
  await add(zeb, 'Zqsharedfile', 'both');
  await add(zeb, 'Zqstafffile', 'own');
  await add(maya, 'Zqmayafile', 'own');
  const picture = await services.storage.put(await photo('#123456'), 'Zqphoto.jpg', 'image/jpeg');
  await does(zeb, project, 'add_log', {
    day: day(-1),
    text: 'Zqshownlog',
    people: 'Zqcrew',
    shown: true,
    files: [picture],
  });
  const kept = await services.storage.put(await photo('#654321'), 'Zqkeptphoto.jpg', 'image/jpeg');
  await does(zeb, project, 'add_log', { day: day(-1), text: 'Zqkeptlog', shown: false, files: [kept] });
  const sent = { person: voltman.person_id, text: 'Zqvoltlog', files: [await text('Zqvoltlogbytes', 'Zqvoltlog.txt')] };
  await does(systemActor(home.organization_id), project, 'take_log', sent);
}

async function logHours(portal: Portal, { home, zeb, project, tasks, voltman, does }: Clinic) {
  await logTime(portal, zeb, project, tasks.ours, at(0), 97, { note: 'Zqtimenote', internal_note: 'Zqtimeinternal' });
  await logTime(portal, zeb, project, tasks.hidden, at(1), 53, { note: 'Zqhiddennote' });
  await approved(portal, home, zeb, project);
  await logTime(portal, home.staff, project, tasks.ours, at(2), 60, { note: 'Zqunapproved' });
  await does(voltman, tasks.kept, 'log_hours', {
    cells: [{ work: tasks.kept, day: at(0), minutes: 60, note: 'Zqvolthours' }],
  });
}

/** A budget, of which an estimate and an order of the vendor are made; with its price in the open, and its cost not. */
async function makeDocuments(portal: Portal, clinic: Clinic) {
  const { home, url, volt, project, voltman } = clinic;
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `${url}/add_budget_group`, { name: 'Zqgroup' });
  const row = async (table: string) =>
    (await portal.look(home.organization_id, (db) => db(table).orderBy('id').first('id')))?.id;
  const item = { name: 'Zqitem', unit_cost: '7319.77', markup: '37.71', vendor: volt };
  await post(olivia, `${url}/add_item`, { group: await row('budget_groups'), ...item });
  const made = async (type: string) => {
    const path = await post(olivia, `${url}/budget/make`, { type, pick: await row('budget_items') });
    const id = /documents\/([^/]+)\/edit/.exec(path)?.[1] ?? '';
    await act(portal.knex, home.staff, id, 'send');
    return id;
  };
  await made('estimate');
  const order = await made('purchase_order');
  await act(portal.knex, voltman, order, 'comment', { text: 'Zqordertalk' });
  await sentDocument(portal, home, 'change_order', { project, title: 'Zqchangeorder' });
}

/** The text of somebody's calendar address. */
export async function feedOf(portal: Portal, actor: Actor): Promise<string> {
  const { user_id } = await portal.look(String(actor.organization_id), (db) =>
    db('people').where({ id: actor.person_id }).first('user_id'),
  );
  const token = await makeFeed(portal.knex, { ...actor, user_id }, false);
  return (await portal.browser().get(`/calendar/${token}.ics`)).text ?? '';
}
