import type { Actor, Query } from '../../db/scope.js';
import type { Tone } from '../../document_types/index.js';
import type { I18n } from '../../documents/queries/sheet.js';

/** How far a contact has come: sent documents only, invited, or active. */
export interface ContactState {
  bounced_at: Date | null;
  guest: boolean;
  activated_at: Date | null;
  /** Of the last invitation, unless it was withdrawn. */
  sent_at: Date | null;
  expires_at: Date | null;
}

/** SQL: the columns of `ContactState`, of `people`; the last invitation is joined by `LAST_INVITATION`. */
export const STATE_COLUMNS = 'people.bounced_at, people.guest, people.activated_at, last.sent_at, last.expires_at';
export const LAST_INVITATION = `left join lateral (
    select i.sent_at, i.expires_at from invitations i
    where i.organization_id = people.organization_id and i.person_id = people.id and i.revoked_at is null
    order by i.id desc limit 1) last on true`;

/** A contact with what they may use. */
export interface ContactAccess extends ContactState {
  id: string;
  name: string;
  email: string;
  title: string;
  role: string;
  modules: string[] | null;
}

const COLUMNS = `people.id, people.name, people.email, people.title, people.role, people.modules, ${STATE_COLUMNS}
  from people ${LAST_INVITATION} where people.organization_id = $1 and people.partner_id = $2
  and people.removed_at is null`;

/** The contacts of a partner. */
export const contactAccess = ({ organization_id }: Actor, partner_id: string | null): Query<ContactAccess> => ({
  name: 'contact_access',
  text: `select ${COLUMNS} order by people.id limit 200`,
  values: [organization_id, partner_id],
});

/** The partner itself, with what decides which modules it can have. */
export const partnerKind = (
  { organization_id }: Actor,
  partner_id: string,
): Query<{ id: string; name: string; is_customer: boolean; is_vendor: boolean }> => ({
  name: 'partner_kind',
  text: 'select id, name, is_customer, is_vendor from partners where organization_id = $1 and id = $2',
  values: [organization_id, partner_id],
});

interface StateLabel {
  state_label: string;
  tone: Tone;
}

/** A contact's state in words: "Invited Thursday". */
export function contactState(contact: ContactState, { t, format }: I18n, now = new Date()): StateLabel {
  const { bounced_at, guest, activated_at, sent_at, expires_at } = contact;
  if (bounced_at) return { state_label: t('Email came back'), tone: 'late' };
  if (guest) return { state_label: t('Sees some'), tone: 'quiet' };
  if (activated_at)
    return { state_label: t('Active since {{when}}', { when: format.when(activated_at, now).text }), tone: 'good' };
  if (!sent_at || !expires_at) return { state_label: t('Not invited'), tone: 'quiet' };
  if (expires_at < now) return { state_label: t('Invitation expired'), tone: 'late' };
  return { state_label: t('Invited {{when}}', { when: format.when(sent_at, now).text }), tone: 'waiting' };
}

/** Whether an invitation of theirs can be sent again or taken back. */
export const isInvited = ({ activated_at, sent_at }: ContactState): boolean => !activated_at && sent_at !== null;
