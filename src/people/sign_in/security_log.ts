import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, type Query, setActor, systemActor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { type Member, membershipsOf } from './members.js';

type SecurityAction = 'signed_in' | 'wrong_code' | 'codes_stopped' | 'bank_details_shown' | 'bank_details_changed';

/** From where something was done. */
export interface Browser {
  remote_ip: string;
  user_agent: string;
}

/** Writes to an organization's security log, which is append-only, in the caller's transaction. */
export async function logSecurityEvent(
  db: Knex.Transaction,
  { organization_id, person_id }: Pick<Member, 'organization_id' | 'person_id'>,
  action: SecurityAction,
  { remote_ip, user_agent }: Browser,
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  const event = { organization_id, id: newId(), person_id, action, remote_ip, user_agent: user_agent.slice(0, 300) };
  await send(db, db('security_events').insert(event));
}

/** Writes to the logs of all organizations of a user that they signed in. */
export async function logSignIn(db: Knex.Transaction, user_id: string, browser: Browser): Promise<void> {
  for (const member of await membershipsOf(db, user_id)) await logSecurityEvent(db, member, 'signed_in', browser);
}

/** An event with the person whose address it is about. */
export interface SecurityEvent extends Browser {
  id: string;
  action: SecurityAction;
  created_at: Date;
  name: string;
  email: string;
  partner: string | null;
}

export const SECURITY_LOG_SIZE = 100;

/** The newest events of an organization, or the newest before the one of an id; one more says that there are more. */
export const securityLog = ({ organization_id }: Actor, before: string | null): Query<SecurityEvent> => ({
  name: before ? 'security_log_before' : 'security_log',
  text: `select e.id, e.action, e.remote_ip, e.user_agent, e.created_at, p.name, p.email,
      (select n.name from partners n where n.organization_id = p.organization_id and n.id = p.partner_id) as partner
    from (select * from security_events where organization_id = $1 ${before ? 'and id < $2' : ''}
      order by id desc limit ${SECURITY_LOG_SIZE + 1}) e
    join people p on p.organization_id = e.organization_id and p.id = e.person_id
    order by e.id desc`,
  values: before ? [organization_id, before] : [organization_id],
});
