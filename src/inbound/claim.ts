import type { Knex } from 'knex';
import { JOBS_BY_ID } from '../db/jobs.js';
import { commitLater, queryPrepared, systemActor, withActor } from '../db/scope.js';
import type { Delivery } from './read_delivery.js';

/** So many deliveries are taken at a time. */
const BATCH = 16;

/** Larger messages, and those that were tried before, are taken alone: they may harm others in their batch. */
const LIGHT_BYTES = 65_536;

/**
 * A delivery is taken while the job that has it runs, or will try it again. While mail to its recipient is taken by a
 * running job, later mail to them waits: it is decided afterwards. So does what follows mail that is tried again later.
 */
const CLAIM = `
  with taken as materialized (
    select d.id, d.recipient, d.deferred, d.created_at, m.mail_from
    from inbound_deliveries d
      cross join lateral (select locked_at from ${JOBS_BY_ID} where id = d.job_id limit 1) j
      cross join lateral (select mail_from from inbound_messages where id = d.message_id limit 1) m
    where d.state = 'pending' and d.job_id is not null
      and case when d.job_id = $1 then d.id = any($2::uuid[]) else d.deferred or j.locked_at is not null end),
  oldest as materialized (
    select d.id, d.message_id, d.created_at, d.tries
    from inbound_deliveries d
      cross join lateral (select mail_from from inbound_messages where id = d.message_id limit 1) m
    where d.state = 'pending' and d.id <> all($2::uuid[]) and d.id not in (select id from taken)
      and ((d.deferred and d.job_id = $1) or d.recipient not in (select recipient from taken where not deferred))
      and not exists (
        select from taken b where b.deferred and (b.created_at, b.id) < (d.created_at, d.id)
          and ((b.recipient = d.recipient and d.recipient like 'reply+%')
            or (b.mail_from = m.mail_from and m.mail_from <> '')))
    order by d.created_at, d.id limit ${BATCH}),
  batch as (
    select o.id, o.message_id, row_number() over in_order as place,
      bool_or(o.tries > 0 or coalesce(octet_length(m.raw), 0) > ${LIGHT_BYTES}) over in_order as alone
    from oldest o join inbound_messages m on m.id = o.message_id
    window in_order as (order by o.created_at, o.id rows unbounded preceding))
  update inbound_deliveries d set job_id = $1, deferred = false, tries = tries + 1
  from batch b join inbound_messages m on m.id = b.message_id
  where d.id = b.id and d.state = 'pending' and (b.place = 1 or not b.alone)
  returning d.id, d.recipient, d.tries, m.raw, m.mail_from, m.remote_ip, m.helo, m.source, b.alone, b.place`;

/** What this job had when its process died may have to wait now: for a job that will then take it, if it is free. */
const RELEASE = `update inbound_deliveries set job_id = null where state = 'pending' and job_id = $1 and not deferred`;

/** Waits for the claims of other jobs. */
const TURN = `select pg_advisory_xact_lock(hashtext('inbox'))`;

/**
 * Takes the oldest free deliveries for a job, in their order, and counts the try; `failed` ones it leaves alone. Jobs
 * take one after the other, so that each sees what the others have.
 */
export async function claimDeliveries(db: Knex, job_id: string, failed: readonly string[]): Promise<Delivery[]> {
  const batch = await withActor(db, systemActor(null), async (db) => {
    const [, , , claimed] = await Promise.all([
      commitLater(db), // a claim that is forgotten is made again
      queryPrepared(db, TURN, []),
      queryPrepared(db, RELEASE, [job_id]),
      queryPrepared<Delivery & { place: number }>(db, CLAIM, [job_id, failed]),
    ]);
    return claimed;
  });
  return batch.toSorted((one, other) => one.place - other.place);
}

/**
 * Whether a message must wait while an earlier one is tried again later: it belongs to the same conversation, or has the
 * same sender. What CLAIM asks of those that no job has yet.
 */
export const follows = (
  { recipient, mail_from }: Pick<Delivery, 'recipient' | 'mail_from'>,
  earlier: Pick<Delivery, 'recipient' | 'mail_from'>,
): boolean =>
  (recipient === earlier.recipient && recipient.startsWith('reply+')) ||
  (mail_from !== '' && mail_from === earlier.mail_from);

/** Gives a delivery back untried: an earlier one that it follows must be tried again first. */
export const releaseDelivery = (db: Knex, id: string): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    await db('inbound_deliveries')
      .where({ id, state: 'pending' })
      .update({ job_id: null, tries: db.raw('greatest(tries - 1, 0)') });
  });

/** Leaves a delivery to the next attempt of the job that has it. */
export const deferDelivery = (db: Knex, id: string): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    await db('inbound_deliveries').where({ id, state: 'pending' }).update({ deferred: true });
  });
