import type { Knex } from 'knex';
import type { Act } from '../acting/context.js';
import { newId } from '../db/ids.js';
import { Conflict, NotAllowed } from '../errors.js';
import { attach } from '../files/file.js';
import type { StoredFile } from '../files/storage.js';

/** The last version of a file that is shared now. */
export interface SharedFile {
  id: string;
  /** The id of its first version. */
  series: string;
  version: number;
  name: string;
  side: 'staff' | 'partner';
  sha256: string;
}

/** All files of an act's folder that are shared now. */
export const currentFiles = (db: Knex.Transaction, { subject }: Act): Promise<SharedFile[]> =>
  db('shared_files as x')
    .join('files as f', (on) => on.on('f.organization_id', 'x.organization_id').on('f.id', 'x.file_id'))
    .where({ 'x.organization_id': subject.organization_id, 'x.partner_id': subject.id })
    .where({ replaced_at: null, removed_at: null })
    .select('x.id', 'x.series', 'x.version', 'x.name', 'x.side', 'f.sha256');

/** The file that an act is about. @throws Conflict if it is gone; NotAllowed if the other side has shared it */
export async function ownFile(db: Knex.Transaction, act: Act): Promise<SharedFile> {
  const found = (await currentFiles(db, act)).find(({ series }) => series === act.input['file']);
  if (!found) throw new Conflict('This file is no longer shared.');
  const { side } = act.actor;
  if (found.side === side) return found;
  const whom = side === 'staff' ? 'partner' : 'staff';
  throw new NotAllowed('This is not yours to do.', { ask: { whom, subject_id: act.subject.id } });
}

/** Adds a file to the folder, as a new one or as the next version of `before`. Returns it. */
export async function addVersion(
  db: Knex.Transaction,
  { actor, subject }: Act,
  stored: StoredFile,
  before: SharedFile | null,
): Promise<SharedFile> {
  const { organization_id, id: partner_id } = subject;
  if (actor.side === 'system' || !actor.person_id) throw new Error('Files are shared by people.');
  const [file_id] = await attach(db, { organization_id, subject_id: partner_id }, [stored]);
  if (before)
    await db('shared_files')
      .where({ organization_id, id: before.id })
      .update({ replaced_at: db.raw('app_now()') });
  const id = newId();
  const { name, size, sha256 } = stored;
  const { side, person_id } = actor;
  const version = { id, series: before?.series ?? id, version: (before?.version ?? 0) + 1, name, side };
  await db('shared_files').insert({ organization_id, partner_id, file_id, size, person_id, ...version });
  return { ...version, sha256 };
}
