import type { Query } from '../../db/scope.js';
import type { Passkey } from './passkeys.js';
import { RECOVERY } from './recovery_codes.js';

/** The ways in that a user has set up. */
export interface Credentials {
  password_changed_at: Date | null;
  totp_confirmed_at: Date | null;
  recovery_codes_left: number;
  /** The set of recovery codes that was made just now; null if none was. */
  readable_set: string | null;
}

/** A user's own ways in. */
export const credentialsOf = (user_id: string): Query<Credentials> => ({
  name: 'credentials',
  text: `select (select changed_at from passwords where user_id = $1) as password_changed_at,
    (select confirmed_at from totp_secrets where user_id = $1) as totp_confirmed_at, ${RECOVERY}`,
  values: [user_id],
});

/** A user's own passkeys, in the order they were added. */
export const passkeysOf = (user_id: string): Query<Passkey & { credential_id: string }> => ({
  name: 'passkeys',
  text: `select id, name, created_at, used_at, credential_id from passkeys where user_id = $1 order by id limit 100`,
  values: [user_id],
});

/** The key of an authenticator app that waits to be confirmed. */
export const pendingTotp = (user_id: string): Query<{ user_id: string; sealed: Buffer }> => ({
  name: 'pending_totp',
  text: 'select user_id, sealed from totp_secrets where user_id = $1 and confirmed_at is null',
  values: [user_id],
});

/** A browser in which a user is signed in. */
export interface Device {
  id: string;
  token_hash: string;
  user_agent: string;
  remote_ip: string;
  created_at: Date;
  used_at: Date;
}

/** The browsers in which a user is signed in, the last used first. */
export const devicesOf = (user_id: string): Query<Device> => ({
  name: 'devices',
  text: `select id, token_hash, user_agent, remote_ip, created_at, used_at from sessions
    where user_id = $1 and expires_at > now() order by used_at desc limit 100`,
  values: [user_id],
});
