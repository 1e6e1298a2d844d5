import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import type { Actor } from '../db/scope.js';
import { asksForOtherAccount, ibansIn } from '../input/bank_change.js';

/**
 * Whether a partner's message asks to be paid elsewhere, by its words or by an IBAN that is none of theirs. Of those on
 * file only the country and the last four are known here.
 */
export async function asksBankChange(
  db: Knex.Transaction,
  { side, organization_id, partner_id }: Actor,
  text: string,
): Promise<boolean> {
  if (side !== 'partner') return false;
  if (asksForOtherAccount(text)) return true;
  const ibans = ibansIn(text);
  if (!ibans.length) return false;
  const own = { organization_id, partner_id, kind: 'iban', ended_at: null };
  const known: string[] = await db('bank_accounts').where(own).pluck('last_four');
  return ibans.some((iban) => !known.includes(iban.slice(-4)));
}

/** Notes for staff that a message asks for it. As the system. */
export async function recordBankRequest(
  db: Knex.Transaction,
  actor: Actor,
  subject_id: string,
  comment: string,
): Promise<void> {
  const { partner_id } = actor;
  await record(db, actor, {
    action: 'ask_bank_change',
    subject_id,
    partner_id,
    details: { comment },
    visible_to: 'staff',
  });
}
