import type { Knex } from 'knex';

/** Every job, with its payload. */
export interface Jobs {
  send_email: { organization_id: string; email_id: string };
  read_mail: { delivery_id: string };
  make_pdf: { organization_id: string; document_id: string; version: number; locale: string };
  sandbox_webhook: { body: string };
  seal_pdf: { organization_id: string; document_id: string; version: number };
  watch_mail: Record<string, never>;
  tick: Record<string, never>;
  delete_old_sign_ins: Record<string, never>;
  delete_old_mail: Record<string, never>;
  check_sums: Record<string, never>;
}

/** `now`: a person is waiting (a code, a comment); `later`: a PDF that would be made on demand anyway. */
const PRIORITY = { now: -10, soon: 0, later: 10 } as const;

interface JobOptions {
  /** Jobs of one queue run one after the other. */
  queue?: string | null;
  run_at?: Date | null;
  urgency?: keyof typeof PRIORITY;
}

/** Queues a job, in the caller's transaction. Retried for five days: 28 attempts, e^n seconds apart up to 6 hours. */
export async function addJob<Name extends keyof Jobs>(
  db: Knex,
  name: Name,
  payload: Jobs[Name],
  options: JobOptions = {},
): Promise<void> {
  const { queue = null, run_at = null, urgency = 'soon' } = options;
  await db.raw(
    `select graphile_worker.add_job(
      ?::text, ?::json, queue_name := ?::text, run_at := ?::timestamptz, max_attempts := 28, priority := ?)`,
    [name, JSON.stringify(payload), queue, run_at, PRIORITY[urgency]],
  );
}

/** Puts everything queued so far behind new jobs; what was put back further stays there. */
export async function deprioritizeQueued(db: Knex, by: number): Promise<void> {
  const priority = PRIORITY.later + by;
  const queued = 'array(select id from graphile_worker.jobs where priority < ?)';
  await db.raw(`select graphile_worker.reschedule_jobs(${queued}, priority := ?)`, [priority, priority]);
}
