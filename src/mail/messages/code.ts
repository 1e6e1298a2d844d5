import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { linkToken, sixDigits } from '../../db/secrets.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { envelope, type Installation } from './compose.js';

interface CodeEmail {
  /** Six digits. */
  code: string;
  minutes: number;
  button: EmailButton;
  /** What it is for, if it is not to sign in. */
  why?: string;
}

export const codeEmail = defineView<CodeEmail, EmailLayout>('emails/code');

/** The email with a sign-in's code and link; null once they have expired: a late code helps nobody. */
export async function composeCode(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  place: Installation,
): Promise<SendMailOptions | null> {
  const row = await db('emails as e')
    .join('sign_ins as s', 's.id', 'e.subject_id')
    .join('organizations as o', 'o.id', 'e.organization_id')
    .join('people as p', (on) => on.on('p.organization_id', 'e.organization_id').on('p.id', 'e.person_id'))
    .where({ 'e.organization_id': organization_id, 'e.id': email_id })
    .where('s.expires_at', '>', db.fn.now())
    .first(
      's.id',
      'o.slug',
      'o.name as organization',
      'o.accent',
      'p.name',
      'p.locale',
      'p.time_zone',
      'e.to_address',
      'e.message_id',
    );
  if (!row) return null;
  const t = translatorFor(row.locale);
  const code = sixDigits(place.secret, row.id);
  return {
    ...envelope(
      { slug: row.slug, name: row.organization },
      { name: row.name, address: row.to_address },
      row.message_id,
      place,
    ),
    subject: t('{{code}} is your code for {{organization}}', { code, organization: row.organization }),
    ...renderEmail(
      codeEmail,
      {
        locale: row.locale,
        time_zone: row.time_zone,
        organization: { name: row.organization, accent: row.accent },
      },
      {
        code,
        minutes: 15,
        button: { label: t('Sign in'), url: `${place.base_url}/sign-in/link/${linkToken(place.secret, row.id)}` },
      },
    ),
  };
}
