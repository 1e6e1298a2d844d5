import type { Knex } from 'knex';
import type { EmailedAnswer } from '../../conversation/comments.js';
import { queryPrepared } from '../../db/scope.js';
import { oneLine } from '../../input/valid_input.js';

// The one that it names first. Of an email without such a name, but with "Re:", the last one that they got.
const TOLD = `select a.details ->> 'comment' as comment_id, a.details ->> 'log' as log_id, a.person_id as author, a.visible_to
  from (
    (select e.activity_id, array_position($4::text[], e.message_id) as place, e.id from emails e
      where e.organization_id = $1 and e.subject_id = $2 and e.message_id = any ($4::text[]) limit 50)
    union all
    (select e.activity_id, 1000, e.id from emails e
      where $5 and e.organization_id = $1 and e.subject_id = $2 and e.person_id = $3 order by e.id desc limit 1)) e
  cross join lateral (
    select * from activities where organization_id = $1 and id = e.activity_id limit 1) a
  order by e.place, e.id desc limit 1`;

/** What an email answers: a comment, or else at least something that somebody did. */
export interface Told {
  comment_id: string | null;
  /** A day of the log. */
  log_id: string | null;
  author: string | null;
  visible_to: 'both' | 'staff' | 'partner';
}

const ANSWERS = /^\s*(?:re|aw|antw|sv|vs|odp|r|tr)\s*(?:\[\d+\])?\s*:/iu;
const PREFIXES = /^\s*(?:(?:re|aw|antw|sv|vs|odp|r|tr|fwd?|wg)\s*(?:\[\d+\])?\s*:|\[[^\]]{0,100}\])\s*/iu;

/** The email of ours that a message by this person answers. For the system. */
export async function toldBefore(
  db: Knex.Transaction,
  subject: { organization_id: string; id: string },
  person_id: string | null,
  { emails, subject: line }: EmailedAnswer,
): Promise<Told | undefined> {
  const values = [subject.organization_id, subject.id, person_id, [...emails], ANSWERS.test(line)];
  const [told] = await queryPrepared<Told>(db, TOLD, values);
  return told;
}

/** The thread that answers the email of a day of the log, for this audience, if there is one. For the system. */
export async function threadOfLog(
  db: Knex.Transaction,
  { organization_id, id: subject_id }: { organization_id: string; id: string },
  log_id: string,
  audience: string,
): Promise<string | undefined> {
  const [found]: string[] = await db('comments')
    .where({ organization_id, subject_id, log_id, audience, thread_id: null })
    .orderBy('id')
    .limit(1)
    .pluck('id');
  return found;
}

/** What a thread is called that an email begins: its subject, without what mail programs put before it. */
export function titleOf(line: string): string {
  let title = oneLine(line);
  for (let before = ''; before !== title;) {
    before = title;
    title = title.replace(PREFIXES, '');
  }
  return title.slice(0, 200).trim();
}
