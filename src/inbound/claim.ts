import type { Knex } from 'knex';
import { commitLater, queryPrepared, systemActor, withActor } from '../db/scope.js';
import type { Delivery } from './read_delivery.js';

/** So many deliveries are taken at a time. */
const BATCH = 16;

/** Larger messages, and those that were tried before, are taken alone: they may harm others in their batch. */
const LIGHT_BYTES = 65_536;

/**
 * A delivery is taken while the job that has it runs, or will try it again. While mail to its recipient is taken by a
 * running job, later mail to them waits: it is decided afterwards.
 */
const CLAIM = `
  with taken as materialized (
    select d.id, d.recipient, d.deferred
    from inbound_deliveries d
      cross join lateral (select locked_at from graphile_worker.jobs where id = d.job_id limit 1) j
    where d.state = 'pending' and d.job_id is not null and d.job_id <> $1 and (d.deferred or j.locked_at is not null)),
  oldest as materialized (
    select d.id, d.message_id, d.created_at, d.tries from inbound_deliveries d
    where d.state = 'pending' and d.id <> all($2::uuid[]) and d.id not in (select id from taken)
      and ((d.deferred and d.job_id = $1) or d.recipient not in (select recipient from taken where not deferred))
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

/** Leaves a delivery to the next attempt of the job that has it. */
export const deferDelivery = (db: Knex, id: string): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    await db('inbound_deliveries').where({ id, state: 'pending' }).update({ deferred: true });
  });
