import type { Job, TaskList } from 'graphile-worker';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import type { Jobs } from '../db/jobs.js';
import { pdfOf, type Printer } from '../documents/queries/document_pdf.js';
import type { Storage } from '../files/storage.js';
import type { ReadingContext } from '../inbound/reading/message.js';
import { deleteOldMail } from '../inbound/receive.js';
import { processDelivery } from '../inbound/process.js';
import type { Lookup } from '../mail/deliverability/dns.js';
import type { MailContext } from '../mail/outbox/transport.js';
import { sendEmail } from '../mail/outbox/send.js';
import { deliverWebhook } from '../payments/sandbox_gateway.js';
import { deleteOldSignIns } from '../people/sessions.js';
import { checkSums } from './check_sums.js';
import { tick } from './tick.js';
import { watchMail } from './watch_mail.js';

/** What jobs work with. `dns` resolves the records that authenticate inbound mail. */
export interface JobContext {
  config: Config;
  db: Database;
  storage: Storage;
  printer: Printer;
  secret: string;
  post: MailContext;
  dns: ReadingContext['dns'];
  /** Resolves the records that our own mail needs. */
  lookup: Lookup;
}

/** What each job does. Any may run twice: the second time changes nothing. */
export function tasks({ db, storage, printer, post, config, secret, dns, lookup }: JobContext): TaskList {
  const jobs: { [Name in keyof Jobs]: (payload: Jobs[Name], last_attempt: boolean) => Promise<void> } = {
    send_email: ({ organization_id, email_id }, last_attempt) =>
      sendEmail(db.knex, post, organization_id, email_id, last_attempt),
    watch_mail: () => watchMail({ db: db.knex, config, secret, lookup }),
    read_mail: ({ delivery_id }) => processDelivery({ db: db.knex, storage, config, secret, dns }, delivery_id),
    make_pdf: async ({ organization_id, document_id, version, locale }) => {
      await pdfOf(db.knex, storage, printer, organization_id, document_id, version, locale);
    },
    seal_pdf: async ({ organization_id, document_id, version }) => {
      await post.signed(organization_id, document_id, version);
    },
    sandbox_webhook: ({ body }) => deliverWebhook(config, secret, body),
    tick: () => tick(db.knex),
    delete_old_sign_ins: () => deleteOldSignIns(db.knex),
    delete_old_mail: async () => {
      await deleteOldMail(db.knex, config.keep_mail_days);
    },
    check_sums: () => checkSums(db.knex),
  };
  return Object.fromEntries(
    Object.entries(jobs).map(([name, work]) => [
      name,
      (payload: unknown, { job }: { job: Job }) =>
        (work as (payload: unknown, last_attempt: boolean) => Promise<void>)(payload, job.attempts >= job.max_attempts),
    ]),
  );
}

/** Hourly: what is due by the time of day of each organization, and mail’s upkeep. Nightly: deletes what is old, checks the sums. */
export const CRONTAB =
  '7 * * * * tick\n37 * * * * watch_mail\n17 3 * * * delete_old_sign_ins\n27 3 * * * delete_old_mail\n37 3 * * * check_sums';
