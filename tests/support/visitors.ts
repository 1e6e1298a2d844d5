import sharp from 'sharp';
import { newId } from '../../src/db/ids.js';
import type { Role } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { addProject } from '../../src/projects/project.js';
import { type Harbor, harbor, partnerActor, sentInvoice } from './harbor.js';
import { addedItem } from './items.js';
import { plannedEvent } from './events.js';
import { changeAccess } from '../../src/people/invitations/access.js';
import { changeLimits } from '../../src/people/members/change_limits.js';
import { changeRole } from '../../src/people/members/change_role.js';
import { addStaff } from '../../src/people/organization.js';
import { newContact } from '../../src/people/partner.js';
import type { ContactRole } from '../../src/subjects/contact_roles.js';
import { MODULES } from '../../src/subjects/modules.js';
import { day } from './days.js';
import type { Portal } from './portal.js';
import { startedSubscription } from './subscriptions.js';

/** An organization with something on every page, and a browser for each column of the matrix of routes. */
export async function openVisitors(portal: Portal) {
  const home = await harbor(portal);
  const rival = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  const ines = { name: 'Ines Roth', email: `ines.${home.slug}@maple.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ines);
  const ada = { name: 'Ada Admin', email: `ada.${home.slug}@harbor.example` };
  const organization = await portal.look(home.organization_id, (db) => db('organizations').first());
  await addStaff(portal.knex, organization, ada, 'admin');
  const second = await sentInvoice(portal, home);
  const other = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes(second.number) ?? false);
  const item = await addedItem(portal, home);
  const reception = { key: 'maple', name: 'Reception', partner: home.partner_id };
  const project = await addProject(portal.knex, home.staff, reception);
  await addTask(portal.knex, home.staff, project, { title: 'Clear the reception', assignee: home.maya.id });
  await plannedEvent(portal, home.staff, project, { guests: [home.maya.id] });
  const white = { create: { width: 9, height: 9, channels: 3, background: '#fff' } } as const;
  const photo = await portal.services.storage.put(await sharp(white).png().toBuffer(), 'wall.png', 'image/png');
  await act(portal.knex, home.staff, project, 'add_file', { files: [photo], audience: 'both' });
  await act(portal.knex, home.staff, project, 'add_log', { day: day(0), text: 'Cut the doors', shown: true });
  await portal.idle();
  const [wall, log] = await portal.look(home.organization_id, (db) =>
    Promise.all([db('project_files').first('id', 'file_id'), db('project_logs').first('id')]),
  );
  const subscription = await startedSubscription(portal, home, { content: { recipients: [home.noah.id] } });
  const bytes = await portal.services.storage.put(Buffer.from('a plan'), 'plan.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'The plan', files: [bytes] });
  const file = await portal.look(home.organization_id, (db) => db('files').whereNotNull('comment_id').first('id'));
  await act(portal.knex, home.staff, home.partner_id, 'share', { files: [bytes] });
  const shared = await portal.look(home.organization_id, (db) => db('shared_files').first('id'));
  const paths = {
    ':organization': home.slug,
    'projects/:key/details/files/:file': `projects/MAPLE/details/files/${wall.id}`,
    'projects/:key/log/:log': `projects/MAPLE/log/${log.id}`,
    'pictures/:id': `pictures/${wall.file_id}`,
    'projects/:key': 'projects/MAPLE',
    'tasks/:key': 'tasks/TASK-0001',
    'events/:key': 'events/EVENT-0001',
    'subscriptions/:key': `subscriptions/${subscription.number}`,
    'shared-files/:key/files/:file': `shared-files/${home.partner_id}/files/${shared.id}`,
    'shared-files/:key': `shared-files/${home.partner_id}`,
    ':key': invoice.number,
    ':partner': home.partner_id,
    ':item': item,
    ':contact': home.noah.id,
    ':version': '1',
    ':id/:name': `${file.id}/plan.txt`,
  };
  return {
    home,
    invoice,
    second,
    nobody: portal.browser(),
    linked: await portal.open(received),
    elsewhere: await portal.open(other),
    guest: await portal.signIn(ines.email),
    maya: await portal.signIn(home.maya.email),
    tom: await portal.signIn(home.tom.email),
    ada: await portal.signIn(ada.email),
    olivia: await portal.signIn(home.olivia.email),
    rival: await portal.signIn(rival.olivia.email),
    roles: await openRoles(portal, home),
    /** A route's path, with what is there for its parameters. */
    pathOf: (route: string) =>
      Object.entries(paths)
        .reduce((path, [name, value]) => path.replace(name, value), route.split(' ')[1] ?? '')
        .replace(/:action/, 'comment')
        .replace(/:token/, 'x'.repeat(43))
        .replace(/:\w+/g, newId()),
  };
}

interface Person {
  name: string;
  email: string;
}

/** The name of each further role, by which its person is found. */
export const ROLE_NAMES = {
  manager: 'Mara Manager',
  accountant: 'Arno Accountant',
  viewer: 'Vera Viewer',
  limited: 'Lia Limited',
  contact_manager: 'Max Manager',
  contact_accountant: 'Alma Accountant',
  contact_viewer: 'Vito Viewer',
} as const;
export type RoleName = keyof typeof ROLE_NAMES;

/** A browser for each role that has no column of its own. */
async function openRoles(portal: Portal, home: Harbor) {
  const organization = await portal.look(home.organization_id, (db) => db('organizations').first());
  const opened = async ([key, name]: [string, string]) => {
    const person = { name, email: `${key}.${home.slug}@people.example` };
    if (key.startsWith('contact_')) await addContact(portal, home, person, key.replace('contact_', '') as ContactRole);
    else await addMember(portal, home, organization, person, key);
    return [key, await portal.signIn(person.email)] as const;
  };
  const browsers = [];
  for (const entry of Object.entries(ROLE_NAMES)) browsers.push(await opened(entry));
  return Object.fromEntries(browsers) as Record<RoleName, ReturnType<Portal['browser']>>;
}

/** `limited`: a member who may send and approve up to 50.00. */
async function addMember({ knex }: Portal, { staff }: Harbor, organization: Organization, person: Person, key: string) {
  const id = await addStaff(knex, organization, person, 'member');
  if (key === 'limited') await changeLimits(knex, staff, id, { send: 5000, approve: 5000 });
  else await changeRole(knex, staff, id, key as Role);
}

type Organization = Parameters<typeof addStaff>[1];

async function addContact({ knex }: Portal, home: Harbor, person: Person, role: ContactRole) {
  const id = await newContact(knex, home.staff, home.partner_id, person);
  await changeAccess(knex, home.staff, home.partner_id, id, { role, modules: MODULES.map(({ name }) => name) });
}

export type Visitors = Awaited<ReturnType<typeof openVisitors>>;

/** In the order of the matrix's columns. */
export const columnsOf = ({ nobody, linked, elsewhere, guest, maya, tom, ada, olivia, rival }: Visitors) => [
  nobody,
  linked,
  elsewhere,
  guest,
  maya,
  tom,
  ada,
  olivia,
  rival,
];
