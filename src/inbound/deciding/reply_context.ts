import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import type { ReadingContext } from '../reading/message.js';
import { tailOf } from '../reply/endings/known_endings.js';
import type { Thread } from './thread.js';

type Answered = ReadingContext['answered'];

const TAILS = 3;
const EMAILS = 4;
const MAX_HEADER = 32_768;
const MAX_REFERENCES = 8;

/** How each person's earlier messages in a thread ended, newest first; only their beginnings are looked at. */
const ENDINGS = `array(
    select left(trimmed, 20000) from comments c
    where c.organization_id = $1 and c.subject_id = t.subject_id and c.person_id = t.person_id
      and via = 'email' and trimmed <> ''
    order by id desc limit ${TAILS})`;

/** The emails that a message names, of anyone on the subject, and the last ones of its thread. */
const SENT = `(select coalesce(json_agg(json_build_array(e.message_id, e.text)), '[]') from (
    (select message_id, text from emails where organization_id = $1 and subject_id = t.subject_id
      and message_id = any(t.named) and text is not null)
    union all
    (select message_id, text from emails where organization_id = $1 and subject_id = t.subject_id
      and person_id = t.person_id and text is not null order by id desc limit ${EMAILS})) e)`;

const CONTEXTS = `select ${ENDINGS} as trimmed, ${SENT} as sent
  from (
    select s.n, s.subject_id, p.person_id, string_to_array(m.named, ' ') as named
    from unnest($2::uuid[]) with ordinality s (subject_id, n)
    join unnest($3::uuid[]) with ordinality p (person_id, n) on p.n = s.n
    join unnest($4::text[]) with ordinality m (named, n) on m.n = s.n) t
  order by n`;

interface ContextRow {
  trimmed: string[];
  sent: [message_id: string, text: string][];
}

/** A message that is about to be read, with the ids of our emails that it names. */
interface Unread {
  id: string;
  thread: Thread | null;
  named: readonly string[];
}

/**
 * What helps to read messages, by their ids: the email of ours that each answers, which it probably quotes; others of
 * its thread; and how the person's earlier messages ended.
 */
export async function readReplyContexts(
  db: Knex.Transaction,
  messages: readonly Unread[],
): Promise<Map<string, Answered>> {
  const contexts = new Map<string, Answered>();
  for (const [organization_id, group] of byOrganization(messages)) {
    const columns = [group.map(({ thread }) => thread.subject_id), group.map(({ thread }) => thread.person_id)];
    const values = [organization_id, ...columns, group.map(({ named }) => named.join(' '))];
    const rows = await actingAs(db, systemActor(organization_id), () =>
      queryPrepared<ContextRow>(db, CONTEXTS, values),
    );
    for (const [i, { id, named }] of group.entries()) contexts.set(id, contextOf(rows[i], named));
  }
  const others = messages.filter(({ thread, named }) => !thread && named.length > 0);
  if (others.length > 0) await readNamed(db, others, contexts);
  return contexts;
}

/** Some clients answer to From: then only the Message-ID tells which email it was, and shows that it may be read. */
async function readNamed(db: Knex.Transaction, messages: readonly Unread[], contexts: Map<string, Answered>) {
  const ids = [messages.flatMap(({ named }) => named)];
  const [, sent] = await Promise.all([
    queryPrepared(db, `select set_config('app.secrets', $1, true)`, [`{${ids.join(',')}}`]),
    queryPrepared<{ message_id: string; text: string }>(db, NAMED, ids),
  ]);
  const rows = sent.map(({ message_id, text }): [string, string] => [message_id, text]);
  for (const { id, named } of messages) {
    const own = rows.filter(([message_id]) => named.includes(message_id));
    contexts.set(id, contextOf({ trimmed: [], sent: own }, named));
  }
}

const NAMED = `select message_id, text from emails where message_id = any($1::text[]) and text is not null`;

function contextOf(row: ContextRow | undefined, ids: readonly string[]): Answered {
  const sent = new Map(row?.sent ?? []);
  const text = ids.map((id) => sent.get(id)).find((each) => each !== undefined);
  const others = [...new Set(sent.values())].filter((each) => each !== text);
  return { ...(text === undefined ? {} : { text }), others, tails: (row?.trimmed ?? []).map(tailOf) };
}

/** The ids of our emails that a message answers: first In-Reply-To, then the latest references. */
export function ownEmailsIn(raw: Buffer | null, mail_domain: string): string[] {
  const [header = ''] = (raw?.toString('latin1', 0, MAX_HEADER) ?? '').split(/\r?\n\r?\n/, 1);
  return ['in-reply-to', 'references'].flatMap((name) => idsIn(header, name, mail_domain));
}

function idsIn(header: string, name: string, mail_domain: string): string[] {
  const value = new RegExp(`(?:^|\\n)${name}:((?:[^\\n]|\\n[ \\t])*)`, 'i').exec(header)?.[1] ?? '';
  return Array.from(value.matchAll(/<([0-9a-f]{32})@([^<>\s]+)>/gi))
    .filter(([, , domain]) => domain?.toLowerCase() === mail_domain)
    .map(([, id = '']) => id.toLowerCase())
    .slice(-MAX_REFERENCES)
    .toReversed();
}

type Threaded = Unread & { thread: Thread };

function byOrganization(messages: readonly Unread[]): Map<string, Threaded[]> {
  const groups = new Map<string, Threaded[]>();
  for (const { thread, ...message } of messages) {
    if (!thread) continue;
    const group = groups.get(thread.organization_id) ?? [];
    group.push({ ...message, thread });
    groups.set(thread.organization_id, group);
  }
  return groups;
}
