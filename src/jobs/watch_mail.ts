import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { systemActor, withActor } from '../db/scope.js';
import { checkDns, type DnsCheckContext } from '../mail/deliverability/dns_check.js';
import { deleteOldSlots } from '../mail/outbox/throttle.js';
import { failEmail } from '../mail/outbox/send.js';
import { deleteOldBounces } from '../mail/suppression/suppression.js';
import { completeJobs, forgetEndedJobs, restartUsedUpJobs, usedUpJobs } from './queue/worker_tables.js';

/** Mail's upkeep: ends or restarts jobs that were killed on every attempt, deletes what is old, checks our DNS. */
export async function watchMail(context: DnsCheckContext & { config: Config }): Promise<void> {
  const { db, config } = context;
  await failUnsentEmails(db);
  // Killed on each attempt, never refused: what can't be read is refused long before its job has no attempts left.
  await restartUsedUpJobs(db, 'read_mail');
  await withActor(db, systemActor(null), (db) => deleteOldSlots(db));
  const organizations = await db('organizations').pluck('id');
  for (const id of organizations)
    await withActor(db, systemActor(id), async (db) => {
      await deleteOldBounces(db, id);
      await forgetEndedJobs(db, id);
    });
  if (!config.mailbox) await checkDns(context);
}

/** Emails whose process was killed on the last attempt: staff must see that they failed. */
async function failUnsentEmails(db: Knex): Promise<void> {
  const jobs = [...(await usedUpJobs(db, 'send_email')), ...(await usedUpJobs(db, 'send_awaited_email'))];
  for (const { payload } of jobs) await failEmail(db, payload.organization_id, payload.email_id, false);
  await completeJobs(
    db,
    jobs.map(({ id }) => id),
  );
}
