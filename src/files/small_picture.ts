import type { Knex } from 'knex';
import { addJobs } from '../db/jobs.js';
import { systemActor, withActor } from '../db/scope.js';
import { isPicture, resized, Unreadable } from './picture.js';
import type { Storage, StoredFile } from './storage.js';

/** As wide or high as the largest that a page shows, on a screen with two pixels for one. */
const SIZE = 640;

/** Has smaller copies made of those of these files that are pictures, once the transaction commits. */
export async function queueSmallPictures(
  db: Knex.Transaction,
  organization_id: string,
  files: readonly (Pick<StoredFile, 'content_type'> & { id: string })[],
): Promise<void> {
  const jobs = files
    .filter(({ content_type }) => isPicture(content_type))
    .map(({ id: file_id }) => ({ payload: { organization_id, file_id } }));
  if (jobs.length) await addJobs(db, 'make_small', jobs, { urgency: 'now' });
}

/** Stores the smaller copy of a picture; one that can't be read stays without. Twice, it changes nothing. */
export async function makeSmall(db: Knex, storage: Storage, organization_id: string, file_id: string): Promise<void> {
  const actor = systemActor(organization_id);
  const row = (db: Knex) => db('files').where({ organization_id, id: file_id, small_sha256: null });
  const file: { sha256: string } | undefined = await withActor(db, actor, (db) => row(db).first('sha256'));
  const bytes = file && (await storage.find(file.sha256));
  if (!bytes) return;
  const small = await resized(bytes, { width: SIZE, height: SIZE, fit: 'inside', withoutEnlargement: true }).catch(
    orNone,
  );
  if (!small) return;
  const { sha256: small_sha256 } = await storage.put(small.content, 'small.webp', 'image/webp');
  const { width, height } = small;
  await withActor(db, actor, (db) => row(db).update({ small_sha256, width, height }));
}

function orNone(error: unknown): null {
  if (error instanceof Unreadable) return null;
  throw error;
}
