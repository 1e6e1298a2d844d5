import type { Request } from 'express';
import type pg from 'pg';
import { pipeline, type Query } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { type Identity, type Membership, membershipsIn, preferring } from '../identify.js';
import { CredentialStrategy } from './credential_strategy.js';

const SESSION = `select s.user_id, u.email, s.proven_at, set_config('app.user', s.user_id::text, true)
  from sessions s join users u on u.id = s.user_id where token_hash = $1 and expires_at > now()`;

/** The queries for a session, by the hash of its token, and its user's memberships. */
export const sessionQueries = (hash: string, slug: string | null): Query<unknown>[] => [
  { name: 'session', text: SESSION, values: [hash] },
  membershipsIn(slug),
];

/** Returns a session's user with their memberships, those that they chose to act as first, in one read-only round trip; null if the session is over. */
export async function identifySession(
  pool: pg.Pool,
  token: string,
  slug: string | null,
  acting: readonly string[] = [],
): Promise<Identity | null> {
  const [[user], memberships] = (await pipeline(pool, sessionQueries(hashOf(token), slug))) as [
    { user_id: string; email: string; proven_at: Date | null }[],
    Membership[],
  ];
  if (!user) return null;
  return { ...user, assurance: 'verified', memberships: preferring(memberships, acting), subject_ids: [] };
}

/** Strategy `session-cookie`: a browser that signed in. */
export const sessionCookie = (
  pool: pg.Pool,
  credential: (req: Request) => { session: string | null; slug: string | null; acting: string[] },
) =>
  new CredentialStrategy('session-cookie', async (req) => {
    const { session, slug, acting } = credential(req);
    const user = session ? await identifySession(pool, session, slug, acting) : null;
    return user && { user };
  });
