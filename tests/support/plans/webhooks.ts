import type { Scene } from './correspondence.js';

/** A webhook is added, shown, changed, tested and removed. */
export async function sendWebhooks({ olivia, portal, log, organization_id, place }: Scene): Promise<void> {
  const list = `/${place.slug}/settings/organization/webhooks`;
  await olivia.get(list);
  await olivia.get(`${list}/new`);
  await olivia.post(list, { url: 'https://hooks.invalid/parley', event_commented: 'on' });
  const before = log.doing;
  log.doing = '';
  const [id] = await portal.look(organization_id, (db) =>
    db('webhooks').where({ organization_id }).orderBy('id', 'desc').pluck('id'),
  );
  log.doing = before;
  const page = `${list}/${id}`;
  await olivia.post(`${page}/test`);
  await portal.idle();
  await olivia.get(page);
  await olivia.get(`${page}/edit`);
  for (const move of ['pause', 'resume', 'rotate', 'remove']) await olivia.post(`${page}/${move}`);
}
