import { linkToken } from '../../../src/db/secrets.js';
import type { Scene } from './correspondence.js';
import { type Form, Visitor } from './visitor.js';

const NAMES = { first_name: 'Noah', last_name: 'Weiss', terms: 'on', seen: 'terms:1 privacy:0' };
const ACCESS = { role: 'member', module_quotes: 'on' };
const MODULES = ['projects', 'quotes', 'orders', 'invoices', 'requests', 'purchase_orders', 'bills'];

/** Contacts are invited, activate their accounts, ask for more, and manage one another. */
export async function manageAccess(scene: Scene): Promise<void> {
  const { olivia, place, portal, log, organization_id } = scene;
  const { slug, customer } = place;
  const all = Object.fromEntries(MODULES.map((name) => [`module_${name}`, 'on']));
  await olivia.post(`/${slug}/settings/organization/portal`, { ...all, renew: 'on', terms: 'Be kind.', privacy: '' });
  const noah: string = await portal.look(organization_id, async (db) =>
    String((await db('people').where({ email: 'noah@maple.example' }).first('id')).id),
  );
  const contact = `/${slug}/partners/${customer}/contacts/${noah}`;
  for (const page of ['/invite', `/contacts/${noah}/access`]) await olivia.get(`/${slug}/partners/${customer}${page}`);
  await olivia.post(`/${slug}/partners/${customer}/invite`, { ...ACCESS, [`contact_${noah}`]: 'on', message: 'Hello' });
  await olivia.post(`${contact}/withdraw`);
  await olivia.post(`${contact}/full`);
  await olivia.post(`${contact}/invite`);
  await activate(scene, noah);
  const visitor = await new Visitor(portal, log, 'invited').signIn('noah@maple.example');
  for (const step of ['profile', 'overview']) {
    await visitor.get(`/${slug}/activation/${step}`);
    await visitor.post(`/${slug}/activation/${step}`, { title: 'Accounts' });
  }
  await visitor.get(`/${slug}/activation/done`);
  await visitor.get(`/${slug}/invoices`);
  await visitor.post(`/${slug}/modules/invoices/ask`);
  await olivia.post(`${contact}/access`, { ...ACCESS, ...all });
  await manageColleagues(scene);
}

async function activate({ portal, organization_id, nobody, place: { slug } }: Scene, person_id: string) {
  const link = async () => {
    const { id } = await portal.look(organization_id, (db) =>
      db('invitations').where({ person_id }).orderBy('id', 'desc').first('id'),
    );
    return `/invitation/${linkToken(portal.services.secret, id)}`;
  };
  const first = await link();
  await portal.look(organization_id, (db) =>
    db('invitations')
      .where({ person_id })
      .update({ sent_at: db.raw(`now() - interval '8 days'`), expires_at: db.raw(`now() - interval '1 day'`) }),
  );
  await nobody.post(`${first}/renew`);
  const fresh = await link();
  await nobody.get(fresh);
  await nobody.post(`${fresh}/sign-out`);
  await nobody.post(fresh, NAMES);
  for (const kind of ['terms', 'privacy']) await nobody.get(`/${slug}/${kind}`);
}

async function manageColleagues({ maya, portal, organization_id, place: { slug } }: Scene) {
  const all = `/${slug}/colleagues`;
  const ida: Form = { ...ACCESS, name: 'Ida Holm', email: `ida.holm@${slug}.example`, message: '' };
  for (const page of ['', '/new']) await maya.get(`${all}${page}`);
  await maya.post(all, ida);
  const { id } = await portal.look(organization_id, (db) =>
    db('people')
      .where({ email: `ida.holm@${slug}.example` })
      .first('id'),
  );
  await maya.get(`${all}/${id}`);
  await maya.post(`${all}/${id}`, { ...ACCESS, role: 'viewer' });
  for (const act of ['invite', 'withdraw', 'remove']) await maya.post(`${all}/${id}/${act}`);
}
