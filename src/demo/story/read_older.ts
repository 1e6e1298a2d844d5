import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';

/** How many things are new to each of the sample people when the demo begins. */
const NEW_THINGS = 3;

const READ_OLDER = `update notifications n set read_at = n.created_at
  from (
    select id, dense_rank() over (partition by person_id order by newest desc, thing) as nth
    from (
      select id, person_id, coalesce(subject_id, id) as thing,
        max(created_at) over (partition by person_id, coalesce(subject_id, id)) as newest
      from notifications where organization_id = ? and read_at is null) unread) ranked
  where n.organization_id = ? and n.id = ranked.id and ranked.nth > ?`;

/** Reads what the sample people know already, as it came: so that the emails about it are still sent. */
export const readOlder = (db: Knex, organization_id: string): Promise<void> =>
  withActor(db, systemActor(organization_id), async (db) => {
    await db.raw(READ_OLDER, [organization_id, organization_id, NEW_THINGS]);
  });
