import type pg from 'pg';
import { hashOf } from '../db/secrets.js';
import { type Actor, asPerson, pipeline, type Query } from '../db/scope.js';

/** The secrets that a browser shows: its session's, and those of the magic links it opened. */
export interface Credentials {
  session: string | null;
  links: string[];
}

/** A membership as the header and the guard need it. */
export interface Membership {
  organization_id: string;
  slug: string;
  organization: string;
  accent: string;
  person_id: string;
  user_id: string;
  partner_id: string | null;
  partner: string | null;
  is_customer: boolean;
  is_vendor: boolean;
  name: string;
  email: string;
  role: string;
  locale: string;
  time_zone: string;
  guest: boolean;
  /** Of a guest: the documents that they take part in. */
  takes_part_in: string[] | null;
}

/** Who a browser is: nobody, or a user with all the places they belong to (just those of `slug`, if it is given). */
export interface Identity {
  user_id: string | null;
  email: string | null;
  assurance: 'link' | 'verified';
  memberships: Membership[];
  document_ids: string[];
}

const MEMBERSHIPS: Query = {
  name: 'memberships',
  text: `select p.organization_id, o.slug, o.name as organization, o.accent, p.id as person_id, p.user_id, p.partner_id, a.name as partner, a.is_customer, a.is_vendor,
      p.name, p.email, p.role, p.locale, p.time_zone, p.guest,
      case when p.guest then array(select x.document_id from participants x where x.organization_id = p.organization_id and x.person_id = p.id
        order by x.document_id desc limit 500) end as takes_part_in
    from people p join organizations o on o.id = p.organization_id
    left join partners a on a.organization_id = p.organization_id and a.id = p.partner_id
    where p.user_id = app_user() and p.removed_at is null and ($1::text is null or o.slug = $1)
    order by p.partner_id nulls first, p.id`,
};

/**
 * Looks up a browser's secrets in one round trip, and writes nothing. A session beats links: it is proven. Links
 * alone open their documents. The settings made by one query bind the next: without a valid secret there is no user,
 * and without a user nobody to be.
 */
export async function identify(pool: pg.Pool, { session, links }: Credentials, slug: string | null): Promise<Identity> {
  const hashes = links.map(hashOf);
  const [, sessions = [], opened = [], memberships = []] = await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hashes.join(',')}}`] },
    {
      name: 'session',
      text: `select s.user_id, u.email, set_config('app.user', s.user_id::text, true) from sessions s join users u on u.id = s.user_id
        where token_hash = $1 and expires_at > now()`,
      values: [session ? hashOf(session) : ''],
    },
    {
      name: 'links',
      text: `select l.user_id, l.document_id, l.person_id, set_config('app.user', coalesce(app_user(), l.user_id)::text, true)
        from links l where l.token_hash = any ($1::text[]) and l.expires_at > now() and l.revoked_at is null`,
      values: [hashes],
    },
    { ...MEMBERSHIPS, values: [slug] },
  ]);
  const user = sessions[0] ?? opened[0];
  const named = new Set(opened.map((link) => link['person_id']));
  const known = user ? (memberships as unknown as Membership[]) : [];
  return {
    user_id: text(user?.['user_id']),
    email: text(sessions[0]?.['email']),
    assurance: sessions[0] ? 'verified' : 'link',
    // Someone who is a contact of two partners is the one that their link was sent to.
    memberships: sessions[0] ? known : known.filter(({ person_id }) => named.has(person_id)),
    document_ids: sessions[0]
      ? []
      : opened.filter((link) => link['user_id'] === user?.['user_id']).map((link) => String(link['document_id'])),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** The actor that a browser is in an organization; null if it is nobody there. A person on both sides acts as staff. */
export function actorOf(who: Identity, membership = who.memberships[0]): Actor | null {
  if (!membership) return null;
  const actor = asPerson(
    { ...membership, id: membership.person_id },
    who.assurance === 'link' ? who.document_ids : null,
  );
  return actor.document_ids ? actor : { ...actor, document_ids: membership.takes_part_in };
}
