import type { Knex } from 'knex';
import { causeId } from '../telemetry/cause.js';
import { send } from './writing/transaction.js';

/** Every job, with its payload. */
export interface Jobs {
  /** Emails of one `thread` are sent one after the other. */
  send_email: { organization_id: string; email_id: string; thread?: string };
  /** An email that a person waits for, such as a sign-in code: it waits behind no others. */
  send_awaited_email: { organization_id: string; email_id: string };
  read_mail: Record<string, never>;
  make_small: { organization_id: string; file_id: string };
  make_pdf: { organization_id: string; document_id: string; version: number; locale: string };
  sandbox_webhook: { body: string };
  /** What a gateway told us itself: see payments/gateways/gateway.ts. */
  gateway_event: { event: object };
  reconcile_gateways: Record<string, never>;
  charge_stored: { organization_id: string; payment_id: string };
  refund_payment: { organization_id: string; refund_id: string };
  forget_method: { organization_id: string; method_id: string };
  send_webhook: { organization_id: string; webhook_id: string; message_id: string; attempt: number };
  /** What a webhook was sent is sent again: after this id, of those in these states. */
  replay_webhook: { organization_id: string; webhook_id: string; after: string; states: string[] };
  delete_old_deliveries: Record<string, never>;
  seal_pdf: { organization_id: string; document_id: string; version: number };
  watch_mail: Record<string, never>;
  tick: Record<string, never>;
  run_subscriptions: Record<string, never>;
  run_charges: Record<string, never>;
  end_absences: Record<string, never>;
  delete_old_sign_ins: Record<string, never>;
  delete_old_forms: Record<string, never>;
  delete_old_mail: Record<string, never>;
  check_sums: Record<string, never>;
  remind_of_expiry: Record<string, never>;
  tell_late_tasks: Record<string, never>;
  remind_of_events: Record<string, never>;
  monthly_statements: Record<string, never>;
  erase_person: { organization_id: string; erasure_id: string };
  forget_addresses: Record<string, never>;
  make_old_words: Record<string, never>;
  work_import: { organization_id: string; import_id: string };
  delete_old_imports: Record<string, never>;
}

/** `now`: a person is waiting (a code, a comment); `later`: a PDF that would be made on demand anyway. */
const PRIORITY = { now: -10, soon: 0, later: 10 } as const;

interface JobOptions {
  urgency?: keyof typeof PRIORITY;
}

/** What a job's payload carries besides: the request that queued it, for the log. */
interface QueuedBy {
  request_id?: string;
}

/** SQL: the jobs as they are stored, by their key. The view of them has several plans. A private table. */
export const JOBS_BY_ID = 'graphile_worker._private_jobs';

const ADD_JOBS = `select from graphile_worker.add_jobs(array(
  select (?, payload, null, run_at, 28, null, ?, null)::graphile_worker.job_spec
  from json_to_recordset(?) as job (payload json, run_at timestamptz)))`;

/** Queues a job, in the caller's transaction. Retried for five days: 28 attempts, e^n seconds apart up to 6 hours. */
export const addJob = <Name extends keyof Jobs>(
  db: Knex,
  name: Name,
  payload: Jobs[Name],
  { run_at = null, ...options }: JobOptions & { run_at?: Date | null } = {},
): Promise<void> => addJobs(db, name, [{ payload, run_at }], options);

/** Queues several jobs, in one statement. */
export async function addJobs<Name extends keyof Jobs>(
  db: Knex,
  name: Name,
  jobs: { payload: Jobs[Name]; run_at?: Date | null }[],
  { urgency = 'soon' }: JobOptions = {},
): Promise<void> {
  const request_id = causeId();
  const queued_by: QueuedBy = request_id === null ? {} : { request_id };
  const specs = jobs.map(({ payload, ...job }) => ({ ...job, payload: { ...payload, ...queued_by } }));
  await send(db, db.raw(ADD_JOBS, [name, PRIORITY[urgency], JSON.stringify(specs)]));
}

/** Puts everything queued so far behind new jobs; what was put back further stays there. */
export async function deprioritizeQueued(db: Knex, by: number): Promise<void> {
  const priority = PRIORITY.later + by;
  const queued = 'array(select id from graphile_worker.jobs where priority < ?)';
  await db.raw(`select graphile_worker.reschedule_jobs(${queued}, priority := ?)`, [priority, priority]);
}
