import { linkToken } from '../../../src/db/secrets.js';
import type { Scene } from './correspondence.js';
import { type Answered, type Form, Visitor } from './visitor.js';

const NAMES = { first_name: 'Noah', last_name: 'Weiss', terms: 'on' };
const ACCESS = { role: 'member', module_quotes: 'on' };
const MODULES = ['projects', 'quotes', 'orders', 'invoices', 'requests', 'purchase_orders', 'bills', 'files'];

/** Contacts are invited, activate their accounts, ask for more, and manage one another. Returns what others did. */
export async function manageAccess(scene: Scene): Promise<Answered[]> {
  const { olivia, place, portal, log } = scene;
  const { slug, customer } = place;
  const all = Object.fromEntries(MODULES.map((name) => [`module_${name}`, 'on']));
  const publish = (terms: string) =>
    olivia.post(`/${slug}/settings/organization/portal`, { ...all, renew: 'on', terms, privacy: '' });
  await publish('Be kind.');
  const noah = await personOf(scene, 'noah@maple.example');
  const contact = `/${slug}/partners/${customer}/contacts/${noah}`;
  for (const page of ['/invite', `/contacts/${noah}/access`]) await olivia.get(`/${slug}/partners/${customer}${page}`);
  await olivia.post(`/${slug}/partners/${customer}/invite`, { ...ACCESS, [`contact_${noah}`]: 'on', message: 'Hello' });
  await olivia.post(`${contact}/withdraw`);
  await olivia.post(`${contact}/full`);
  await olivia.post(`${contact}/invite`);
  const stranger = await activate(scene, noah);
  const visitor = await new Visitor(portal, log, 'invited').signIn('noah@maple.example');
  for (const step of ['profile', 'overview']) {
    await visitor.get(`/${slug}/activation/${step}`);
    await visitor.post(`/${slug}/activation/${step}`, { title: 'Accounts' });
  }
  await visitor.get(`/${slug}/activation/done`);
  await publish('Be kind, and pay.');
  const asked = /name="seen" value="(terms:[^"]+)"/.exec(await (await visitor.get(`/${slug}`)).text());
  await visitor.post(`/${slug}/terms/accept`, { seen: asked?.[1] ?? '', return_to: `/${slug}` });
  await visitor.get(`/${slug}/invoices`);
  await visitor.post(`/${slug}/modules/invoices/ask`);
  await olivia.post(`${contact}/access`, { ...ACCESS, ...all });
  await manageColleagues(scene);
  return [...stranger.answered, ...visitor.answered];
}

/** Looks into the database, beside what is measured. */
function lookBeside<T>({ portal, log, organization_id }: Scene, work: Parameters<typeof portal.look<T>>[1]) {
  log.doing = '';
  return portal.look(organization_id, work);
}

const personOf = (scene: Scene, email: string): Promise<string> =>
  lookBeside(scene, async (db) => String((await db('people').where({ email }).first('id')).id));

const linkFor = (scene: Scene, person_id: string): Promise<string> =>
  lookBeside(scene, async (db) => {
    const { id } = await db('invitations').where({ person_id }).orderBy('id', 'desc').first('id');
    return `/invitation/${linkToken(scene.portal.services.secret, id)}`;
  });

async function activate(scene: Scene, person_id: string): Promise<Visitor> {
  const { portal, log, place } = scene;
  const stranger = new Visitor(portal, log, 'stranger');
  const first = await linkFor(scene, person_id);
  await lookBeside(scene, (db) =>
    db('invitations')
      .where({ person_id })
      .update({ sent_at: db.raw(`now() - interval '8 days'`), expires_at: db.raw(`now() - interval '1 day'`) }),
  );
  await stranger.post(`${first}/renew`);
  const fresh = await linkFor(scene, person_id);
  const page = await (await stranger.get(fresh)).text();
  await stranger.post(`${fresh}/sign-out`);
  await stranger.post(fresh, { ...NAMES, seen: /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? '' });
  for (const kind of ['terms', 'privacy']) await stranger.get(`/${place.slug}/${kind}`);
  return stranger;
}

async function manageColleagues(scene: Scene) {
  const { maya, place } = scene;
  const { slug } = place;
  const all = `/${slug}/colleagues`;
  const ida: Form = { ...ACCESS, name: 'Ida Holm', email: `ida.holm@${slug}.example`, message: '' };
  for (const page of ['', '/new']) await maya.get(`${all}${page}`);
  await maya.post(all, ida);
  const id = await personOf(scene, `ida.holm@${slug}.example`);
  await maya.get(`${all}/${id}`);
  await maya.post(`${all}/${id}`, { ...ACCESS, role: 'viewer' });
  for (const act of ['invite', 'withdraw', 'remove']) await maya.post(`${all}/${id}/${act}`);
}
