import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import type { ReadingContext } from '../reading/message.js';
import { tailOf } from '../reply/endings/known_endings.js';
import type { Thread } from './thread.js';

type Answered = ReadingContext['answered'];

const TAILS = 3;

/** The text of our last message in each thread, and how its person's earlier messages ended, newest first. */
const CONTEXTS = `
  select k.last_text as text, tails.trimmed
  from unnest($2::uuid[], $3::uuid[], $4::text[]) with ordinality t (subject_id, person_id, audience, n)
  left join reply_keys k on k.organization_id = $1 and k.subject_id = t.subject_id and k.person_id = t.person_id
    and k.audience = t.audience
  cross join lateral (
    select array(
      select left(trimmed, 20000) from comments c
      where c.organization_id = $1 and c.subject_id = t.subject_id and c.person_id = t.person_id
        and via = 'email' and trimmed <> ''
      order by id desc limit ${TAILS}) as trimmed) tails
  order by n`;

/**
 * What helps to read replies in these threads: the text of our last message in each, which they probably quote, and how
 * the person's earlier messages ended.
 */
export async function readReplyContexts(
  db: Knex.Transaction,
  threads: Iterable<Thread>,
): Promise<Map<Thread, Answered>> {
  const contexts = new Map<Thread, Answered>();
  for (const [organization_id, group] of byOrganization(threads))
    await actingAs(db, systemActor(organization_id), async () => {
      const column = (name: 'subject_id' | 'person_id' | 'audience') => group.map((one) => one[name]);
      const values = [organization_id, column('subject_id'), column('person_id'), column('audience')];
      const rows = await queryPrepared<{ text: string | null; trimmed: string[] }>(db, CONTEXTS, values);
      for (const [i, thread] of group.entries()) {
        const row = rows[i];
        if (row) contexts.set(thread, { ...(row.text ? { text: row.text } : {}), tails: row.trimmed.map(tailOf) });
      }
    });
  return contexts;
}

function byOrganization(threads: Iterable<Thread>): Map<string, Thread[]> {
  const groups = new Map<string, Thread[]>();
  for (const thread of threads)
    groups.set(thread.organization_id, [...(groups.get(thread.organization_id) ?? []), thread]);
  return groups;
}
