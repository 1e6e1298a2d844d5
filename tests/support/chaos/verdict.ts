import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../src/db/scope.js';

/** What there is in the end, by the mark of each message. */
export interface Verdict {
  acknowledged: number;
  /** Acknowledged, and not kept. Must be 0, as all that follow but the last two. */
  lost: number;
  /** Kept more than once. */
  kept_twice: number;
  /** Not exactly one comment. */
  not_one_comment: number;
  /** Comments in another order than they came, in one thread. */
  out_of_order: number;
  emails: number;
  /** Emails of an event that never came to the reader's server. */
  never_arrived: number;
  /** Emails of one event to one reader with different Message-IDs. */
  doubled: number;
  /** Messages that were being read or decided when their process died. */
  cut_off: number;
  /** Came twice, with the same Message-ID: killed after "250", before it was noted. */
  came_again: number;
}

export interface Arrival {
  recipient: string;
  message_id: string;
}

/**
 * Compares what was acknowledged with what was kept, said and sent. `marks` are in the order in which they were
 * acknowledged, by thread.
 */
export async function judge(
  db: Knex,
  organization_id: string,
  marks: string[][],
  arrivals: readonly Arrival[],
): Promise<Verdict> {
  const all = marks.flat();
  const kept = counted(
    (await read(db, null, (db) => db('inbound_messages').select('raw'))).map(({ raw }) => markIn(String(raw))),
  );
  const again = await read(db, null, (db) => db('inbound_deliveries').where('tries', '>', 1).select('id'));
  const comments = await read(db, organization_id, (db) =>
    db('comments').where({ organization_id }).orderBy('id').select('body', 'subject_id'),
  );
  const said = comments.map(({ body }) => markIn(String(body)));
  const emails = await read(db, organization_id, (db) =>
    db('emails').where({ organization_id, kind: 'event' }).select('message_id', 'to_address', 'activity_id'),
  );
  const came = counted(arrivals.map(({ message_id }) => message_id.replace(/^<|@.*$/g, '')));
  const events = new Set(emails.map((email) => `${email.activity_id} ${email.to_address}`));
  const [times, told] = [counted(said), new Map(said.map((mark, i) => [mark, i]))];
  return {
    acknowledged: all.length,
    lost: all.filter((mark) => !kept.has(mark)).length,
    kept_twice: [...kept.values()].filter((times) => times > 1).length,
    not_one_comment: all.filter((mark) => times.get(mark) !== 1).length,
    out_of_order: marks.flatMap((thread) =>
      thread.filter((mark, i) => i > 0 && (told.get(mark) ?? 0) < (told.get(thread[i - 1] ?? '') ?? 0)),
    ).length,
    emails: emails.length,
    never_arrived: emails.filter((email) => !came.has(email.message_id)).length,
    doubled:
      emails.length -
      events.size +
      [...came.keys()].filter((id) => !emails.some((email) => email.message_id === id)).length,
    cut_off: again.length,
    came_again: arrivals.length - came.size,
  };
}

/** The mark of a message, wherever it stands in it. */
export const markIn = (text: string) => /mark-\d+-\d+/.exec(text)?.[0] ?? '';

const read = <T>(db: Knex, organization_id: string | null, work: Parameters<typeof withActor<T>>[2]) =>
  withActor(db, systemActor(organization_id), work);

function counted(words: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return times;
}
