import sharp from 'sharp';
import { newId } from '../../../src/db/ids.js';
import { systemActor } from '../../../src/db/scope.js';
import { addTask } from '../../../src/projects/tasks/add_task.js';
import { day } from '../days.js';
import type { Scene } from './correspondence.js';
import { Visitor } from './visitor.js';

/** Files of a project, its log, and what comes to its address, by both sides and a vendor with work in it. */
export async function keepProject(scene: Scene): Promise<void> {
  const { portal, log, organization_id, place, olivia, maya } = scene;
  const url = `/${place.slug}/projects/MAPLE`;
  await keepFiles(scene, url);
  await keepLog(scene, url);
  await forward(scene);
  log.doing = '';
  const mails = await portal.look(organization_id, (db) =>
    db('project_mails').where({ project_id: place.project, side: 'partner' }).orderBy('id', 'desc').first('id'),
  );
  await maya.post(`${url}/share_mail`, { mail: String(mails?.id) });
  await olivia.post(`${url}/renew_address`);
  const erik = await new Visitor(portal, log, 'busy vendor').signIn('erik@northern.example');
  log.doing = '';
  const [file, entry] = await portal.look(organization_id, (db) =>
    Promise.all([
      db('project_files')
        .where({ project_id: place.project, removed_at: null, replaced_at: null, folder: 'Plans' })
        .orderBy('id', 'desc')
        .first(),
      db('project_logs').where({ project_id: place.project, removed_at: null }).orderBy('id', 'desc').first(),
    ]),
  );
  const pages = [
    ...['/details', '/details?folder=Plans', `/details?before=${file?.id}`, `/details/files/${file?.series}`],
    ...['/log', '/log?month=2026-01', `/log?day=${day(0)}&before=${entry?.id}`, `/log/${entry?.id}`],
  ];
  for (const visitor of [olivia, maya, erik]) {
    for (const page of pages) await visitor.get(`${url}${page}`);
    await visitor.get(`/${place.slug}/pictures/${file?.file_id}`);
    await visitor.get(`/${place.slug}/files/${file?.file_id}/x`);
  }
  for (const page of ['/log/new', `/log/${entry?.id}/edit`]) await olivia.get(`${url}${page}`);
}

const picture = async () => {
  const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#abc' } })
    .png()
    .toBuffer();
  return new Blob([new Uint8Array(bytes)]);
};

async function keepFiles({ portal, log, organization_id, place, olivia, maya }: Scene, url: string) {
  const newest = async () => {
    log.doing = '';
    const { series } = await portal.look(organization_id, (db) =>
      db('project_files')
        .where({ project_id: place.project, replaced_at: null, removed_at: null })
        .orderBy('id', 'desc')
        .first('series'),
    );
    return { file: String(series) };
  };
  for (const [who, name] of [
    [olivia, 'oak.png'],
    [maya, 'plan.png'],
  ] as const) {
    await who.upload(`${url}/add_file`, await picture(), name, { folder: 'Plans' });
    await who.upload(`${url}/replace_file`, new Blob(['Second']), `${name}.txt`, await newest());
    await who.post(`${url}/move_file`, { ...(await newest()), folder: 'Other' });
    await who.post(`${url}/share_file`, await newest());
    await who.post(`${url}/remove_file`, await newest());
    await who.upload(`${url}/add_file`, await picture(), name, { folder: 'Plans', audience: 'both' });
  }
}

async function keepLog({ portal, log: plans, organization_id, place, olivia }: Scene, url: string) {
  const newest = async (table: string) => {
    plans.doing = '';
    const where = table === 'project_logs' ? { project_id: place.project } : {};
    return String(
      (await portal.look(organization_id, (db) => db(table).where(where).orderBy('id', 'desc').first('id')))?.id,
    );
  };
  const entry = { day: day(-1), text: 'Cut the doors', shown: 'on' };
  await olivia.upload(`${url}/add_log`, await picture(), 'a.png', entry);
  const log = await newest('project_logs');
  await olivia.upload(`${url}/change_log`, await picture(), 'b.png', { ...entry, log, descriptions: 'Door\nDoors' });
  await olivia.post(`${url}/remove_photo`, { log, photo: await newest('project_log_files') });
  await olivia.post(`${url}/show_log`, { log });
  await olivia.post(`${url}/remove_log`, { log });
  await olivia.post(`${url}/show_logs`, { shown: 'on' });
  await olivia.upload(`${url}/add_log`, await picture(), 'c.png', entry);
}

/** To the project's address: by the customer, by a vendor with work in it, and by somebody else. */
async function forward({ portal, log, organization_id, place }: Scene) {
  log.doing = '';
  const staff = { ...systemActor(organization_id), side: 'staff', role: 'owner' } as const;
  const person = await portal.look(organization_id, (db) =>
    db('people').where({ organization_id, email: 'erik@northern.example' }).first('id'),
  );
  await addTask(portal.knex, staff, place.project, { title: 'Wiring', vendor: place.vendor });
  const { key } = await portal.look(organization_id, async (db) => {
    // An address that he proves, as his own domain's isn't known here.
    const ids = { organization_id, id: newId(), person_id: person.id, added_by: person.id };
    await db('person_addresses')
      .insert({ ...ids, email: 'erik@rival.example' })
      .onConflict()
      .ignore();
    return db('project_addresses').where({ organization_id, project_id: place.project, ended_at: null }).first('key');
  });
  log.doing = 'mail to a project';
  const attachments = [{ filename: 'keys.txt', content: 'Room 4' }];
  for (const from of ['maya@maple.example', 'olivia@harbor.example', 'erik@rival.example', 'eve@rival.example'])
    await portal.mailIn({
      ...{ from, to: `maple-${String(key)}@${portal.config.mail_domain}`, attachments },
      ...{ subject: `Fwd: Keys of ${place.slug}`, text: 'See below' },
    });
  await portal.idle();
}
