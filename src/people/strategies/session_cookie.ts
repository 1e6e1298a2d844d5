import type { Request } from 'express';
import type pg from 'pg';
import { pipeline, type Query } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { type Identity, type Membership, membershipsIn, preferring } from '../identify.js';
import { CredentialStrategy } from './credential_strategy.js';

// `unused`: not today yet. When it was last used is noted to the day, so that pages write next to nothing.
const SESSION = `select s.user_id, u.email, s.proven_at, s.code_typed_at, s.used_at < now() - interval '1 day' as unused, set_config('app.user', s.user_id::text, true)
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
  const hash = hashOf(token);
  const found: unknown = await pipeline(pool, sessionQueries(hash, slug));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what these two queries select
  const [[user], memberships] = found as [SessionRow[], Membership[]];
  if (!user) return null;
  const { user_id, email, proven_at, code_typed_at, unused } = user;
  if (unused) await pool.query('update sessions set used_at = now() where token_hash = $1', [hash]);
  const session = { hash, proven_at, code_typed_at };
  return {
    user_id,
    email,
    assurance: 'verified',
    memberships: preferring(memberships, acting),
    subject_ids: [],
    session,
  };
}

interface SessionRow {
  user_id: string;
  email: string;
  proven_at: Date;
  code_typed_at: Date | null;
  unused: boolean;
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
