import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { today } from '../../pages/days.js';

interface Charged {
  organization_id: string;
  id: string;
  due_on: string | null;
  total: number;
}

// A new version is announced anew; one that was tried or stopped stays so.
const SCHEDULE = `insert into scheduled_charges as c (organization_id, document_id, subscription_id, mandate_id, method,
    brand, last_four, max_amount, charge_on)
  select m.organization_id, x.document_id, m.subscription_id, m.id, m.method, m.brand, m.last_four, m.max_amount,
    greatest(:due_on::date, :day::date + m.notice_days)
  from subscription_periods x
    join payment_mandates m on m.organization_id = x.organization_id and m.subscription_id = x.subscription_id
      and m.ended_at is null
  where x.organization_id = :organization_id and x.document_id = :id
  on conflict (organization_id, document_id) do update set charge_on = greatest(c.charge_on, excluded.charge_on)
  where c.state = 'scheduled'`;

/**
 * Notes that an invoice which goes out is charged automatically, if its customer agreed to that: on its due date, but
 * not before the days of notice.
 */
export async function scheduleCharge(db: Knex.Transaction, actor: Actor, document: Charged): Promise<void> {
  const { organization_id, id, due_on, total } = document;
  if (total > 0) await send(db, db.raw(SCHEDULE, { organization_id, id, due_on, day: today(actor) }));
}
