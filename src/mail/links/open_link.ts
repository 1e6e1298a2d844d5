import type { Knex } from 'knex';
import type pg from 'pg';
import { systemActor, pipeline, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';

/** A magic link as its holder may know it: whose it is, what it opens, and whether it still does. */
export interface Link {
  organization_id: string;
  id: string;
  user_id: string;
  person_id: string;
  document_id: string;
  live: boolean;
  revoked: boolean;
}

/** The link behind a token; null if there is none. */
export async function findLink(pool: pg.Pool, token: string): Promise<Link | null> {
  const hash = hashOf(token);
  const [, rows = []] = await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hash}}`] },
    {
      name: 'link',
      text: `select organization_id, id, user_id, person_id, document_id, expires_at > now() and revoked_at is null as live,
        revoked_at is not null as revoked from links where token_hash = $1`,
      values: [hash],
    },
  ]);
  return (rows[0] as Link | undefined) ?? null;
}

/** The page that a link opens, and whose it is. */
export interface LinkTarget {
  url: string;
  name: string;
  email: string;
  removed: boolean;
  /** The document's number. */
  about: string;
}

/** Where a link leads; null if the document is gone. */
export function linkTarget(db: Knex, { organization_id, person_id, document_id }: Link): Promise<LinkTarget | null> {
  return withActor(db, systemActor(organization_id), async (db) => {
    const row = await db('documents as d')
      .join('organizations as o', 'o.id', 'd.organization_id')
      .join('people as p', (on) => on.on('p.organization_id', 'd.organization_id').on('p.id', db.raw('?', [person_id])))
      .where({ 'd.organization_id': organization_id, 'd.id': document_id })
      .first('o.slug', 'd.number', 'd.id', 'p.name', 'p.email', 'p.removed_at');
    if (!row) return null;
    const about = row.number ?? row.id;
    return {
      url: `/${row.slug}/documents/${about}`,
      name: row.name,
      email: row.email,
      removed: row.removed_at !== null,
      about,
    };
  });
}
