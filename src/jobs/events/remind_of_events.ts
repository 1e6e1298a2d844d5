import type { Knex } from 'knex';
import { act } from '../../act.js';
import { systemActor, withActor } from '../../db/scope.js';

/** So many of an organization in one go: the rest waits for the next. */
const MOST = 200;
/** What began longer ago is not reminded of. */
const LATE = `interval '1 hour'`;

/** Reminds everybody who takes part of events, a day before: each time once. `now` is for tests. */
export async function remindOfEvents(db: Knex, now = new Date()): Promise<void> {
  for (const organization_id of await db('organizations').pluck<string[]>('id'))
    await remindIn(db, organization_id, now);
}

async function remindIn(db: Knex, organization_id: string, now: Date): Promise<void> {
  const system = systemActor(organization_id, null, now);
  const due: { event_id: string; original_on: string }[] = await withActor(db, system, (db) =>
    db('event_occurrences')
      .where({ organization_id })
      .where('remind_at', '<=', now)
      .orderBy('remind_at')
      .limit(MOST)
      .select('event_id', 'original_on'),
  );
  for (const { event_id, original_on } of due)
    await withActor(db, system, async (db) => {
      // Whoever sets it to nothing reminds, in the same transaction.
      const [taken] = await db('event_occurrences')
        .where({ organization_id, event_id, original_on })
        .whereNotNull('remind_at')
        .update({ remind_at: null })
        .returning<{ news: boolean }[]>(db.raw(`begins_at > app_now() - ${LATE} as news`));
      const planned = await db('events').where({ organization_id, id: event_id, state: 'planned' }).first('id');
      if (taken?.news && planned) await act(db, system, event_id, 'remind_event', { on: original_on });
    });
}
