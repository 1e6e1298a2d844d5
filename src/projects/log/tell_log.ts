import type { Knex } from 'knex';
import type { Act, FollowUpAct, Outcome } from '../../acting/context.js';

type Project = Pick<Act['subject'], 'organization_id' | 'id'>;

const FIRST_TOLD = `update project_logs l set customer_told_at = app_now() from subjects s
  where l.organization_id = :organization_id and l.id = :log and l.customer_told_at is null and l.shown
    and s.organization_id = l.organization_id and s.id = l.project_id and s.talks
  returning l.day`;

/** What tells a project's customer of a day that they see, the first time; [] if they don't, or know it. */
export async function telling(
  db: Knex.Transaction,
  { organization_id, id }: Project,
  log: string,
): Promise<FollowUpAct[]> {
  const { rows } = await db.raw<{ rows: { day: string }[] }>(FIRST_TOLD, { organization_id, log });
  return rows.map(({ day }) => ({ id, action: 'tell_log', input: { log, day } }));
}

/** Nothing changes: it is told. */
export const tellLog = (_db: Knex.Transaction, { input }: Act): Promise<Omit<Outcome, 'subject'>> =>
  Promise.resolve({ details: { log: input['log'], day: input['day'] } });

// Whom no email has reached yet is told when it is shown again.
const READ = `with done as (update notifications n set read_at = clock_timestamp() from activities a
  where a.organization_id = :organization_id and a.details ->> 'log' = :log
    and a.action in ('add_log', 'take_log', 'tell_log') and a.action = any (:actions)
    and n.organization_id = a.organization_id and n.activity_id = a.id and n.read_at is null
    returning n.id)
  update project_logs l set customer_told_at = null
    where l.organization_id = :organization_id and l.id = :log::uuid and (select count(*) from done) > 0`;

/** Of a day that its customer, or nobody, sees any longer, no email goes and no bell rings. Nothing follows. */
export async function untell(
  db: Knex.Transaction,
  { organization_id }: Project,
  log: string,
  whom: 'customer' | 'everybody' = 'customer',
): Promise<[]> {
  const actions = whom === 'customer' ? ['tell_log'] : ['tell_log', 'add_log', 'take_log'];
  await db.raw(READ, { organization_id, log, actions });
  return [];
}
