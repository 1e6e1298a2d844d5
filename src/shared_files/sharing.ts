import type { Knex } from 'knex';
import type { Act, Outcome } from '../acting/context.js';
import { Invalid } from '../errors.js';
import type { StoredFile } from '../files/storage.js';
import { inviteReaders } from './folder_readers.js';
import { addVersion, currentFiles, ownFile, type SharedFile } from './shared_file.js';

type Changed = Omit<Outcome, 'subject'>;

/** So many files are in a folder at most: a search reads all of their names. */
const MOST = 1000;
/** So many names are in a sentence. */
const NAMED = 3;

/** Shares files. One that has the name of a file of the same side is its next version. @throws Invalid */
export async function shareFiles(db: Knex.Transaction, act: Act): Promise<Changed> {
  refuseSameNames(act.files);
  const current = await currentFiles(db, act);
  for (const file of act.files) await shareOne(db, act, file, current);
  if (current.length > MOST)
    throw new Invalid({ files: 'At most {{most}} files can be shared. Remove some first.' }, { most: MOST });
  await inviteReaders(db, act);
  return { details: { names: namesOf(act.files) } };
}

/** Of two with one name, one would become a version of the other. @throws Invalid */
function refuseSameNames(files: readonly StoredFile[]): void {
  const twice = files.find(({ name }, at) => files.findIndex((one) => one.name === name) < at);
  if (twice) throw new Invalid({ files: 'Two of the files are named “{{name}}”. Rename one.' }, { name: twice.name });
}

/** "a.pdf, b.pdf, c.pdf +4" */
function namesOf(files: readonly StoredFile[]): string {
  const names = [...new Set(files.map(({ name }) => name))];
  const more = names.length - NAMED;
  return [names.slice(0, NAMED).join(', '), more > 0 ? `+${more}` : ''].filter(Boolean).join(' ');
}

/** `current` is kept up to date. */
async function shareOne(db: Knex.Transaction, act: Act, file: StoredFile, current: SharedFile[]): Promise<void> {
  const { name, sha256 } = file;
  if (current.some((one) => one.name === name && one.sha256 === sha256))
    throw new Invalid({ files: '“{{name}}” is shared already.' }, { name });
  const at = current.findIndex((one) => one.name === name && one.side === act.actor.side);
  const before = current[at] ?? null;
  const shared = await addVersion(db, act, file, before);
  current.splice(before ? at : current.length, 1, shared);
}

/** Shares a new version of one's own file, perhaps under another name. @throws Invalid, Conflict, NotAllowed */
export async function shareVersion(db: Knex.Transaction, act: Act): Promise<Changed> {
  const before = await ownFile(db, act);
  const [file, ...more] = act.files;
  if (!file || more.length) throw new Invalid({ files: 'Choose one file.' });
  if (file.sha256 === before.sha256)
    throw new Invalid({ files: '“{{name}}” is the same as before.' }, { name: file.name });
  await addVersion(db, act, file, before);
  await inviteReaders(db, act);
  return { details: { name: file.name, file: undefined } };
}

/** Removes one's own file, with all its versions: they stay in the record. @throws Conflict, NotAllowed */
export async function removeShared(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { organization_id } = act.subject;
  const { series, name, side } = await ownFile(db, act);
  const versions = db('shared_files').where({ organization_id, series });
  await versions.clone().update({ removed_at: db.raw('app_now()') });
  await db('files').where({ organization_id }).whereIn('id', versions.select('file_id')).update({ withdrawn_by: side });
  return { details: { name, file: undefined } };
}
