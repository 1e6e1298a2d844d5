import type { Knex } from 'knex';
import { rowOf } from '../../db/planner.js';
import { queryPrepared } from '../../db/scope.js';

/** A comment that is answered or passed on, with the thread that it stands in. */
export interface Answered {
  id: string;
  /** Its author. */
  person_id: string;
  /** The first comment of its thread. */
  root_id: string;
  root_author: string;
  audience: 'shared' | 'staff' | 'partner';
}

// Not `coalesce`: it is looked up by an index only if no function could tell of rows that its reader may not see.
const ANSWERED = `select c.id, c.person_id, c.audience, r.id as root_id, r.person_id as root_author
  from (
    select *, case when thread_id is null then id else thread_id end as root_id
    from comments where organization_id = $1 and id = $3 limit 1) c
  cross join ${rowOf('comments', 'c.root_id')} r
  where c.subject_id = $2`;

/** A comment on a subject; undefined if it has none with this id. For the system. */
export async function answeredComment(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
  comment_id: string,
): Promise<Answered | undefined> {
  const [found] = await queryPrepared<Answered>(db, ANSWERED, [organization_id, id, comment_id]);
  return found;
}

/** Who wrote in a thread or was tagged in it. */
export const threadPeople = (db: Knex.Transaction, organization_id: string, thread_id: string): Promise<string[]> =>
  db('thread_people').where({ organization_id, thread_id }).orderBy('person_id').limit(200).pluck('person_id');

interface Tags {
  organization_id: string;
  subject_id: string;
  comment_id: string;
  thread_id: string;
  people: readonly string[];
  notified_by: string | null;
}

const TAG = `with told as (
    insert into comment_tags (organization_id, comment_id, person_id, notified_by)
    select $1, $2, person, $3 from unnest($4::uuid[]) person on conflict do nothing returning person_id)
  insert into thread_people (organization_id, thread_id, subject_id, person_id, tagged)
    select $1, $5, $6, person_id, true from told
    on conflict (organization_id, thread_id, person_id) do update set tagged = true
    returning person_id`;

/** Notes whom a comment is meant for. Returns those who weren't told of it before. */
export async function tagPeople(db: Knex.Transaction, tags: Tags): Promise<string[]> {
  const { organization_id, comment_id, notified_by, people, thread_id, subject_id } = tags;
  if (!people.length) return [];
  const values = [organization_id, comment_id, notified_by, people, thread_id, subject_id];
  return (await queryPrepared<{ person_id: string }>(db, TAG, values)).map(({ person_id }) => person_id);
}
