import type { Knex } from 'knex';
import { type Actor, queryPrepared } from '../db/scope.js';
import { Invalid } from '../errors.js';
import { formatFor } from '../pages/format.js';

/**
 * How many messages one person may write in so many minutes, here and by email: each is emailed to others. A guest is
 * perhaps a stranger.
 */
const LIMITS = { guest: { most: 30, minutes: 60 }, known: { most: 60, minutes: 10 } };

const limitOf = ({ guest }: Actor) => (guest ? LIMITS.guest : LIMITS.known);

/** What somebody wrote within their limit's minutes: how many messages, counted up to `most`; since when. */
export interface Written {
  count: number;
  since: Date | null;
}

const WRITTEN = `select count(*)::int as count, min(created_at) as since from (
  select created_at from comments
  where organization_id = $1 and person_id = $2 and created_at > now() - make_interval(mins => $3)
  order by created_at desc limit $4) newest`;

/** For the system actor, who sees all of it. */
export async function readWritten(db: Knex.Transaction, actor: Actor): Promise<Written> {
  const { most, minutes } = limitOf(actor);
  const values = [actor.organization_id, actor.person_id, minutes, most];
  const [written] = await queryPrepared<Written>(db, WRITTEN, values);
  return written ?? { count: 0, since: null };
}

/** @throws TooManyMessages, if they must wait: nobody else must */
export function refuseFlood(actor: Actor, { count, since }: Written): void {
  const { most, minutes } = limitOf(actor);
  if (!since || count < most) return;
  const when = formatFor(actor).dateTime(new Date(since.getTime() + minutes * 60_000));
  throw new TooManyMessages(
    { text: 'You’ve written {{count}} messages in {{minutes}} minutes. Your text is kept. Try again {{when}}.' },
    { count, minutes, when },
  );
}

export class TooManyMessages extends Invalid {}
