import type { Request } from 'express';
import type { Database } from '../../db/database.js';
import { pipeline, type Query, systemActor, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { type Identity, type Membership, membershipsIn } from '../identify.js';
import { CredentialStrategy } from './credential_strategy.js';

interface TokenRow {
  id: string;
  organization_id: string;
  person_id: string;
  user_id: string;
  scopes: string[];
  unused: boolean;
}

const SECRET = { name: 'secrets', text: `select set_config('app.secrets', $1, true)` };

// `unused`: not in this hour yet.
const TOKEN = `select t.id, t.organization_id, t.person_id, t.user_id, t.scopes,
    t.used_at is null or t.used_at < now() - interval '1 hour' as unused,
    set_config('app.user', t.user_id::text, true)
  from api_tokens t where t.token_hash = $1 and t.expires_at > now() and t.revoked_at is null`;

const ALLOWED = `select o.partner_tokens from api_tokens t join organizations o on o.id = t.organization_id
  where t.token_hash = $1`;

/** The queries for a token, by its hash, its owner's memberships, and whether partners may have tokens. */
const tokenQueries = (hash: string): Query<unknown>[] => [
  { ...SECRET, values: [`{${hash}}`] },
  { name: 'api_token', text: TOKEN, values: [hash] },
  membershipsIn(null),
  { name: 'api_token_allowed', text: ALLOWED, values: [hash] },
];

/**
 * Who a token stands for, in one round trip: its owner, in its organization alone. Null if it is unknown or over, or its
 * owner was removed, or is of a partner and the organization no longer lets them.
 */
async function identifyToken(db: Database, token: string): Promise<Identity | null> {
  const hash = hashOf(token);
  const [, [row], memberships, [allowed]] = (await pipeline(db.pool, tokenQueries(hash))) as unknown as [
    unknown,
    TokenRow[],
    Membership[],
    { partner_tokens: boolean }[],
  ];
  const owner = row && memberships.find(({ person_id }) => person_id === row.person_id);
  if (!row || !owner) return null;
  if (owner.partner_id && (owner.guest || !allowed?.partner_tokens)) return null;
  if (row.unused) await noteUse(db, row);
  const { id, user_id, scopes } = row;
  return {
    ...{ user_id, email: owner.email, assurance: 'verified' as const, memberships: [owner], subject_ids: [] },
    session: null,
    token: { id, scopes },
  };
}

const noteUse = (db: Database, { organization_id, id }: TokenRow) =>
  withActor(db.knex, systemActor(organization_id), (db) =>
    db('api_tokens').where({ organization_id, id }).update({ used_at: db.fn.now() }),
  );

/** Strategy `api-token`: a program with a token of a person. */
export const apiToken = (db: Database, credential: (req: Request) => string | null) =>
  new CredentialStrategy('api-token', async (req) => {
    const token = credential(req);
    const user = token ? await identifyToken(db, token) : null;
    return user && { user };
  });
