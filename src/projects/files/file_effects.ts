import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../acting/context.js';
import { Invalid } from '../../errors.js';
import type { StoredFile } from '../../files/storage.js';
import { addAuthor } from '../../subjects/participants.js';
import { addVersion, currentFiles, detailsShown, fileOf, ownFileOf, type ProjectFile } from './project_file.js';

type Changed = Omit<Outcome, 'subject'>;

/** So many files a project has at most: all of their folders are counted for a page. */
const MOST = 2000;
/** So many names are in a sentence. */
const NAMED = 3;

const Added = z.object({ folder: z.string().default(''), audience: z.enum(['own', 'both']).optional() });

/**
 * Adds files. One that has the name of a file of the same side in the same folder is its next version. Staff's are
 * their own unless they say otherwise; a customer shares with staff. @throws Invalid, NotFound
 */
export async function addFiles(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { actor, files } = act;
  const { folder, audience = actor.side === 'staff' ? 'own' : 'both' } = Added.parse(act.input);
  if (actor.side === 'system') throw new Error('Files are added by people.');
  refuseSameNames(files);
  const current = await currentFiles(db, act);
  if (current.length + files.length > MOST)
    throw new Invalid({ files: 'A project has at most {{most}} files. Remove some first.' }, { most: MOST });
  const place = { folder, audience: audience === 'both' ? audience : actor.side };
  for (const file of files) await addOne(db, act, file, { place, current });
  if (actor.person_id) await addAuthor(db, act.subject, actor.person_id);
  const details = { names: namesOf(files), audience: undefined };
  return { details, visible_to: await visibleTo(db, act, place.audience) };
}

/** Of two with one name, one would become a version of the other. @throws Invalid */
function refuseSameNames(files: readonly StoredFile[]): void {
  const twice = files.find(({ name }, at) => files.findIndex((one) => one.name === name) < at);
  if (twice) throw new Invalid({ files: 'Two of the files are named “{{name}}”. Rename one.' }, { name: twice.name });
}

/** "a.pdf, b.pdf, c.pdf +4" */
function namesOf(files: readonly StoredFile[]): string {
  const more = files.length - NAMED;
  const names = files.slice(0, NAMED).map(({ name }) => name);
  return [names.join(', '), more > 0 ? `+${more}` : ''].filter(Boolean).join(' ');
}

interface Among {
  place: Pick<ProjectFile, 'folder' | 'audience'>;
  current: readonly ProjectFile[];
}

async function addOne(db: Knex.Transaction, act: Act, file: StoredFile, { place, current }: Among): Promise<void> {
  const { name, sha256 } = file;
  const before = current.find((one) => one.name === name && one.folder === place.folder && one.side === act.actor.side);
  if (before?.sha256 === sha256) throw new Invalid({ files: '“{{name}}” is there already.' }, { name });
  // What is shared stays shared in its next version.
  const audience = before?.audience === 'both' ? 'both' : place.audience;
  await addVersion(db, act, file, { ...place, audience }, before ?? null);
}

/** Whoever may open a file may know of it. */
async function visibleTo(
  db: Knex.Transaction,
  { actor, subject }: Act,
  audience: ProjectFile['audience'],
): Promise<'both' | 'staff' | 'partner'> {
  if (audience !== 'both') return audience;
  return actor.side === 'partner' || (await detailsShown(db, subject)) ? 'both' : 'staff';
}

/** Adds a new version of one's own file, perhaps under another name. @throws Invalid, Conflict, NotAllowed */
export async function replaceFile(db: Knex.Transaction, act: Act): Promise<Changed> {
  const before = await ownFileOf(db, act);
  const [file, ...more] = act.files;
  if (!file || more.length) throw new Invalid({ files: 'Choose one file.' });
  if (file.sha256 === before.sha256)
    throw new Invalid({ files: '“{{name}}” is the same as before.' }, { name: file.name });
  await addVersion(db, act, file, before, before);
  return { details: aboutFile(file), visible_to: await visibleTo(db, act, before.audience) };
}

/** Lets the other side open the last version of one's own file. @throws Invalid, Conflict, NotAllowed */
export async function shareFile(db: Knex.Transaction, act: Act): Promise<Changed> {
  const file = await ownFileOf(db, act);
  if (file.audience === 'both') throw new Invalid({ form: 'This file is shared already.' });
  const { organization_id } = act.subject;
  await db('project_files').where({ organization_id, id: file.id }).update({ audience: 'both' });
  return { details: aboutFile(file), visible_to: await visibleTo(db, act, 'both') };
}

/** Puts a file into a folder, with its versions: staff any that they see, a customer their own. @throws Conflict */
export async function moveFile(db: Knex.Transaction, act: Act): Promise<Changed> {
  const file = act.actor.side === 'staff' ? await fileOf(db, act) : await ownFileOf(db, act);
  const { folder } = Added.pick({ folder: true }).parse(act.input);
  const { organization_id } = act.subject;
  await db('project_files').where({ organization_id, series: file.series }).update({ folder });
  return { details: aboutFile(file), visible_to: await visibleTo(db, act, file.audience) };
}

/** Removes one's own file, with all its versions: they stay in the record. @throws Conflict, NotAllowed */
export async function removeFile(db: Knex.Transaction, act: Act): Promise<Changed> {
  const file = await ownFileOf(db, act);
  const { organization_id } = act.subject;
  await db('project_files')
    .where({ organization_id, series: file.series })
    .update({ removed_at: db.raw('app_now()') });
  return { details: aboutFile(file), visible_to: await visibleTo(db, act, file.audience) };
}

const aboutFile = ({ name }: Pick<ProjectFile, 'name'>) => ({ name, file: undefined });
