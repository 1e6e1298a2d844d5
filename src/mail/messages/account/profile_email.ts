import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { describeProfileChanges, profileChangesIn } from '../../../activity/profile_changes.js';
import { formatFor } from '../../../pages/format.js';
import { type Translate, translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView } from '../../../pages/views/render.js';
import { type Installation, subjectOf } from '../message_headers.js';
import { safeTexts } from '../safe_text.js';
import { type Addressing, addressingOf, headersFor, renderFor } from './account_messages.js';

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

interface Row extends Addressing {
  reader_partner: string | null;
  /** Whether this is where they are reached now. */
  current: boolean;
  action: string;
  details: Record<string, unknown>;
  happened_at: Date;
  partner_id: string;
  partner: string;
  actor: string | null;
}

/** The email that tells of a partner's profile: what was changed, what expires; null if it is gone. */
export async function composeProfileEmail(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: Row | undefined = await addressingOf(db, organization_id, email_id)
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.cause_id'))
    .join('partners as n', (on) => on.on('n.organization_id', 'a.organization_id').on('n.id', 'a.partner_id'))
    .leftJoin('people as w', (on) => on.on('w.organization_id', 'a.organization_id').on('w.id', 'a.person_id'))
    .select('p.partner_id as reader_partner', db.raw('p.email = e.to_address and p.removed_at is null as current'))
    .first(
      'a.action',
      'a.details',
      'a.created_at as happened_at',
      'a.partner_id',
      'n.name as partner',
      'w.name as actor',
    );
  if (!row) return null;
  const input = inputOf(row, installation.base_url);
  const { headline } = safeTexts(input);
  return {
    ...headersFor(row, subjectOf({ name: row.organization }, headline), installation),
    ...renderFor(row, profileEmail, safeTexts(input)),
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
    subtitle: [row.actor, format.dateTime(row.happened_at)].filter(Boolean).join(' · '),
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
