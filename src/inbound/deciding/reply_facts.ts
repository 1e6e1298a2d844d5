import type { Knex } from 'knex';
import { type PersonRow, queryPrepared } from '../../db/scope.js';
import type { ReadMail } from '../reading/message.js';
import type { Sender } from '../reading/sender/from_header.js';
import { summary } from './decision.js';
import type { Thread } from './thread.js';

/** What a decision about a reply depends on. */
export interface ReplyFacts {
  /** The person whose thread it is. */
  person: PersonRow & { removed_at: string | null; pending: boolean };
  /** Whether staff have confirmed that the sender's address is theirs. */
  confirmed: boolean;
  /** Whether the organization holds what nothing proves, instead of posting it as unverified. */
  hold_unproven: boolean;
  /** The organization's language. */
  locale: string;
  /** How often mail went both ways within the hour; counted up to `MAX_ROUNDS`. */
  rounds: number;
  /** The beginnings of messages with the same Message-ID that were posted to the thread. */
  posted: string[];
}

/** Exchanges with one person about one subject within an hour that count as a mail loop. */
export const MAX_ROUNDS = 10;

// Each round takes an email of ours and a reply, so that a burst of messages alone isn't a loop.
const FACTS = `
  select (select row_to_json(p) from people p where organization_id = $1 and id = $3) as person,
  exists (select from person_addresses where organization_id = $1 and person_id = $3 and email = $4) as confirmed,
  (select hold_unproven from organizations where id = $1) as hold_unproven,
  (select locale from organizations where id = $1) as locale,
  least(
    (select count(*) from (
      select from emails where organization_id = $1 and subject_id = $2
        and person_id = $3 and accepted_at > now() - interval '1 hour'
      order by id desc limit ${MAX_ROUNDS}) sent),
    (select count(*) from (
      select from (
        select subject_id, via from comments
        where organization_id = $1 and person_id = $3 and created_at > now() - interval '1 hour'
        order by created_at desc limit 500) theirs
      where subject_id = $2 and via = 'email'
      limit ${MAX_ROUNDS}) received))::int as rounds,
  array(
    select preview from inbound_deliveries d
      join comments c on c.organization_id = d.organization_id and c.id = d.comment_id
    where d.organization_id = $1 and d.subject_id = $2 and d.person_id = $3
      and message_header_id = $6 and c.audience = $5
    limit 20) as posted`;

/** For the system actor. Messages with the same Message-ID wait for one another. */
export async function readReplyFacts(
  db: Knex.Transaction,
  { organization_id, subject_id, person_id, audience }: Thread,
  mail: ReadMail,
  { address }: Sender,
): Promise<ReplyFacts> {
  const { message_header_id } = summary(mail);
  const values = [organization_id, subject_id, person_id, address, audience, message_header_id];
  const [, [facts]] = await Promise.all([
    queryPrepared(db, 'select pg_advisory_xact_lock(hashtext($1))', [message_header_id]),
    queryPrepared<ReplyFacts>(db, FACTS, values),
  ]);
  if (!facts) throw new Error('A query without rows');
  return facts;
}
