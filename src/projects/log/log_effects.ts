import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Conflict, NotAllowed } from '../../errors.js';
import { attachToLog, descriptionsIn, entryOf, logOf } from './log_entry.js';
import { telling, untell } from './tell_log.js';

type Changed = Omit<Outcome, 'subject'>;

/** What a day's form has, and its activity hasn't. */
export const LEFT_OUT = {
  ...{ log: undefined, no_work: undefined, people: undefined, weather: undefined },
  ...{ text: undefined, descriptions: undefined, shown: undefined },
};

/** Writes a day of the log, by staff. @throws Invalid */
export async function addLog(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id, id: project_id } = act.subject;
  const entry = entryOf(act);
  const { person_id } = act.actor;
  const id = newId();
  await db('project_logs').insert({ organization_id, id, project_id, person_id, ...entry });
  await attachToLog(db, act.subject, id, act.files, descriptionsIn(act));
  const details = { ...LEFT_OUT, day: entry.day, log: id };
  return { details, created_id: null, followUps: await telling(db, act.subject, id) };
}

/** Changes a day that staff wrote, describes its photos and adds some. @throws Invalid, Conflict, NotAllowed */
export async function changeLog(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id } = act.subject;
  const { id, vendor_id } = await logOf(db, act);
  if (vendor_id) throw new NotAllowed('What a vendor has sent stays as it is.');
  const photos = await photosOf(db, organization_id, id);
  const entry = entryOf(act, photos.length);
  await db('project_logs').where({ organization_id, id }).update(entry);
  const described = descriptionsIn(act);
  for (const [i, photo] of photos.entries())
    await db('project_log_files')
      .where({ organization_id, id: photo })
      .update({ description: described[i] ?? '' });
  await attachToLog(db, act.subject, id, act.files, described.slice(photos.length));
  const followUps = entry.shown ? await telling(db, act.subject, id) : await untell(db, act.subject, id);
  return { details: { ...LEFT_OUT, day: entry.day }, followUps };
}

const photosOf = (db: Knex.Transaction, organization_id: string, log_id: string): Promise<string[]> =>
  db('project_log_files').where({ organization_id, log_id, removed_at: null }).orderBy('id').pluck('id');

const Shown = z.object({ shown: z.boolean() });

/** Shows a day to the customer, or no longer. @throws Conflict */
export async function showLog(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id } = act.subject;
  const { id, day } = await logOf(db, act);
  const { shown } = Shown.parse(act.input);
  await db('project_logs').where({ organization_id, id }).update({ shown });
  const followUps = shown ? await telling(db, act.subject, id) : await untell(db, act.subject, id);
  return { details: { ...LEFT_OUT, day }, followUps };
}

/** Sets whether new days are shown to the customer. */
export async function showLogs(db: Knex.Transaction, { subject, input }: Act): Promise<Changed> {
  const { organization_id, id } = subject;
  const { shown } = Shown.parse(input);
  await db('projects').where({ organization_id, id }).update({ log_shown: shown });
  return {};
}

/** Removes a day, with its photos: it stays in the record. @throws Conflict */
export async function removeLog(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id } = act.subject;
  const { id, day } = await logOf(db, act);
  await db('project_logs')
    .where({ organization_id, id })
    .update({ removed_at: db.raw('app_now()') });
  return { details: { ...LEFT_OUT, day }, followUps: await untell(db, act.subject, id, 'everybody') };
}

/** Removes a photo from a day. @throws Conflict */
export async function removePhoto(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id } = act.subject;
  const { id: log_id, day } = await logOf(db, act);
  const removed = await db('project_log_files')
    .where({ organization_id, log_id, id: act.input['photo'], removed_at: null })
    .update({ removed_at: db.raw('app_now()') });
  if (!removed) throw new Conflict('This photo is no longer here.');
  return { details: { ...LEFT_OUT, day, photo: undefined } };
}
