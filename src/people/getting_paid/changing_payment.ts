import type { Knex } from 'knex';
import type { ProfileChange } from '../../activity/profile_changes.js';
import { record } from '../../activity/record.js';
import { requireMay } from '../../subjects/may.js';
import type { Authority } from '../banking/bank_accounts.js';
import { staffInRoles, tell } from '../invitations/tell.js';
import { asMember, requireToManage } from '../members/member_change.js';
import { requireFreshCode } from '../sign_in/fresh_code.js';
import { logSecurityEvent } from '../sign_in/security_log.js';

type PaymentAction =
  | ('change_payment_details' | 'add_payment_account' | 'remove_payment_account')
  | ('connect_stripe' | 'change_stripe' | 'disconnect_stripe');

interface PaymentChange {
  action: PaymentAction;
  changes: ProfileChange[];
  /** What the security log calls it, if it is no bank account. */
  logged?: 'payment_keys_changed';
}

interface Author {
  organization_id: string;
  person_id: string;
}

/**
 * Changes where the organization is paid: by an owner or admin who typed a code just now, one change after the other.
 * It is recorded, and all owners and admins are told by email. @throws NotAllowed
 */
export function changingPayment(
  db: Knex,
  { actor, proven, browser }: Authority,
  work: (db: Knex.Transaction, author: Author) => Promise<PaymentChange>,
): Promise<void> {
  requireFreshCode(proven);
  return asMember(db, actor, async (db, organization_id, author) => {
    requireMay(actor, 'administration');
    requireToManage(author);
    const changed_by = { organization_id, person_id: author.id };
    const { action, changes, logged = 'bank_details_changed' } = await work(db, changed_by);
    if (!changes.length) return;
    const activity = await record(db, actor, { action, details: { changes }, visible_to: 'staff' });
    await logSecurityEvent(db, changed_by, logged, browser);
    await tell(db, activity, await staffInRoles(db, organization_id, ['owner', 'admin']));
  });
}
