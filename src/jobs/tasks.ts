import type { TaskList } from 'graphile-worker';
import type { Jobs } from '../db/jobs.js';
import { pdfOf } from '../documents/pdf.js';
import { readDelivery } from '../inbound/route.js';
import { sendEmail } from '../mail/send.js';
import type { House } from '../start/house.js';
import { remindAll } from './clock.js';
import { deliverWebhook } from './sandbox_webhook.js';

/** Every job and what it does. Each may run twice: what it does the second time changes nothing. */
export function tasks({ db, storage, printer, post, config, secret, dns }: House): TaskList {
  const jobs: { [Name in keyof Jobs]: (payload: Jobs[Name]) => Promise<void> } = {
    send_email: ({ organization_id, email_id }) => sendEmail(db.knex, post, organization_id, email_id),
    read_mail: ({ delivery_id }) => readDelivery({ db: db.knex, storage, config, dns }, delivery_id),
    make_pdf: async ({ organization_id, document_id, version, locale }) => {
      await pdfOf(db.knex, storage, printer, organization_id, document_id, version, locale);
    },
    sandbox_webhook: ({ body }) => deliverWebhook(config, secret, body),
    remind: () => remindAll(db.knex),
  };
  return Object.fromEntries(
    Object.entries(jobs).map(([name, work]) => [name, (payload: unknown) => (work as (payload: unknown) => Promise<void>)(payload)]),
  );
}

/** Every hour it is looked whose morning it is. */
export const CRONTAB = '7 * * * * remind';
