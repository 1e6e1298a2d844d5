import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';

/** Made in one transaction: a comment has a few dozen words. */
const BATCH = 200;

/**
 * Makes the words of lines, comments, files and people that were there before the search could find them, batch after
 * batch, each in a transaction with how far it came. Once all are made it asks one short question an organization.
 */
export async function makeOldWords(db: Knex, batch = BATCH): Promise<void> {
  for (const id of await db('organizations').orderBy('id').pluck('id')) {
    const parts: string[] = await withActor(db, systemActor(id), (db) =>
      db('words_to_make').where({ organization_id: id }).orderBy('part').pluck('part'),
    );
    for (const part of parts) while (await makeSome(db, id, part, batch));
  }
}

/** Returns whether there may be more. */
const makeSome = (db: Knex, id: string, part: string, batch: number): Promise<boolean> =>
  withActor(db, systemActor(id), async (db) => {
    const { rows } = await db.raw<{ rows: { more: boolean }[] }>('select make_words(?, ?, ?) as more', [
      id,
      part,
      batch,
    ]);
    return rows[0]?.more ?? false;
  });
