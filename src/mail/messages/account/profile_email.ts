import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { describeProfileChanges, profileChangesIn } from '../../../activity/profile_changes.js';
import { formatFor } from '../../../pages/format.js';
import { type Translate, translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../../pages/views/render.js';
import { type Installation, messageHeaders, subjectOf } from '../message_headers.js';
import { safeTexts } from '../safe_text.js';

interface ProfileEmail {
  headline: string;
  subtitle: string;
  details: { label: string; before: string; after: string }[];
  /** What to do. */
  advice: string;
  /** Null for who has no access any more. */
  button: EmailButton | null;
  why: string;
}

export const profileEmail = defineView<ProfileEmail, EmailLayout>('emails/profile');

interface Row {
  slug: string;
  organization: string;
  accent: string;
  name: string;
  locale: string;
  time_zone: string;
  to_address: string;
  message_id: string;
  reader_partner: string | null;
  /** Whether this is where they are reached now. */
  current: boolean;
  action: string;
  details: Record<string, unknown>;
  created_at: Date;
  partner_id: string;
  partner: string;
  actor: string | null;
}

const ROW = `select o.slug, o.name as organization, o.accent, p.name, p.locale, p.time_zone, e.to_address, e.message_id,
    p.partner_id as reader_partner, p.email = e.to_address and p.removed_at is null as current,
    a.action, a.details, a.created_at, a.partner_id, n.name as partner, w.name as actor
  from emails e
  join people p on p.organization_id = e.organization_id and p.id = e.person_id
  join organizations o on o.id = e.organization_id
  join activities a on a.organization_id = e.organization_id and a.id = e.cause_id
  join partners n on n.organization_id = a.organization_id and n.id = a.partner_id
  left join people w on w.organization_id = a.organization_id and w.id = a.person_id
  where e.organization_id = ? and e.id = ?`;

/** The email that tells of a partner's profile: what was changed, what expires; null if it is gone. */
export async function composeProfileEmail(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const { rows } = await db.raw<{ rows: Row[] }>(ROW, [organization_id, email_id]);
  const [row] = rows;
  if (!row) return null;
  const { slug, organization, accent, name, locale, time_zone, to_address, message_id } = row;
  const input = safeTexts(inputOf(row, installation.base_url));
  return {
    ...messageHeaders(
      { slug, name: organization },
      { name, address: to_address },
      { message_id, subject: subjectOf({ name: organization }, input.headline) },
      installation,
    ),
    date: row.created_at,
    ...renderEmail(profileEmail, safeTexts({ locale, time_zone, organization: { name: organization, accent } }), input),
  };
}

interface Words {
  headline: string;
  /** To staff, and to contacts. */
  advice: [staff: string, contacts: string];
}

const CALL: Words['advice'] = [
  'Before you pay, call {{partner}} on a number you already have. We’ll show a warning on their bills for 7 days.',
  'If nobody at {{partner}} did this, call {{organization}} right away.',
];
const CHECK: Words['advice'] = [
  'Review what changed on the partner’s page.',
  'Check that it’s right. If it isn’t, you can correct it in your profile.',
];

const WORDS: Readonly<Record<string, Words>> = {
  change_profile: { headline: '{{actor}} changed the details of {{partner}}', advice: CHECK },
  confirm_profile: { headline: '{{actor}} confirmed the details of {{partner}}', advice: CHECK },
  change_bank_account: { headline: 'Bank details of {{partner}} changed', advice: CALL },
  remove_bank_account: { headline: 'A bank account of {{partner}} was removed', advice: CALL },
  add_partner_file: { headline: '{{actor}} added a document to the profile of {{partner}}', advice: CHECK },
  expire_partner_file: {
    headline: '{{file}} of {{partner}} expires on {{date}}',
    advice: ['Ask {{partner}} for a new one, or upload it yourself.', 'Upload the new one in your profile.'],
  },
};

function inputOf(row: Row, base_url: string): ProfileEmail {
  const { slug, organization, partner, partner_id, reader_partner, current, action, details } = row;
  const t = translatorFor(row.locale);
  const format = formatFor(row);
  const { file, valid_until } = details;
  const values = {
    actor: row.actor ?? organization,
    partner,
    organization,
    ...(typeof file === 'string' ? { file: t(file) } : {}),
    ...(typeof valid_until === 'string' ? { date: format.date(valid_until) } : {}),
  };
  const words = WORDS[action] ?? { headline: '{{actor}} changed the details of {{partner}}', advice: CHECK };
  const url = `${base_url}/${slug}/${reader_partner ? 'profile' : `partners/${partner_id}/profile`}`;
  const changes = describeProfileChanges(profileChangesIn(details), { t, format });
  return {
    headline: t(words.headline, values),
    subtitle: [row.actor, format.dateTime(row.created_at)].filter(Boolean).join(' · '),
    details: changes.map(({ what, before, after }) => ({ label: what, before, after })),
    advice: t(words.advice[reader_partner ? 1 : 0], values),
    button: current ? { label: t('Review profile'), url } : null,
    why: whyOf(row, t),
  };
}

const whyOf = ({ reader_partner, current, partner, organization }: Row, t: Translate) =>
  !current
    ? t('Sent to this address because it belonged to a contact of {{partner}} until recently.', { partner })
    : reader_partner
      ? t('Sent to you as a contact of {{partner}}.', { partner })
      : t('Sent to you because you look after partners at {{organization}}.', { organization });
