import type { Knex } from 'knex';
import type { Act } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Conflict, NotAllowed, NotFound } from '../../errors.js';
import { attach } from '../../files/file.js';
import { queueSmallPictures } from '../../files/small_picture.js';
import type { StoredFile } from '../../files/storage.js';

type Side = 'staff' | 'partner';

/** The last version of a file that a project has now. */
export interface ProjectFile {
  id: string;
  /** The id of its first version. */
  series: string;
  version: number;
  file_id: string;
  name: string;
  folder: string;
  /** Who can open it: its own side, or both. */
  audience: Side | 'both';
  side: Side;
  sha256: string;
}

/** All files of an act's project that its author may open now. @throws NotFound if its files aren't shown to them */
export async function currentFiles(db: Knex.Transaction, { actor, subject }: Act): Promise<ProjectFile[]> {
  const { organization_id, id } = subject;
  await requireShown(db, { actor, subject });
  return db('project_files as x')
    .join('files as f', (on) => on.on('f.organization_id', 'x.organization_id').on('f.id', 'x.file_id'))
    .where({ 'x.organization_id': organization_id, 'x.project_id': id, replaced_at: null, removed_at: null })
    .whereIn('x.audience', ['both', actor.side])
    .select('x.id', 'x.series', 'x.version', 'x.file_id', 'x.name', 'x.folder', 'x.audience', 'x.side', 'f.sha256');
}

/** Whether a project's details are shown to its customer. */
export async function detailsShown(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
): Promise<boolean> {
  const project: { shown: string[] } | undefined = await db('projects').where({ organization_id, id }).first('shown');
  return project?.shown.includes('details') ?? false;
}

async function requireShown(db: Knex.Transaction, { actor, subject }: Pick<Act, 'actor' | 'subject'>): Promise<void> {
  if (actor.side === 'partner' && !(await detailsShown(db, subject))) throw new NotFound();
}

/** The file that an act is about. @throws Conflict if it is gone, NotFound */
export async function fileOf(db: Knex.Transaction, act: Act): Promise<ProjectFile> {
  const found = (await currentFiles(db, act)).find(({ series }) => series === act.input['file']);
  if (!found) throw new Conflict('This file is no longer here.');
  return found;
}

/** The same, if its author's side has added it. @throws Conflict, NotFound, NotAllowed */
export async function ownFileOf(db: Knex.Transaction, act: Act): Promise<ProjectFile> {
  const found = await fileOf(db, act);
  const { side } = act.actor;
  if (found.side === side) return found;
  const whom = side === 'staff' ? 'partner' : 'staff';
  throw new NotAllowed('This is not yours to do.', { ask: { whom, subject_id: act.subject.id } });
}

/** Where a file goes, and who can open it. */
type Place = Pick<ProjectFile, 'folder' | 'audience'>;

/** Adds a file to the project, as a new one or as the next version of `before`. Returns it. */
export async function addVersion(
  db: Knex.Transaction,
  { actor, subject }: Pick<Act, 'actor' | 'subject'>,
  stored: StoredFile,
  place: Place,
  before: ProjectFile | null,
): Promise<ProjectFile> {
  const { organization_id, id: project_id } = subject;
  const { side, person_id } = actor;
  if (side === 'system' || !person_id) throw new Error('Files are added by people.');
  const to = { organization_id, subject_id: project_id, held_by: 'project_file' as const };
  const [file_id = ''] = await attach(db, to, [stored]);
  await queueSmallPictures(db, organization_id, [{ ...stored, id: file_id }]);
  if (before)
    await db('project_files')
      .where({ organization_id, id: before.id })
      .update({ replaced_at: db.raw('app_now()') });
  const id = newId();
  const { name, size, sha256 } = stored;
  const { folder, audience } = place;
  const version = { id, series: before?.series ?? id, version: (before?.version ?? 0) + 1, file_id, name, side };
  await db('project_files').insert({ organization_id, project_id, size, person_id, folder, audience, ...version });
  return { ...version, folder, audience, sha256 };
}
