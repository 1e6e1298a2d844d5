import type { Knex } from 'knex';

/** Every job there is, and what it needs to know. */
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
}

/** `now`: a person waits for it (a code, what they just wrote); `later`: a PDF that is made when needed anyway. */
const PRIORITY = { now: -10, soon: 0, later: 10 } as const;

interface When {
  /** Jobs of one queue run one after the other. */
  queue?: string | null;
  run_at?: Date | null;
  urgency?: keyof typeof PRIORITY;
}

/**
 * Queues a job inside the caller's transaction: kept if the change is kept.
 * Tries go on for five days (28 tries, waiting e^n seconds up to 6 hours).
 */
export async function addJob<Name extends keyof Jobs>(
  db: Knex,
  name: Name,
  payload: Jobs[Name],
  when: When = {},
): Promise<void> {
  const { queue = null, run_at = null, urgency = 'soon' } = when;
  const call =
    'graphile_worker.add_job(?::text, ?::json, queue_name := ?::text, run_at := ?::timestamptz, max_attempts := 28, priority := ?)';
  await db.raw(`select ${call}`, [name, JSON.stringify(payload), queue, run_at, PRIORITY[urgency]]);
}

/** Lets everything that is queued so far wait for what comes now; what was put off by more waits longer. */
export async function deprioritizeQueued(db: Knex, by: number): Promise<void> {
  const priority = PRIORITY.later + by;
  const queued = 'array(select id from graphile_worker.jobs where priority < ?)';
  await db.raw(`select graphile_worker.reschedule_jobs(${queued}, priority := ?)`, [priority, priority]);
}
