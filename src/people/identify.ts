import { type Actor, asPerson, type CodeAbove, type Query, type Role } from '../db/scope.js';
import { kindsOf } from '../subjects/modules.js';
import type { ListedView } from './preferences/saved_views.js';
import type { DueTerms } from './terms/terms.js';

/** A user's membership in an organization, with what the page header and the guard need. */
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
  /** A customer with subscriptions, also past ones. */
  has_subscriptions: boolean;
  /** A vendor with work in projects. */
  has_work: boolean;
  name: string;
  email: string;
  role: Role;
  locale: string;
  time_zone: string;
  organization_zone: string;
  code_above: CodeAbove | null;
  /** Their settings: see people/preferences/. */
  photo_sha256: string | null;
  document_locale: string | null;
  currency: string | null;
  menu: string[] | null;
  saved_views: ListedView[];
  guest: boolean;
  /** Of a member of the staff; null: none. */
  send_limit: number | null;
  approve_limit: number | null;
  /** The limits of whoever they are the deputy of now, where these were lent; null: none. */
  lent_limits: { send: number | null; approve: number | null }[] | null;
  organization_currency: string;
  /** The modules that a contact may use; null: all. */
  modules: string[] | null;
  /** For a guest, or who may not use all modules: the ids of the subjects they take part in. */
  takes_part_in: string[] | null;
  /** Of a contact: the texts that have changed since they accepted them. */
  terms_due: DueTerms | null;
  /** On how many things they have something unread, up to 100. */
  unread: number;
}

/** A visitor's identity: nobody, or a user with memberships. */
export interface Identity {
  user_id: string | null;
  email: string | null;
  assurance: 'link' | 'verified';
  memberships: Membership[];
  subject_ids: string[];
  /** Of a browser that signed in. */
  session: SessionFacts | null;
  /** Of a program: the token that it showed, and what that is for. */
  token?: { id: string; scopes: readonly string[] };
}

/** A session, by the hash of its token, and when its user last proved who they are. */
interface SessionFacts {
  hash: string;
  proven_at: Date;
  /** When a code was last typed in it; null: never. */
  code_typed_at: Date | null;
}

/** An unidentified visitor. */
export const NOBODY: Identity = {
  user_id: null,
  email: null,
  assurance: 'link',
  memberships: [],
  subject_ids: [],
  session: null,
};

/** Of somebody's memberships, so many are read: those in the organization at hand come first. */
const MOST = 100;

/**
 * The query for the current user's memberships: first those in the organization of this slug, if there is one. A query
 * before it in the same pipeline must set `app.user` from a proven credential.
 */
export const membershipsIn = (slug: string | null): Query<Membership> => ({
  name: 'memberships',
  text: `select p.organization_id, o.slug, o.name as organization, o.accent, p.id as person_id, p.user_id, p.partner_id,
      a.name as partner, a.is_customer, a.is_vendor, a.has_subscriptions, a.has_work, p.name, p.email, p.role, p.locale, p.time_zone,
      p.guest,
      p.photo_sha256, p.document_locale, p.currency, p.menu, p.saved_views,
      o.time_zone as organization_zone, usable.modules,
      case when o.code_above is not null
        then json_build_object('amount', o.code_above, 'currency', o.currency) end as code_above,
      o.currency as organization_currency, p.send_limit, p.approve_limit,
      case when p.send_limit is not null or p.approve_limit is not null then (
        select json_agg(json_build_object('send', b.send_limit, 'approve', b.approve_limit))
        from deputizing(p.organization_id, p.id) b where b.with_limits) end as lent_limits,
      case when p.guest or usable.modules is not null then array(
        select x.subject_id from participants x where x.organization_id = p.organization_id and x.person_id = p.id
        order by x.subject_id desc limit 500) end as takes_part_in,
      case when p.partner_id is not null and not p.guest
          and (o.terms_version > p.terms_version or o.privacy_version > p.privacy_version)
        then jsonb_strip_nulls(jsonb_build_object(
          'terms', case when o.terms_version > p.terms_version then o.terms_version end,
          'privacy', case when o.privacy_version > p.privacy_version then o.privacy_version end)) end as terms_due,
      case when $1::text is null then 0 else unread_things(p.organization_id, p.id) end as unread
    from people p join organizations o on o.id = p.organization_id
    left join partners a on a.organization_id = p.organization_id and a.id = p.partner_id
    cross join lateral (select case when p.partner_id is not null then usable_modules(o.modules, p.modules) end
      as modules) usable
    where p.user_id = app_user() and p.removed_at is null and not p.pending
    order by o.slug = $1 desc nulls last, p.partner_id nulls first, p.id limit ${MOST}`,
  values: [slug],
});

/** Memberships with those of these people first, in their order: as whom somebody chose to act, or whose link it is. */
export function preferring(memberships: Membership[], people: readonly string[]): Membership[] {
  const rank = ({ person_id }: Membership) => {
    const at = people.indexOf(person_id);
    return at < 0 ? people.length : at;
  };
  return memberships.toSorted((one, other) => rank(one) - rank(other));
}

/** Returns a visitor's actor in an organization; null without a membership. A person on both sides acts as staff. */
export function actorOf(identity: Identity, membership = identity.memberships[0]): Actor | null {
  if (!membership) return null;
  const subject_ids = identity.assurance === 'link' ? openedBy(identity, membership) : null;
  const actor = asPerson({ ...membership, ...limitsOf(membership), id: membership.person_id }, subject_ids);
  if (actor.subject_ids) return actor;
  const { guest, modules, takes_part_in } = membership;
  return guest
    ? { ...actor, subject_ids: takes_part_in }
    : { ...actor, kinds: kindsOf(modules), shared: modules && takes_part_in };
}

/** What links open. That of the shared folder, whose id is the partner's, opens nothing to whom its module was taken. */
const openedBy = ({ subject_ids }: Identity, { modules, partner_id }: Membership): string[] =>
  modules?.includes('files') === false ? subject_ids.filter((id) => id !== partner_id) : subject_ids;

/** Somebody's own limits, or as far as they are higher, those lent to them. */
function limitsOf({ send_limit, approve_limit, lent_limits }: Membership) {
  const lent = lent_limits ?? [];
  return {
    send_limit: highest([send_limit, ...lent.map(({ send }) => send)]),
    approve_limit: highest([approve_limit, ...lent.map(({ approve }) => approve)]),
  };
}

/** Null is none, which is higher than any. */
const highest = (limits: (number | null)[]) =>
  limits.reduce((one, other) => (one === null || other === null ? null : Math.max(one, other)));
