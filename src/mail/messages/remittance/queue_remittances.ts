import type { Knex } from 'knex';
import { type Actor, actingAs, systemActor } from '../../../db/scope.js';
import { queueEmail } from '../../outbox/queue.js';

interface Recipient {
  payment_id: string;
  person_id: string;
  email: string;
}

/** The contacts who take part in what a payment paid. */
const RECIPIENTS = `select distinct y.payment_id, p.id as person_id, p.email
  from payment_parts y
    join participants x on x.organization_id = y.organization_id and x.subject_id = y.document_id
    join people p on p.organization_id = x.organization_id and p.id = x.person_id
  where y.organization_id = ? and y.payment_id = any(?::uuid[])
    and p.partner_id is not null and p.removed_at is null and not p.guest
  order by 1, 2`;

/** Queues an email for each contact of the vendors that these payments pay: one a payment, whatever it paid. */
export async function queueRemittances(
  db: Knex.Transaction,
  { organization_id, person_id, now }: Actor,
  payments: readonly string[],
): Promise<void> {
  if (!organization_id) return;
  await actingAs(db, systemActor(organization_id, person_id, now), async () => {
    const { rows } = await db.raw<{ rows: Recipient[] }>(RECIPIENTS, [organization_id, [...payments]]);
    for (const { payment_id: cause_id, person_id, email: to_address } of rows)
      await queueEmail(db, {
        ...{ organization_id, kind: 'remittance', person_id, to_address, cause_id },
        activity_id: null,
        subject_id: null,
      });
  });
}
