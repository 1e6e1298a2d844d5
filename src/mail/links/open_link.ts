import type { Knex } from 'knex';
import type pg from 'pg';
import { record } from '../../activity/record.js';
import { systemActor, pipeline, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { queueEmail } from '../outbox/queue.js';

/** A magic link: whose it is, the subject it opens, and whether it still works. */
interface Link {
  organization_id: string;
  id: string;
  user_id: string;
  person_id: string;
  subject_id: string;
  live: boolean;
  revoked: boolean;
}

/** The link with this token; null if there is none. */
export async function findLink(pool: pg.Pool, token: string): Promise<Link | null> {
  const hash = hashOf(token);
  const [, rows = []] = await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hash}}`] },
    {
      name: 'link',
      text: `select organization_id, id, user_id, person_id, subject_id,
          expires_at > now() and revoked_at is null as live, revoked_at is not null as revoked
        from links where token_hash = $1`,
      values: [hash],
    },
  ]);
  return (rows[0] as Link | undefined) ?? null;
}

/** The page a link opens, and the person it belongs to. */
export interface LinkTarget {
  url: string;
  name: string;
  email: string;
  removed: boolean;
  /** The subject's number, or its id while it has none. */
  about: string;
  /** The path of its conversation below `url`; null: that is on its page. */
  conversation: string | null;
}

/** Where a link leads; null if the subject is gone. */
export function linkTarget(db: Knex, { organization_id, person_id, subject_id }: Link): Promise<LinkTarget | null> {
  return withActor(db, systemActor(organization_id), async (db) => {
    const row = await db('subjects as s')
      .join('organizations as o', 'o.id', 's.organization_id')
      .join('people as p', (on) => on.on('p.organization_id', 's.organization_id').on('p.id', db.raw('?', [person_id])))
      .where({ 's.organization_id': organization_id, 's.id': subject_id })
      .first('o.slug', 's.kind', 's.number', 's.id', 'p.name', 'p.email', 'p.removed_at');
    if (!row) return null;
    return {
      url: subjectUrl(row.slug, row),
      name: row.name,
      email: row.email,
      removed: row.removed_at !== null,
      about: row.number ?? row.id,
      conversation: lifecycleOf(row.kind).conversation ?? null,
    };
  });
}

const FRESH_LINKS_PER_HOUR = 3;

/** Emails a new link to the same person and subject. The caller can't tell whether it was sent or rate limited. */
export async function sendFreshLink(
  db: Knex.Transaction,
  { organization_id, person_id, subject_id }: Pick<Link, 'organization_id' | 'person_id' | 'subject_id'>,
): Promise<void> {
  const person = await db('people')
    .where({ organization_id, id: person_id, removed_at: null })
    .forUpdate()
    .first('email');
  const recent = await db('activities')
    .where({ organization_id, subject_id, action: 'fresh_link' })
    .whereRaw(`details->>'reader' = ?`, [person_id])
    .where('created_at', '>', db.raw(`now() - interval '1 hour'`))
    .select('id');
  if (!person || recent.length >= FRESH_LINKS_PER_HOUR) return;
  const details = { reader: person_id };
  const activity = await record(db, systemActor(organization_id), { action: 'fresh_link', subject_id, details });
  await queueEmail(db, {
    organization_id,
    kind: 'event',
    person_id,
    activity_id: activity.id,
    subject_id,
    cause_id: null,
    to_address: person.email,
  });
}
