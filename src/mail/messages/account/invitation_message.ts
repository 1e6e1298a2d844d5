import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { linkToken } from '../../../db/secrets.js';
import { formatFor } from '../../../pages/format.js';
import { type Translate, translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView } from '../../../pages/views/render.js';
import { type Addressing, addressingOf, headersFor, renderFor } from './account_messages.js';
import type { Installation } from '../message_headers.js';

interface InvitationEmail {
  headline: string;
  subtitle: string;
  /** The inviter's own words, with their name; null if they wrote none. */
  message: { from: string; text: string } | null;
  button: EmailButton;
  /** Until when the button works, and what does without it. */
  foot: string;
}

export const invitationEmail = defineView<InvitationEmail, EmailLayout>('emails/invitation');

interface Invitation {
  invitation_id: string;
  message: string;
  expires_at: Date;
  inviter: string | null;
  partner: string | null;
}

/** The email that invites a person to activate their account; null once they did, or may not any more. */
export async function composeInvitation(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: Row | undefined = await addressingOf(db, organization_id, email_id)
    .join('invitations as i', (on) => on.on('i.organization_id', 'e.organization_id').on('i.id', 'e.cause_id'))
    .leftJoin('people as b', (on) => on.on('b.organization_id', 'i.organization_id').on('b.id', 'i.invited_by'))
    .leftJoin('partners as n', (on) => on.on('n.organization_id', 'i.organization_id').on('n.id', 'i.partner_id'))
    .where({ 'p.removed_at': null, 'i.accepted_at': null, 'i.revoked_at': null })
    .first('i.id as invitation_id', 'i.message', 'i.expires_at', 'b.name as inviter', 'n.name as partner');
  if (!row) return null;
  const t = translatorFor(row.locale);
  const words = row.partner ? wordsForContact(row, t) : wordsForStaff(row, t);
  const { message, invitation_id, inviter, organization } = row;
  const url = `${installation.base_url}/invitation/${linkToken(installation.secret, invitation_id)}`;
  return {
    ...headersFor(row, words.headline, installation),
    ...renderFor(row, invitationEmail, {
      ...words,
      message: message ? { from: inviter ?? organization, text: message } : null,
      button: { label: t('Set up your account'), url },
    }),
  };
}

type Row = Addressing & Invitation;
type Words = Pick<InvitationEmail, 'headline' | 'subtitle' | 'foot'>;

const dateIn = ({ locale, time_zone, expires_at }: Row) => formatFor({ locale, time_zone }).dateTime(expires_at);

const wordsForContact = (row: Row, t: Translate): Words => ({
  headline: t('{{name}} invites you to {{organization}}’s portal', namesIn(row)),
  subtitle: t('For {{partner}}: documents, messages and payments in one place.', { partner: row.partner ?? '' }),
  foot: t('The button works until {{date}}. You can answer, sign and pay from our emails without an account, too.', {
    date: dateIn(row),
  }),
});

const wordsForStaff = (row: Row, t: Translate): Words => ({
  headline: t('{{name}} invites you to work at {{organization}}’s desk', namesIn(row)),
  subtitle: t('Documents, partners and messages in one place.'),
  foot: t('The button works until {{date}}.', { date: dateIn(row) }),
});

const namesIn = ({ inviter, organization }: Row) => ({ name: inviter ?? organization, organization });
