import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { actingAs, systemActor } from '../db/scope.js';
import type { Authority } from '../people/banking/bank_accounts.js';
import { staffInRoles, tell } from '../people/invitations/tell.js';
import { asMember, requireToManage } from '../people/members/member_change.js';
import { requireFreshCode } from '../people/sign_in/fresh_code.js';
import { logSecurityEvent } from '../people/sign_in/security_log.js';
import { requireMay } from '../subjects/may.js';

interface WebhookChange {
  action: 'add_webhook' | 'change_webhook' | 'pause_webhook' | 'resume_webhook' | 'rotate_webhook' | 'remove_webhook';
  /** Where it leads: its path may be a secret, its host is none. */
  host: string;
}

interface Author {
  organization_id: string;
  person_id: string;
}

/**
 * Changes an organization's webhooks as the system: by an owner or admin who typed a code just now, one change after
 * the other. It is recorded, and all owners and admins are told by email. @throws NotAllowed
 */
export function changingWebhooks(
  db: Knex,
  authority: Authority,
  work: (db: Knex.Transaction, author: Author) => Promise<WebhookChange>,
): Promise<void> {
  return asAdmin(db, authority, async (db, author) => {
    const { action, host } = await asSystem(db, author, () => work(db, author));
    const { actor, browser } = authority;
    const activity = await record(db, actor, { action, details: { name: host }, visible_to: 'staff' });
    await logSecurityEvent(db, author, 'webhook_changed', browser, host);
    await tell(db, activity, await staffInRoles(db, author.organization_id, ['owner', 'admin']));
  });
}

/** Shows something secret of them to an owner or admin who typed a code just now, which is logged. @throws NotAllowed */
export const showingWebhook = <T>(
  db: Knex,
  authority: Authority,
  work: (db: Knex.Transaction, organization_id: string) => Promise<{ shown: T; host: string }>,
): Promise<T> =>
  asAdmin(db, authority, async (db, author) => {
    const { shown, host } = await asSystem(db, author, () => work(db, author.organization_id));
    await logSecurityEvent(db, author, 'webhook_secret_shown', authority.browser, host);
    return shown;
  });

const asSystem = <T>(db: Knex.Transaction, { organization_id }: Author, work: () => Promise<T>): Promise<T> =>
  actingAs(db, systemActor(organization_id), work);

function asAdmin<T>(
  db: Knex,
  { actor, proven }: Authority,
  work: (db: Knex.Transaction, author: Author) => Promise<T>,
): Promise<T> {
  requireFreshCode(proven);
  return asMember(db, actor, (db, organization_id, author) => {
    requireMay(actor, 'administration');
    requireToManage(author);
    return work(db, { organization_id, person_id: author.id });
  });
}
