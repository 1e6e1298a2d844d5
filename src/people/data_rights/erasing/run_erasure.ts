import type { Knex } from 'knex';
import { retry, systemActor, withActor } from '../../../db/scope.js';
import { removeUnreferenced } from '../../../files/unreferenced.js';
import type { Storage } from '../../../files/storage.js';
import type { Erasure } from './erasure.js';
import { STEPS } from './erasure_steps.js';
import { finishErasure } from './finish_erasure.js';

/** Replaces and deletes what is left of somebody, a batch at a time. Ended in between, it goes on from the last batch. */
export async function runErasure(
  db: Knex,
  storage: Storage,
  organization_id: string,
  erasure_id: string,
): Promise<void> {
  await removePhotos(db, storage, organization_id, erasure_id);
  while (await eraseBatch(db, organization_id, erasure_id));
}

/** Does the next batch, in one transaction with how far it came. Returns whether there is another. */
export const eraseBatch = (db: Knex, organization_id: string, id: string): Promise<boolean> =>
  retry(() =>
    withActor(db, systemActor(organization_id), async (db) => {
      const erasure = await lockErasure(db, organization_id, id);
      if (!erasure) return false;
      // The only place that sets it: see refuse_change in migrations/042_erasures.sql.
      await db.raw(`select set_config('app.erasing', ?, true)`, [organization_id]);
      const step = STEPS.find(({ name }) => name === erasure.step) ?? STEPS[0];
      const { changed, next } = await step.run(db, erasure);
      const following = next ? step : STEPS[STEPS.indexOf(step) + 1];
      const counts = { ...erasure.counts, [step.table]: (erasure.counts[step.table] ?? 0) + changed };
      const progress = { step: following?.name ?? '', after_key: next ?? [] };
      await db('erasures')
        .where({ organization_id, id })
        .update({ ...progress, counts: JSON.stringify(counts) });
      if (!following) await finishErasure(db, erasure);
      return Boolean(following);
    }),
  );

/** Null once it is done. */
async function lockErasure(db: Knex.Transaction, organization_id: string, id: string): Promise<Erasure | null> {
  const found = await db('erasures').where({ organization_id, id, finished_at: null }).forUpdate().first();
  if (!found) return null;
  const people = await db('people').where({ organization_id, erasure_id: id }).orderBy('id').pluck('id');
  return { ...found, people };
}

async function removePhotos(db: Knex, storage: Storage, organization_id: string, id: string): Promise<void> {
  const found = await withActor(db, systemActor(organization_id), (db) =>
    db('erasures').where({ organization_id, id }).first('photos'),
  );
  for (const sha256 of found?.photos ?? []) await removeUnreferenced(db, storage, String(sha256));
}
