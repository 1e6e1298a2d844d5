import type { Knex } from 'knex';
import type { Job, TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import { deleteOldForms } from '../acting/sent_forms.js';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { addJob, type Jobs } from '../db/jobs.js';
import { pdfOf, type Printer } from '../documents/queries/document_pdf.js';
import { makeSmall } from '../files/small_picture.js';
import type { Storage } from '../files/storage.js';
import type { ReadingContext } from '../inbound/reading/message.js';
import { deleteOldMail } from '../inbound/receive.js';
import { readInbox } from '../inbound/inbox.js';
import { deleteOldImports, workImport } from '../imports/work_import.js';
import type { Lookup } from '../mail/deliverability/dns.js';
import type { MailContext } from '../mail/outbox/transport.js';
import { openOutbox } from '../mail/outbox/send.js';
import { Unprintable } from '../pdf/print_failures.js';
import { forgetAddresses } from '../people/data_rights/erasing/finish_erasure.js';
import { runErasure } from '../people/data_rights/erasing/run_erasure.js';
import { endAbsences } from '../people/members/absences.js';
import { deleteOldSignIns } from '../people/sessions.js';
import { sendMonthlyStatements } from './accounts/monthly_statements.js';
import { checkSums } from './check_sums.js';
import { remindOfEvents } from './events/remind_of_events.js';
import { remindOfExpiry } from './file_expiry.js';
import { makeOldWords } from './search/make_old_words.js';
import { runSubscriptions } from './subscriptions/run_subscriptions.js';
import { runCharges } from './charging/run_charges.js';
import { gatewayTasks } from './gateways/gateway_tasks.js';
import { tellLateTasks } from './projects/tell_late_tasks.js';
import { knownJobs } from './queue/known_jobs.js';
import { throwAll, tickOnce } from './tick.js';
import { watchMail } from './watch_mail.js';
import { webhookTasks } from './webhooks/webhook_tasks.js';

/** What jobs work with. `dns` resolves the records that authenticate inbound mail. */
export interface JobContext {
  config: Config;
  log: Logger;
  db: Database;
  storage: Storage;
  printer: Printer;
  secret: string;
  post: MailContext;
  dns: ReadingContext['dns'];
  /** Resolves the records that our own mail needs. */
  lookup: Lookup;
}

type Task<Payload> = (payload: Payload, last_attempt: boolean, job_id: string) => Promise<void>;

/** What each job does. Any may run twice: the second time changes nothing. */
export function tasks({ db, storage, printer, post, config, secret, dns, lookup, log }: JobContext): TaskList {
  const jobs: { [Name in keyof Jobs]: Task<Jobs[Name]> } = {
    send_email: openOutbox(db.knex, post),
    send_awaited_email: openOutbox(db.knex, post),
    watch_mail: () => watchMail({ db: db.knex, config, secret, lookup }),
    read_mail: (_payload, _last, job_id) => readInbox({ db: db.knex, storage, config, secret, dns }, job_id),
    make_small: ({ organization_id, file_id }) => makeSmall(db.knex, storage, organization_id, file_id),
    make_pdf: async ({ organization_id, document_id, version, locale }) => {
      await unlessUnprintable(pdfOf(db.knex, storage, printer, organization_id, document_id, version, locale));
    },
    seal_pdf: async ({ organization_id, document_id, version }) => {
      await unlessUnprintable(post.signed(organization_id, document_id, version));
    },
    ...gatewayTasks(db.knex, config, secret),
    tick: async () => {
      const errors: unknown[] = [];
      // What is left is another job, behind those that people wait for.
      if (await tickOnce(db.knex, errors)) await addJob(db.knex, 'tick', {}, { urgency: 'later' });
      throwAll(errors);
    },
    run_subscriptions: () => runSubscriptions(db.knex),
    delete_old_sign_ins: () => deleteOldSignIns(db.knex),
    delete_old_forms: () => deleteOldForms(db.knex),
    delete_old_mail: async () => {
      await deleteOldMail(db.knex, config.keep_mail_days);
    },
    check_sums: () => checkSums(db.knex),
    monthly_statements: () => sendMonthlyStatements(db.knex),
    ...ofAll(db.knex),
    work_import: ({ organization_id, import_id }) => workImport(db.knex, storage, { organization_id, import_id }),
    ...webhookTasks(db.knex, config, secret),
    erase_person: ({ organization_id, erasure_id }) => runErasure(db.knex, storage, organization_id, erasure_id),
    forget_addresses: () => forgetAddresses(db.knex),
  };
  return knownJobs(db.knex, log, taskList(jobs));
}

/** What is looked for in all organizations: what is charged or told because its day has come, words that were never made. */
const ofAll = (knex: Knex) => ({
  run_charges: () => runCharges(knex),
  end_absences: () => endAbsences(knex),
  delete_old_imports: () => deleteOldImports(knex),
  make_old_words: () => makeOldWords(knex),
  remind_of_expiry: () => remindOfExpiry(knex),
  tell_late_tasks: () => tellLateTasks(knex),
  remind_of_events: () => remindOfEvents(knex),
});

const taskList = (jobs: object): TaskList =>
  Object.fromEntries(
    Object.entries(jobs).map(([name, work]) => [
      name,
      (payload: unknown, { job }: { job: Job }) =>
        (work as Task<unknown>)(payload, job.attempts >= job.max_attempts, job.id),
    ]),
  );

/** What can't be printed is not tried again. */
async function unlessUnprintable(printing: Promise<unknown>): Promise<void> {
  await printing.catch((error: unknown) => {
    if (!(error instanceof Unprintable)) throw error;
  });
}

/**
 * Hourly and more often: what is due, words of what was there before an update, mail’s upkeep, who is back, and who is forgotten. Nightly: deletes what is old, checks the sums,
 * and compares payments with the gateway’s.
 */
export const CRONTAB = [
  '7 * * * * tick',
  '9 * * * * run_subscriptions',
  '10 * * * * run_charges',
  '12 * * * * remind_of_expiry',
  '14 * * * * tell_late_tasks',
  '*/15 * * * * remind_of_events',
  '22 * * * * monthly_statements',
  '37 * * * * watch_mail',
  '2 * * * * end_absences',
  '42 * * * * forget_addresses',
  '*/10 * * * * make_old_words',
  '17 3 * * * delete_old_sign_ins',
  '22 3 * * * delete_old_forms',
  '27 3 * * * delete_old_mail',
  '32 3 * * * delete_old_deliveries',
  '34 3 * * * delete_old_imports',
  '37 3 * * * check_sums',
  '52 3 * * * reconcile_gateways',
].join('\n');
