import type { Actor } from '../../db/scope.js';
import { formatDecimalInput, fromMinor } from '../../documents/content/decimals.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { addDays, today } from '../../pages/days.js';
import type { ButtonLink, Choice, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { Membership } from '../../people/identify.js';
import { isOffered } from '../../subjects/may.js';
import { lostPermissions } from '../../subjects/permissions.js';
import { roleLabel } from '../../subjects/staff_roles.js';
import { dataLinks } from '../data_rights/data_link.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import type { ListedMember } from './member_queries.js';
import { isAway, isLastOwner } from './members_view.js';

/** One member: limits, absence and deputy, the end of their access. */
interface MemberInput {
  side: SettingsSide;
  name: string;
  email: string;
  role: string;
  you: boolean;
  back: Link;
  links: ButtonLink[];
  /** Null for whom may not set them. */
  limits: (FormOf & { currency: string }) | null;
  absence: AbsenceForm | null;
  remove: { action: string; label: string; explains: string; error: string | null } | null;
}

interface FormOf {
  action: string;
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

interface AbsenceForm extends FormOf {
  deputies: Choice[];
  /** What will happen on which day. */
  steps: { when: string; what: string }[];
  /** Null while none is set. */
  cancel: string | null;
  label: string;
}

/** The form that could not be done. */
export interface MemberForm {
  name: 'limits' | 'absence' | 'remove';
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

export const memberPage = defineView<MemberInput>('members/member');

/** @throws NotFound for who neither is the member nor may manage them */
export function memberView(
  member: ListedMember,
  all: readonly ListedMember[],
  actor: Actor,
  membership: Membership,
  side: SettingsSide,
  form: MemberForm | null,
): MemberInput {
  const { slug, organization_currency: currency } = membership;
  const { t } = i18nOf(actor);
  const { id, name, email, role } = member;
  const you = id === actor.person_id;
  const manages =
    isOffered(actor, 'administration') && actor.role !== null && !lostPermissions(role, actor.role).length;
  if (!you && !manages) throw new NotFound();
  const list = `/${slug}/settings/members`;
  const url = `${list}/${id}`;
  const formOf = (wanted: MemberForm['name']) => (form?.name === wanted ? form : null);
  return {
    ...{ side, name, you, email: shownAddress(email), role: t(roleLabel(role)) },
    back: { href: list, label: `← ${t('Members and roles')}` },
    links: dataLinks(actor, membership, id),
    limits: manages && !you && role !== 'owner' ? limitsForm(member, currency, actor, url, formOf('limits')) : null,
    absence: absenceForm(member, all, actor, url, formOf('absence')),
    remove: isLastOwner(member, all) ? null : removal(you, `${url}/remove`, formOf('remove'), actor),
  };
}

function limitsForm(member: ListedMember, currency: string, actor: Actor, url: string, form: MemberForm | null) {
  const typed = (minor: number | null) =>
    minor === null ? '' : formatDecimalInput(fromMinor(minor, currency), actor.locale);
  const saved = { send_limit: typed(member.send_limit), approve_limit: typed(member.approve_limit) };
  return { action: `${url}/limits`, currency, values: form?.values ?? saved, errors: form?.errors ?? {} };
}

function absenceForm(
  member: ListedMember,
  all: readonly ListedMember[],
  actor: Actor,
  url: string,
  form: MemberForm | null,
): AbsenceForm {
  const { t } = i18nOf(actor);
  const { absence } = member;
  const saved = {
    from_on: absence?.from_on ?? '',
    until_on: absence?.until_on ?? '',
    deputy_id: absence?.deputy_id ?? '',
    with_limits: absence?.with_limits ? 'on' : '',
  };
  const deputies = all.filter(({ id, pending }) => id !== member.id && !pending);
  return {
    action: `${url}/absence`,
    values: form?.values ?? saved,
    errors: form?.errors ?? {},
    deputies: [
      { value: '', label: t('Choose a deputy') },
      ...deputies.map(({ id, name }) => ({ value: id, label: name })),
    ],
    steps: absence ? stepsOf(member, absence, actor) : [],
    cancel: absence ? `${url}/absence/cancel` : null,
    label: isAway(member, actor) ? t('End absence now') : t('Cancel absence'),
  };
}

/** What happens on which day, in sentences. */
function stepsOf(
  { name }: ListedMember,
  { from_on, until_on, deputy }: NonNullable<ListedMember['absence']>,
  actor: Actor,
) {
  const { t, format } = i18nOf(actor);
  const started = from_on <= today(actor);
  return [
    {
      when: format.date(from_on),
      what: started
        ? t('{{deputy}} gets the emails of {{name}}, too.', { deputy, name })
        : t('{{deputy}} will get the emails of {{name}}, too.', { deputy, name }),
    },
    { when: t('Meanwhile'), what: t('What {{deputy}} does there reads “{{deputy}}, for {{name}}”.', { deputy, name }) },
    {
      when: format.date(addDays(until_on, 1)),
      what: t('It ends by itself, and {{name}} gets a summary by email.', { name }),
    },
  ];
}

function removal(you: boolean, action: string, form: MemberForm | null, actor: Actor) {
  const { t } = i18nOf(actor);
  return {
    action,
    label: you ? t('Leave this organization') : t('End their access'),
    explains: you
      ? t('You lose access at once, on every device. What you wrote stays.')
      : t('They lose access at once, on every device, open pages included. What they wrote stays.'),
    error: form ? (Object.values(form.errors)[0] ?? null) : null,
  };
}
