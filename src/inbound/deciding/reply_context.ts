import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import { renderEvent } from '../../mail/messages/compose.js';
import { readEventEmail } from '../../mail/messages/event_email.js';
import type { ReadingContext } from '../reading/message.js';
import { tailOf } from '../reply/endings/known_endings.js';
import type { Thread } from './thread.js';

type Answered = ReadingContext['answered'];

const TAILS = 3;

/** By the number of its thread: our last message there, and how this person's earlier messages ended, newest first. */
const CONTEXTS = `
  select last.id as email_id, last.text, tails.trimmed
  from unnest($2::uuid[], $3::uuid[]) with ordinality t (subject_id, person_id, n)
  left join lateral (
    select id, text from emails e
    where e.organization_id = $1 and e.subject_id = t.subject_id and e.person_id = t.person_id
      and kind = 'event' and accepted_at is not null
    order by id desc limit 1) last on true
  cross join lateral (
    select array(
      select left(trimmed, 20000) from comments c
      where c.organization_id = $1 and c.subject_id = t.subject_id and c.person_id = t.person_id
        and via = 'email' and trimmed <> ''
      order by id desc limit ${TAILS}) as trimmed) tails
  order by n`;

interface ContextRow {
  email_id: string | null;
  text: string | null;
  trimmed: string[];
}

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
      const values = [organization_id, group.map((one) => one.subject_id), group.map((one) => one.person_id)];
      const rows = await queryPrepared<ContextRow>(db, CONTEXTS, values);
      for (const [i, thread] of group.entries()) {
        const row = rows[i];
        if (row) contexts.set(thread, { ...(await textOf(db, organization_id, row)), tails: row.trimmed.map(tailOf) });
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

/** An email that was sent before its text was kept is written again. */
async function textOf(db: Knex.Transaction, organization_id: string, { email_id, text }: ContextRow) {
  if (text !== null) return { text };
  const email = email_id && (await readEventEmail(db, organization_id, email_id));
  return email ? { text: renderEvent(email, '').text } : {};
}
