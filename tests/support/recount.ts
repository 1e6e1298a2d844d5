import type { Knex } from 'knex';

/** What is owed after all activities of an organization, in minor units: from what they say, without the ledger. */
export async function recount(db: Knex.Transaction): Promise<number> {
  const activities = await db('activities as a')
    .join('documents as d', 'd.id', 'a.subject_id')
    .orderBy('a.id')
    .select('a.action', 'a.details', 'a.subject_id', 'd.type', 'd.total');
  const payments = new Map<string, number>();
  let owed = 0;
  for (const { action, details, subject_id, type, total } of activities) {
    const part = `${details.payment} ${subject_id}`;
    const amount = Number(details.amount);
    const isCredit = type === 'credit_note';
    if (action === 'send') owed += isCredit ? -total : total;
    if (action === 'refund') owed += amount;
    if (action === 'void' || action === 'write_off') owed += isCredit ? amount : -amount;
    if (['record_payment', 'receive', 'receive_late'].includes(action)) {
      // What is paid of a retainer is no longer owed, and is credit, too.
      const received = type === 'retainer_invoice' ? 2 * amount - (details.credit ?? 0) : amount;
      payments.set(part, received);
      owed -= received;
    }
    if (action === 'take_payment') payments.set(part, amount);
    if (action === 'refunded') {
      owed += amount - (details.given_up ?? 0);
      payments.set(part, (payments.get(part) ?? NaN) - amount);
    }
    if (action === 'reverse_payment' || action === 'take_back') owed += payments.get(part) ?? NaN;
  }
  return owed;
}
