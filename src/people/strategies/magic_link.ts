import type { Request } from 'express';
import type pg from 'pg';
import { pipeline, type Query } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { type Identity, type Membership, membershipsIn, preferring } from '../identify.js';
import { CredentialStrategy } from './credential_strategy.js';

interface OpenedLink {
  token_hash: string;
  user_id: string;
  subject_id: string;
  person_id: string;
}

const LINKS = `select l.token_hash, l.user_id, l.subject_id, l.person_id,
    set_config('app.user', coalesce(app_user(), l.user_id)::text, true)
  from links l where l.token_hash = any ($1::text[]) and l.expires_at > now() and l.revoked_at is null`;

/** The queries for links, by the hashes of their tokens, and the memberships of the one they were sent to. */
export const linkQueries = (hashes: string[], slug: string | null): Query<unknown>[] => [
  { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hashes.join(',')}}`] },
  { name: 'links', text: LINKS, values: [hashes] },
  membershipsIn(slug),
];

/**
 * Returns the identity proven by the links that a browser has opened, newest first, in one read-only round trip; null if
 * none is valid. It is limited to the links' subjects and the people they were sent to, that of the newest link first.
 */
async function identifyLinks(pool: pg.Pool, tokens: string[], slug: string | null): Promise<Identity | null> {
  const hashes = tokens.map(hashOf);
  const [, found, memberships] = (await pipeline(pool, linkQueries(hashes, slug))) as [
    unknown,
    OpenedLink[],
    Membership[],
  ];
  const user_id = found[0]?.user_id;
  if (!user_id) return null;
  const opened = hashes.flatMap((hash) => found.find((link) => link.token_hash === hash) ?? []);
  const people = opened.map(({ person_id }) => person_id);
  return {
    user_id,
    email: null,
    assurance: 'link',
    proven_at: null,
    memberships: preferring(
      memberships.filter(({ person_id }) => people.includes(person_id)),
      people,
    ),
    subject_ids: opened.filter((link) => link.user_id === user_id).map(({ subject_id }) => subject_id),
  };
}

/** Strategy `magic-link`: a browser that opened a link in a notification email. */
export const magicLink = (pool: pg.Pool, credential: (req: Request) => { links: string[]; slug: string | null }) =>
  new CredentialStrategy('magic-link', async (req) => {
    const { links, slug } = credential(req);
    const user = links.length ? await identifyLinks(pool, links, slug) : null;
    return user && { user };
  });
