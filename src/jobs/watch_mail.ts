import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { systemActor, withActor } from '../db/scope.js';
import { checkDns, type DnsCheckContext } from '../mail/deliverability/dns_check.js';
import { deleteOldSlots } from '../mail/outbox/throttle.js';
import { failEmail } from '../mail/outbox/send.js';
import { deleteOldBounces } from '../mail/suppression/suppression.js';

/**
 * What nobody waits for and mail needs: dead jobs come to an end that staff see, what is over is cleared away, DNS is
 * looked at.
 */
export async function watchMail(checking: DnsCheckContext & { config: Config }): Promise<void> {
  const { db, config } = checking;
  await buryDead(db);
  await db.raw(READ_AGAIN);
  await withActor(db, systemActor(null), (db) => deleteOldSlots(db));
  const organizations = await db('organizations').pluck('id');
  for (const id of organizations) await withActor(db, systemActor(id), (db) => deleteOldBounces(db, id));
  if (!config.mailbox) await checkDns(checking);
}

/**
 * A message whose every try was cut off (processes were killed under it, again and again) was never judged: it is
 * read once more, and after that as often as any. What can't be read ends by itself long before its job does.
 */
const READ_AGAIN = `select graphile_worker.reschedule_jobs(array(
  select j.id from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier = 'read_mail' and j.attempts >= j.max_attempts and j.locked_at is null limit 1000), run_at := now(), attempts := 0)`;

interface Dead {
  id: string;
  payload: { organization_id: string; email_id: string };
}

const DEAD = `select j.id, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier = 'send_email' and j.attempts >= j.max_attempts and j.locked_at is null limit 1000`;

/** A job that ended without a word (its process was killed on the last try): its email must not wait for ever. */
async function buryDead(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: Dead[] }>(DEAD);
  for (const { payload } of rows) await failEmail(db, payload.organization_id, payload.email_id, false);
  await db.raw('select graphile_worker.complete_jobs(?::bigint[])', [`{${rows.map(({ id }) => id).join(',')}}`]);
}
