import type { Knex } from 'knex';
import { hashOf, randomToken } from '../../db/secrets.js';
import { hasTotp } from '../credentials/totp.js';
import { noteDevice } from '../credentials/known_devices.js';
import { openSession } from '../sessions.js';
import type { SignedIn } from '../strategies/credential_strategy.js';
import { actAsUser } from './members.js';
import { openSecondStep } from './second_steps.js';
import { type Browser, logOfUser } from './security_log.js';

/** How somebody proved who they are; of a provider, its name. */
export type Way = 'code' | 'link' | 'password' | 'passkey' | (string & {});

/** The browser that signs in. `device`: what its cookie says, if it has signed in before. */
export interface SigningBrowser extends Browser {
  device: string | null;
}

interface Proven {
  user_id: string;
  way: Way;
  return_to: string;
}

/**
 * What follows once a first thing is proven, in the transaction that proved it: the second step of whom an authenticator
 * app protects, or else the session. A passkey that checked its user is two things already.
 */
export async function proceed(db: Knex.Transaction, proven: Proven, browser: SigningBrowser): Promise<SignedIn> {
  await actAsUser(db, proven.user_id);
  if (proven.way === 'passkey' || !(await hasTotp(db, proven.user_id))) return completeSignIn(db, proven, browser);
  return { token: await openSecondStep(db, proven), return_to: proven.return_to, next: 'second_step' };
}

/** Opens the session and logs it; a browser that is new to its user is told to them by email. */
export async function completeSignIn(
  db: Knex.Transaction,
  { user_id, way, return_to }: Proven,
  browser: SigningBrowser,
): Promise<SignedIn> {
  await actAsUser(db, user_id);
  const by_code = way.split('+').includes('code');
  const token = await openSession(db, user_id, browser.user_agent, { remote_ip: browser.remote_ip, by_code });
  const device = browser.device ?? randomToken();
  const isNew = await noteDevice(db, user_id, hashOf(device));
  await logOfUser(db, user_id, { action: 'signed_in', detail: way }, browser);
  if (isNew) await logOfUser(db, user_id, { action: 'new_device', tell: { organization_id: null } }, browser);
  return { token, return_to, device };
}
