import type { Query, Role } from '../../db/scope.js';
import { LIFECYCLES } from '../../subjects/lifecycles.js';
import { latestTerms } from '../terms/terms.js';

/** An invitation with whose it is, as its page needs it. */
export interface Invitation {
  organization_id: string;
  id: string;
  person_id: string;
  user_id: string;
  name: string;
  last_name: string;
  email: string;
  role: Role;
  locale: string;
  time_zone: string;
  slug: string;
  organization: string;
  accent: string;
  /** Null: of staff. */
  partner: string | null;
  is_vendor: boolean;
  /** Contacts of vendors choose a password with the first step, unless the account is theirs already. */
  asks_password: boolean;
  inviter: string | null;
  message: string;
  sent_at: Date;
  expires_at: Date;
  live: boolean;
  /** It was withdrawn, or its person removed. */
  revoked: boolean;
  /** When this or a later one was taken. */
  accepted_at: Date | null;
  step: number;
  /** An expired one sends itself again when its reader asks. */
  renews: boolean;
}

// Whoever shows the secret reads the row, and from then on as the system of its organization.
const OPEN = `select set_config('app.organization', i.organization_id::text, true), set_config('app.side', 'system', true)
  from invitations i where i.token_hash = $1`;

// Whose credentials and memberships are counted; nothing of them is shown.
const AS_USER = `select set_config('app.user', p.user_id::text, true) from invitations i
  join people p on p.organization_id = i.organization_id and p.id = i.person_id where i.token_hash = $1`;

const FOUND = `select i.organization_id, i.id, i.person_id, p.user_id, p.name, p.last_name, p.email, p.role, p.locale,
    p.time_zone, o.slug, o.name as organization, o.accent, n.name as partner, coalesce(n.is_vendor, false) as is_vendor,
    coalesce(n.is_vendor, false) and not exists (select from passwords w where w.user_id = p.user_id)
      and not exists (select from people x where x.user_id = p.user_id and x.id <> p.id and x.removed_at is null)
      as asks_password,
    (select b.name from people b where b.organization_id = i.organization_id and b.id = i.invited_by) as inviter,
    i.message, i.sent_at, i.expires_at, i.expires_at > now() as live,
    p.removed_at is not null or (i.revoked_at is not null and taken.accepted_at is null) as revoked, taken.accepted_at, coalesce(taken.step, 1) as step,
    o.invitations_renew as renews
  from invitations i
  join organizations o on o.id = i.organization_id
  join people p on p.organization_id = i.organization_id and p.id = i.person_id
  left join partners n on n.organization_id = i.organization_id and n.id = i.partner_id
  left join lateral (
    select t.accepted_at, t.step from invitations t
    where t.organization_id = i.organization_id and t.person_id = i.person_id and t.accepted_at is not null
    order by t.id desc limit 1) taken on true
  where i.token_hash = $1`;

// From here on as the contact who is invited sees it.
const AS_INVITED = `select set_config('app.side', 'partner', true), set_config('app.partner', i.partner_id::text, true),
    set_config('app.person', i.person_id::text, true), set_config('app.kinds', case when u.modules is null then '' else
      '{' || coalesce((select string_agg(k.kind, ',') from unnest($2::text[], $3::text[]) k (module, kind)
        where k.module = any (u.modules)), '') || '}' end, true)
  from invitations i
  join people p on p.organization_id = i.organization_id and p.id = i.person_id
  join organizations o on o.id = i.organization_id
  cross join lateral (select usable_modules(o.modules, p.modules) as modules) u
  where i.token_hash = $1 and i.partner_id is not null`;

/** The queries for an invitation and the texts that go with it, by the hash of its token, before anything is known. */
export const invitationQueries = (hash: string): Query<unknown>[] => [
  { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hash}}`] },
  { name: 'open_invitation', text: OPEN, values: [hash] },
  { name: 'invited_user', text: AS_USER, values: [hash] },
  { name: 'invitation', text: FOUND, values: [hash] },
  latestTerms(),
];

/** The query after which the transaction is that of the contact who is invited. */
export function asInvited(hash: string): Query<unknown> {
  const kinds = [LIFECYCLES.map(({ module }) => module), LIFECYCLES.map(({ name }) => name)];
  return { name: 'as_invited', text: AS_INVITED, values: [hash, ...kinds] };
}
