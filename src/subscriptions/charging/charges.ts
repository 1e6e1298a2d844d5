import type { Knex } from 'knex';
import { ONLINE } from '../../documents/content/document.js';
import { OPEN, PAYING } from '../../documents/content/sums.js';
import { Conflict } from '../../errors.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import type { ChargeFacts } from './charge_step.js';

/** An invoice that is to be charged, with what it is charged to. */
export interface DueCharge extends ChargeFacts {
  organization_id: string;
  document_id: string;
  mandate_id: string;
  method_id: string;
  attempts: number;
  /** Who agreed to it; null: they are no contact any more. */
  person_id: string | null;
}

/** What is charged of a subscription, and by what. */
export interface Charging {
  time_zone: string;
  /** Null: nothing is agreed. `removed`: the method is. */
  mandate: { expires: string | null; removed: boolean } | null;
  charges: DueCharge[];
}

/** So many are charged in one go, those due first. */
const MOST = 50;

const CHARGES = `select c.organization_id, c.document_id, c.mandate_id, c.charge_on, c.max_amount, c.attempts,
    m.method_id, (select p.id from people p
      where p.organization_id = m.organization_id and p.id = m.person_id and p.removed_at is null) as person_id,
    d.type, d.state, d.promised_on, d.disputed_on, ${OPEN} as open, ${PAYING} as paying, ${ONLINE} as online,
    m.ended_at is not null as ended
  from scheduled_charges c
    join documents d on d.organization_id = c.organization_id and d.id = c.document_id
    join payment_mandates m on m.organization_id = c.organization_id and m.id = c.mandate_id
  where c.organization_id = :organization_id and c.subscription_id = :subscription_id and c.state = 'scheduled'
  order by c.charge_on, c.document_id limit ${MOST}`;

const MANDATE = `select o.time_zone, m.id, s.expires, s.removed_at is not null as removed
  from organizations o
    left join payment_mandates m on m.organization_id = o.id and m.subscription_id = :subscription_id
      and m.ended_at is null
    left join payment_methods s on s.organization_id = m.organization_id and s.id = m.method_id
  where o.id = :organization_id`;

/** What the clock decides by. */
export async function readCharging(
  db: Knex.Transaction,
  subscription: { organization_id: string; subscription_id: string },
): Promise<Charging> {
  const [agreed, due] = await Promise.all([db.raw(MANDATE, subscription), db.raw(CHARGES, subscription)]);
  const { time_zone, id, expires, removed } = agreed.rows[0];
  return {
    time_zone,
    mandate: id ? { expires, removed } : null,
    charges: due.rows.map(({ type, state, ...charge }: DueCharge & { type: string; state: string }) => ({
      ...charge,
      payable: actionNamed(type, 'charge')?.from?.includes(state) ?? false,
    })),
  };
}

/**
 * Notes that it was tried, once. The mandate is locked, so that it is not ended meanwhile.
 * @throws Conflict if it was, or if the charge is no longer the one that was decided upon
 */
export async function noteAttempt(
  db: Knex.Transaction,
  { organization_id, document_id, mandate_id, attempts, charge_on, max_amount, open, promised_on }: DueCharge,
  payment_id: string,
): Promise<void> {
  const agreed = db('payment_mandates').where({ organization_id, id: mandate_id, ended_at: null });
  const decided = { mandate_id, attempts, charge_on, max_amount };
  const charge = db('scheduled_charges').where({ organization_id, document_id, ...decided });
  const attempt = attempts + 1;
  const valid = await agreed.forShare().first('id');
  const { amount } = await db('payments').where({ organization_id, id: payment_id }).first('amount');
  const document = await db('documents').where({ organization_id, id: document_id }).first('promised_on');
  const same = valid && amount === open && document.promised_on === promised_on;
  if (!same || !(await charge.where({ state: 'scheduled' }).update({ state: 'tried', attempts: attempt })))
    throw new Conflict('This has changed in the meantime.');
  await db('charge_attempts').insert({ organization_id, document_id, attempt, payment_id });
}

/** It is paid or closed: there is nothing to charge. */
export async function settleCharge(db: Knex.Transaction, { organization_id, document_id }: DueCharge): Promise<void> {
  await db('scheduled_charges')
    .where({ organization_id, document_id, state: 'scheduled' })
    .update({ state: 'stopped', cause: 'settled' });
}
