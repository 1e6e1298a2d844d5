import { newId } from '../../src/db/ids.js';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { harbor, partnerActor, sentInvoice } from './harbor.js';
import { addStaff } from '../../src/people/organization.js';
import type { Portal } from './portal.js';

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
  await addProject(portal.knex, home.staff, { key: 'maple', name: 'Reception', partner: home.partner_id });
  const bytes = await portal.services.storage.put(Buffer.from('a plan'), 'plan.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'The plan', files: [bytes] });
  const file = await portal.look(home.organization_id, (db) => db('files').whereNotNull('comment_id').first('id'));
  const paths = {
    ':organization': home.slug,
    'projects/:key': 'projects/MAPLE',
    ':key': invoice.number,
    ':partner': home.partner_id,
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
    /** A route's path, with what is there for its parameters. */
    pathOf: (route: string) =>
      Object.entries(paths)
        .reduce((path, [name, value]) => path.replace(name, value), route.split(' ')[1] ?? '')
        .replace(/:action/, 'comment')
        .replace(/:token/, 'x'.repeat(43))
        .replace(/:\w+/g, newId()),
  };
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
