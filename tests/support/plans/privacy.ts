import { runErasure } from '../../../src/people/data_rights/erasing/run_erasure.js';
import type { Portal } from '../portal.js';
import type { Scene } from './correspondence.js';
import type { PlanLog } from './plan_log.js';
import { type Answered, Visitor } from './visitor.js';

/** The files of the large organization were never stored: the archive ends at the first of them. */
const readBody = (answer: Response) => answer.arrayBuffer().catch(() => null);

/** Who sees and downloads what is kept, and asks to have it erased. */
export async function claimData({ olivia, maya, portal, log, place, organization_id }: Scene): Promise<void> {
  const { slug, contact } = place;
  const own = `/${slug}/settings/data`;
  await maya.get(own);
  await maya.post(`${own}/download`);
  await readBody(await maya.get(`${own}/archive`));
  await maya.post(`${own}/ask`);
  log.doing = '';
  const { email } = await portal.look(organization_id, (db) => db('people').where({ id: contact }).first('email'));
  await olivia.get(`/${slug}/settings/organization/privacy?email=${encodeURIComponent(email)}`);
  const data = `/${slug}/people/${contact}/data`;
  await olivia.get(data);
  await olivia.post(`${data}/download`);
  await readBody(await olivia.get(`${data}/archive`));
}

/** Ida Holm, who was a contact for a while, is erased. While no worker runs, so that the job's statements are known. */
export async function eraseIda(
  { portal, log }: { portal: Portal; log: PlanLog },
  slug: string,
  organization_id: string,
): Promise<Answered[]> {
  log.doing = '';
  const email = `ida.holm@${slug}.example`;
  const { id } = await portal.look(organization_id, (db) => db('people').where({ email }).first('id'));
  const olivia = await new Visitor(portal, log, 'staff').signIn('olivia@harbor.example');
  await olivia.get(`/${slug}/people/${id}/data/erase`);
  await olivia.post(`/${slug}/people/${id}/data/erase`, { email });
  log.doing = '';
  const erasure = await portal.look(organization_id, (db) => db('erasures').first('id'));
  log.doing = 'task: erase_person';
  await runErasure(portal.knex, portal.services.storage, organization_id, erasure.id);
  return olivia.answered;
}
