import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import type { Actor, Query } from '../../db/scope.js';
import { hashOf, randomToken } from '../../db/secrets.js';
import { Invalid, NotAllowed, NotFound } from '../../errors.js';
import { type Browser, logOfUser } from '../sign_in/security_log.js';

/** What all tokens begin with, so that whoever finds one knows what it is. */
const TOKEN_PREFIX = 'parley_';

/** So many a person may have at once. */
const MOST = 20;

/** A token as its owner sees it: never itself. */
export interface ApiToken {
  id: string;
  name: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

/** For how many days a new one may work. */
export const LIFETIMES = [30, 90, 365] as const;

interface NewToken {
  name: string;
  scopes: string[];
  days: number;
}

/**
 * Makes a token for who acts, in the caller's transaction as that actor; logs it, and emails them. Returns the token,
 * of which only the hash is stored, and its id. @throws Invalid if they have too many, NotAllowed for who has none
 */
export async function createApiToken(
  db: Knex.Transaction,
  actor: Actor,
  { name, scopes, days }: NewToken,
  browser: Browser,
): Promise<{ id: string; token: string }> {
  const { organization_id, person_id, user_id } = actor;
  if (!(await mayHaveTokens(db, actor))) throw new NotAllowed('Your organization doesn’t allow tokens here.');
  const mine = await db('api_tokens').where({ organization_id, person_id, revoked_at: null }).pluck('id');
  if (mine.length >= MOST) throw new Invalid({ form: 'Revoke a token first: {{most}} are enough.' }, { most: MOST });
  const id = newId();
  const token = TOKEN_PREFIX + randomToken();
  const owner = { organization_id, person_id, user_id };
  const expires_at = db.raw('now() + make_interval(days => ?)', [days]);
  await db('api_tokens').insert({ ...owner, id, name, scopes, token_hash: hashOf(token), expires_at });
  await log(db, actor, 'api_token_made', name, browser);
  return { id, token };
}

/** Ends a token of who acts, at once, and logs it. @throws NotFound */
export async function revokeApiToken(db: Knex.Transaction, actor: Actor, id: string, browser: Browser): Promise<void> {
  const { organization_id, person_id } = actor;
  const mine = db('api_tokens').where({ organization_id, person_id, id, revoked_at: null });
  const [ended]: { name: string }[] = await mine.update({ revoked_at: db.fn.now() }).returning('name');
  if (!ended) throw new NotFound();
  await log(db, actor, 'api_token_revoked', ended.name, browser);
}

const log = (
  db: Knex.Transaction,
  { user_id, organization_id }: Actor,
  action: 'api_token_made' | 'api_token_revoked',
  detail: string,
  browser: Browser,
) => logOfUser(db, String(user_id), { action, detail, tell: { organization_id } }, browser);

/** Staff may; of partners' people those in full, where the organization lets them. */
async function mayHaveTokens(db: Knex.Transaction, { organization_id, side, guest }: Actor): Promise<boolean> {
  if (side === 'staff') return true;
  const organization = await db('organizations').where({ id: organization_id }).first('partner_tokens');
  return !guest && organization?.partner_tokens === true;
}

/** The tokens of who acts that weren't revoked, the newest first. */
export const apiTokensOf = ({ organization_id, person_id }: Actor): Query<ApiToken> => ({
  name: 'api_tokens',
  text: `select id, name, scopes, created_at, expires_at, used_at from api_tokens
    where organization_id = $1 and person_id = $2 and revoked_at is null order by id desc limit ${MOST}`,
  values: [organization_id, person_id],
});

/** Whether the organization lets its partners' people have tokens. */
export const partnerTokens = ({ organization_id }: Actor): Query<{ partner_tokens: boolean }> => ({
  name: 'partner_tokens',
  text: 'select partner_tokens from organizations where id = $1',
  values: [organization_id],
});
