import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, actingAs, type Query, setActor, systemActor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { logLine } from '../../telemetry/cause.js';
import { type Member, membershipsOf } from './members.js';

type SecurityAction =
  | ('signed_in' | 'wrong_code' | 'codes_stopped' | 'wrong_password' | 'passwords_stopped')
  | ('wrong_second_step' | 'second_steps_stopped' | 'recovery_code_used' | 'new_device')
  | ('password_set' | 'password_removed' | 'passkey_added' | 'passkey_removed')
  | ('totp_on' | 'totp_off' | 'recovery_codes_made' | 'provider_refused')
  | ('signed_out' | 'device_signed_out' | 'signed_out_everywhere' | 'passkey_renamed')
  | ('bank_details_shown' | 'bank_details_changed' | 'payment_keys_changed')
  | ('webhook_changed' | 'webhook_secret_shown')
  | ('api_token_made' | 'api_token_revoked');

/** From where something was done. */
export interface Browser {
  remote_ip: string;
  user_agent: string;
}

/**
 * Writes to an organization's security log, which is append-only, in the caller's transaction. `detail`: how somebody
 * signed in, or the name of what they added. Returns the event's id.
 */
export async function logSecurityEvent(
  db: Knex.Transaction,
  { organization_id, person_id }: Pick<Member, 'organization_id' | 'person_id'>,
  action: SecurityAction,
  { remote_ip, user_agent }: Browser,
  detail = '',
): Promise<string> {
  await setActor(db, systemActor(organization_id));
  const id = newId();
  const from = { remote_ip, user_agent: user_agent.slice(0, 300) };
  await send(db, db('security_events').insert({ organization_id, id, person_id, action, detail, ...from }));
  // How somebody signed in is a word of ours; of anything else the detail may be what they called it.
  const way = action === 'signed_in' ? { way: detail } : {};
  logLine('security', { action, event_id: id, organization_id, person_id, ...way, ip: remote_ip });
  return id;
}

/** What is logged of a user, in the logs of all organizations they belong to. */
export interface UserEvent {
  action: SecurityAction;
  detail?: string;
  /** Its owner gets an email, from this organization or else their first. */
  tell?: { organization_id: string | null };
}

/** Logs what a user did in all their organizations, and perhaps emails it to them. */
export const logOfUser = (
  db: Knex.Transaction,
  user_id: string,
  { action, detail, tell }: UserEvent,
  browser: Browser,
): Promise<void> =>
  actingAs(db, { ...systemActor(null), user_id }, async () => {
    const members = await membershipsOf(db, user_id);
    const from = tell && (members.find((one) => one.organization_id === tell.organization_id) ?? members[0]);
    for (const member of members) {
      const cause_id = await logSecurityEvent(db, member, action, browser, detail);
      if (member === from) await queueAlert(db, member, cause_id);
    }
  });

/** An email to a person about their own sign-in; `cause_id`: the security event, or the last wrong code. */
export async function queueAlert(
  db: Knex.Transaction,
  { organization_id, person_id, email }: Pick<Member, 'organization_id' | 'person_id' | 'email'>,
  cause_id: string,
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  const about = { activity_id: null, subject_id: null, cause_id, to_address: email };
  await queueEmail(db, { organization_id, person_id, kind: 'alert', ...about });
}

/** An event with the person whose address it is about. */
export interface SecurityEvent extends Browser {
  id: string;
  action: SecurityAction;
  detail: string;
  created_at: Date;
  name: string;
  email: string;
  partner: string | null;
}

export const SECURITY_LOG_SIZE = 100;

/** The newest events of an organization, or the newest before the one of an id; one more says that there are more. */
export const securityLog = ({ organization_id }: Actor, before: string | null): Query<SecurityEvent> => ({
  name: before ? 'security_log_before' : 'security_log',
  text: `select e.id, e.action, e.detail, e.remote_ip, e.user_agent, e.created_at, p.name, p.email,
      (select n.name from partners n where n.organization_id = p.organization_id and n.id = p.partner_id) as partner
    from (select * from security_events where organization_id = $1 ${before ? 'and id < $2' : ''}
      order by id desc limit ${SECURITY_LOG_SIZE + 1}) e
    join people p on p.organization_id = e.organization_id and p.id = e.person_id
    order by e.id desc`,
  values: before ? [organization_id, before] : [organization_id],
});
