import type { Knex } from 'knex';

/** Every job there is, and what it needs to know. */
export interface Jobs {
  send_email: { organization_id: string; email_id: string };
  read_mail: { delivery_id: string };
  make_pdf: { organization_id: string; document_id: string; version: number; locale: string };
  sandbox_webhook: { body: string };
  remind: Record<string, never>;
}

/**
 * Queues a job inside the caller's transaction: kept if the change is kept. Jobs of one `queue` run one after the other.
 * Tries go on for five days (28 tries, waiting e^n seconds up to 6 hours).
 */
export async function addJob<Name extends keyof Jobs>(
  db: Knex,
  name: Name,
  payload: Jobs[Name],
  { queue = null, run_at = null }: { queue?: string | null; run_at?: Date | null } = {},
): Promise<void> {
  await db.raw('select graphile_worker.add_job(?::text, ?::json, queue_name := ?::text, run_at := ?::timestamptz, max_attempts := 28)', [
    name,
    JSON.stringify(payload),
    queue,
    run_at,
  ]);
}
