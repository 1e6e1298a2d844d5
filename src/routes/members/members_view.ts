import type { Actor, Role } from '../../db/scope.js';
import { shownAddress } from '../../input/email_address.js';
import { today } from '../../pages/days.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { Membership } from '../../people/identify.js';
import { photoUrl } from '../../people/photo.js';
import { isOffered } from '../../subjects/may.js';
import { lostPermissions, STAFF_PERMISSIONS } from '../../subjects/permissions.js';
import { roleLabel, STAFF_ROLES } from '../../subjects/staff_roles.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import type { ListedMember } from './member_queries.js';

/** The members of an organization, and what each role may do. */
interface MembersInput {
  side: SettingsSide;
  organization: string;
  invite: InviteForm | null;
  members: MemberRow[];
  roles: RoleTable;
}

interface InviteForm {
  action: string;
  emails: string;
  role: string;
  errors: Errors;
  roles: (Choice & { describes: string })[];
}

interface MemberRow {
  id: string;
  name: string;
  email: string;
  photo: string | null;
  you: boolean;
  pending: boolean;
  /** Their own page; null for whom it is none. */
  url: string | null;
  role: string;
  /** Null for whom may not change it. */
  form: RoleForm | null;
  limits: string | null;
  /** When they last signed in. */
  active: Date | null;
  away: string | null;
  /** When they were invited, of those who have not joined; whether the link still works. */
  invited: Date | null;
  expired: boolean;
  /** What can be done with an invitation. */
  actions: { label: string; url: string }[];
}

interface RoleForm {
  action: string;
  value: string;
  choices: Choice[];
  error: string | null;
  /** The role that was chosen takes these away: it is asked once more. */
  losing: { role: string; label: string; permissions: string[] } | null;
}

interface RoleTable {
  roles: { label: string; count: number; invited: number }[];
  permissions: { label: string; explains: string; permitted: boolean[] }[];
}

/** A form that could not be done: of this person's role, or the invitation. */
export interface MembersForm {
  person: string | null;
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

export const membersPage = defineView<MembersInput>('members/members');

type I18n = ReturnType<typeof i18nOf>;

export function membersView(
  found: readonly ListedMember[],
  actor: Actor,
  membership: Membership,
  side: SettingsSide,
  form: MembersForm | null,
): MembersInput {
  const i18n = i18nOf(actor);
  const url = `/${membership.slug}/settings/members`;
  const administers = isOffered(actor, 'administration');
  return {
    side,
    organization: membership.organization,
    invite: administers ? inviteForm(url, actor, form?.person ? null : form, i18n) : null,
    members: found.map((member) => memberRow(member, found, { actor, membership, url, form, i18n })),
    roles: roleTable(found, i18n),
  };
}

/** The roles that somebody may give: none that may do what they may not. */
const rolesWithin = (role: Role | null) =>
  STAFF_ROLES.filter((one) => role !== null && !lostPermissions(one.role, role).length);

function inviteForm(action: string, { role }: Actor, form: MembersForm | null, { t }: I18n): InviteForm {
  const roles = rolesWithin(role).filter((one) => one.role !== 'owner');
  return {
    action,
    emails: form?.values['emails'] ?? '',
    role: form?.values['role'] ?? 'member',
    errors: form?.errors ?? {},
    roles: roles.map(({ role: value, label, describes }) => ({ value, label: t(label), describes: t(describes) })),
  };
}

interface Reader {
  actor: Actor;
  membership: Membership;
  url: string;
  form: MembersForm | null;
  i18n: I18n;
}

function memberRow(member: ListedMember, all: readonly ListedMember[], reader: Reader): MemberRow {
  const { actor, membership, url, i18n } = reader;
  const { id, name, email, role, pending, signed_in_at, invitation, absence } = member;
  const { t, format } = i18n;
  const you = id === actor.person_id;
  const manages = isOffered(actor, 'administration') && rolesWithin(actor.role).some((one) => one.role === role);
  const own = `${url}/${id}`;
  return {
    ...{ id, name, you, pending, email: shownAddress(email), role: t(roleLabel(role)) },
    photo: photoUrl(membership.slug, member),
    url: !pending && (you || manages) ? own : null,
    form: manages && !isLastOwner(member, all) ? roleForm(member, own, reader) : null,
    limits: limitsText(member, membership.organization_currency, i18n),
    active: pending ? null : signed_in_at,
    away:
      absence &&
      t('Away {{from}} to {{until}}: {{deputy}} stands in', {
        from: format.dayAndMonth(absence.from_on),
        until: format.dayAndMonth(absence.until_on),
        deputy: absence.deputy,
      }),
    invited: pending && invitation ? new Date(invitation.sent_at) : null,
    expired: pending && (!invitation || new Date(invitation.expires_at) < new Date()),
    actions:
      pending && manages
        ? [
            { label: t('Resend'), url: `${own}/resend` },
            { label: t('Withdraw'), url: `${own}/withdraw` },
          ]
        : [],
  };
}

/** Somebody else is made owner before the last one can go. */
export const isLastOwner = ({ id, role }: ListedMember, all: readonly ListedMember[]): boolean =>
  role === 'owner' && !all.some((other) => other.role === 'owner' && !other.pending && other.id !== id);

function roleForm(member: ListedMember, url: string, { actor, form, i18n: { t } }: Reader): RoleForm {
  const typed = form?.person === member.id ? form : null;
  const value = typed?.values['role'] ?? member.role;
  const wanted = STAFF_ROLES.find(({ role }) => role === value);
  const lost = wanted ? lostPermissions(member.role, wanted.role) : [];
  const error = typed ? (Object.values(typed.errors)[0] ?? null) : null;
  return {
    action: `${url}/role`,
    value,
    choices: rolesWithin(actor.role)
      .filter(({ role }) => role !== 'owner' || !member.pending)
      .map(({ role, label }) => ({ value: role, label: t(label) })),
    error,
    losing:
      typed && wanted && lost.length && !error
        ? { role: value, label: t(wanted.label), permissions: lost.map(({ label }) => t(label)) }
        : null,
  };
}

/** "Sends up to $1,000.00 · approves up to $5,000.00"; null without limits. */
export function limitsText(
  { send_limit, approve_limit }: Pick<ListedMember, 'send_limit' | 'approve_limit'>,
  currency: string,
  { t, format }: I18n,
): string | null {
  const texts = [
    send_limit !== null && t('Sends up to {{amount}}', { amount: format.money(send_limit, currency) }),
    approve_limit !== null && t('Approves up to {{amount}}', { amount: format.money(approve_limit, currency) }),
  ].filter((text) => text !== false);
  return texts.length ? texts.join(' · ') : null;
}

function roleTable(members: readonly ListedMember[], { t }: I18n): RoleTable {
  const having = (role: Role, pending: boolean) =>
    members.filter((member) => member.role === role && member.pending === pending).length;
  return {
    roles: STAFF_ROLES.map(({ role, label }) => ({
      label: t(label),
      count: having(role, false),
      invited: having(role, true),
    })),
    permissions: STAFF_PERMISSIONS.map(({ label, explains, roles }) => ({
      label: t(label),
      explains: t(explains),
      permitted: STAFF_ROLES.map(({ role }) => roles.includes(role)),
    })),
  };
}

/** Whether an absence has begun. */
export const isAway = ({ absence }: ListedMember, actor: Actor): boolean =>
  absence !== null && absence.from_on <= today(actor);
