import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import type { ReadingContext } from '../reading/message.js';
import { tailOf } from '../reply/endings/known_endings.js';
import type { ReplyThread } from './thread.js';

type Answered = ReadingContext['answered'];

const TAILS = 3;

/** How each person's earlier messages in a thread ended, newest first; only their beginnings are looked at. */
const ENDINGS = `
  select array(
    select left(trimmed, 20000) from comments c
    where c.organization_id = $1 and c.subject_id = t.subject_id and c.person_id = t.person_id
      and via = 'email' and trimmed <> ''
    order by id desc limit ${TAILS}) as trimmed
  from unnest($2::uuid[], $3::uuid[]) with ordinality t (subject_id, person_id, n)
  order by n`;

/**
 * What helps to read replies in these threads: the text of our last message in each, which they probably quote, and how
 * the person's earlier messages ended.
 */
export async function readReplyContexts<Key>(
  db: Knex.Transaction,
  threads: ReadonlyMap<Key, ReplyThread>,
): Promise<Map<Key, Answered>> {
  const contexts = new Map<Key, Answered>();
  for (const [organization_id, group] of byOrganization(threads)) {
    const [subjects, people] = [group.map(([, one]) => one.subject_id), group.map(([, one]) => one.person_id)];
    const rows = await actingAs(db, systemActor(organization_id), () =>
      queryPrepared<{ trimmed: string[] }>(db, ENDINGS, [organization_id, subjects, people]),
    );
    for (const [i, [key, { last_text }]] of group.entries())
      contexts.set(key, { ...(last_text ? { text: last_text } : {}), tails: (rows[i]?.trimmed ?? []).map(tailOf) });
  }
  return contexts;
}

function byOrganization<Key>(threads: ReadonlyMap<Key, ReplyThread>): Map<string, [Key, ReplyThread][]> {
  const groups = new Map<string, [Key, ReplyThread][]>();
  for (const entry of threads) {
    const group = groups.get(entry[1].organization_id) ?? [];
    group.push(entry);
    groups.set(entry[1].organization_id, group);
  }
  return groups;
}
