import type { Knex } from 'knex';
import { queryPrepared, systemActor, withActor } from '../db/scope.js';
import type { Delivery } from './read_delivery.js';

/** So many deliveries are taken at a time. */
const BATCH = 16;

/** Larger messages, and those that were tried before, are taken alone: they may harm others in their batch. */
const LIGHT_BYTES = 65_536;

/**
 * A delivery is free if no running job has it, and none that will try it again. While another job has earlier mail to
 * its recipient, it waits: that mail is decided first.
 */
const CLAIM = `
  with free as (
    select d.id, d.message_id, d.created_at,
      d.tries > 0 or coalesce(octet_length(m.raw), 0) > ${LIGHT_BYTES} as alone
    from inbound_deliveries d join inbound_messages m on m.id = d.message_id
    where d.state = 'pending' and d.id <> all($2::uuid[])
      and (d.job_id = $1 or not exists (
        select from graphile_worker.jobs j where j.id = d.job_id and (d.deferred or j.locked_at is not null)))
      and not exists (
        select from inbound_deliveries o join graphile_worker.jobs j on j.id = o.job_id
        where o.recipient = d.recipient and o.state = 'pending' and o.job_id <> $1
          and not o.deferred and j.locked_at is not null)
    order by d.created_at, d.id limit ${BATCH}),
  batch as (
    select id, message_id, row_number() over oldest_first as position, bool_or(alone) over oldest_first as mixed
    from free window oldest_first as (order by created_at, id rows unbounded preceding))
  update inbound_deliveries d set job_id = $1, deferred = false, tries = tries + 1
  from batch join inbound_messages m on m.id = batch.message_id
  where d.id = batch.id and d.state = 'pending' and (position = 1 or not mixed)
  returning d.id, d.recipient, d.tries, m.raw, m.mail_from, m.remote_ip, m.helo, m.source, mixed as alone, position`;

/**
 * Takes the oldest free deliveries for a job, in their order, and counts the try; `failed` ones it leaves alone. Jobs
 * take one after the other, so that each sees what the others have.
 */
export async function claimDeliveries(db: Knex, job_id: string, failed: readonly string[]): Promise<Delivery[]> {
  const batch = await withActor(db, systemActor(null), async (db) => {
    const [, claimed] = await Promise.all([
      // A claim that the database forgets is made again.
      db.raw(`select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(hashtext('inbox'))`),
      queryPrepared<Delivery & { position: number }>(db, CLAIM, [job_id, failed]),
    ]);
    return claimed;
  });
  return batch.toSorted((one, other) => one.position - other.position);
}

/** Leaves a delivery to the next attempt of the job that has it. */
export const deferDelivery = (db: Knex, id: string): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    await db('inbound_deliveries').where({ id, state: 'pending' }).update({ deferred: true });
  });
