import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';

/** As if somebody had written so many messages more than they have: as their first, at the same time. */
export const flood = (portal: Portal, { organization_id }: Harbor, person_id: string, count: number) =>
  portal.look(organization_id, (db) =>
    db.raw(
      `insert into comments (organization_id, id, subject_id, activity_id, person_id, audience, body, created_at)
      select organization_id, gen_random_uuid(), subject_id, activity_id, person_id, audience, 'And more', created_at
      from (select * from comments where person_id = ? order by id limit 1) first, generate_series(1, ?)`,
      [person_id, count],
    ),
  );
