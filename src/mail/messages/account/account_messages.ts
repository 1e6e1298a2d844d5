import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { linkToken, sixDigits } from '../../../db/secrets.js';
import { translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView, renderEmail, type View } from '../../../pages/views/render.js';
import { type Installation, messageHeaders } from '../message_headers.js';
import { safeTexts } from '../safe_text.js';

interface CodeEmail {
  /** Six digits. */
  code: string;
  minutes: number;
  button: EmailButton;
  /** What it is for, if it is not to sign in. */
  why?: string;
}

interface TestEmail {
  headline: string;
  subtitle: string;
  button: EmailButton;
}

export const codeEmail = defineView<CodeEmail, EmailLayout>('emails/code');
export const testEmail = defineView<TestEmail, EmailLayout>('emails/test');

/** An email's sender and recipient, for messages to one person that aren't about a document. */
export interface Addressing {
  slug: string;
  organization: string;
  accent: string;
  name: string;
  locale: string;
  time_zone: string;
  to_address: string;
  message_id: string;
  created_at: Date;
}

/** The query for an email's sender and recipient, to which a message adds what it is about. */
export const addressingOf = (db: Knex.Transaction, organization_id: string, email_id: string) =>
  db('emails as e')
    .join('organizations as o', 'o.id', 'e.organization_id')
    .join('people as p', (on) => on.on('p.organization_id', 'e.organization_id').on('p.id', 'e.person_id'))
    .where({ 'e.organization_id': organization_id, 'e.id': email_id })
    .select('o.slug', 'o.name as organization', 'o.accent', 'p.name', 'p.locale', 'p.time_zone')
    .select('e.to_address', 'e.message_id', 'e.created_at');

/** The email with a sign-in code and link; null once they have expired or were used. */
export async function composeCode(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: (Addressing & { sign_in_id: string }) | undefined = await addressingOf(db, organization_id, email_id)
    .join('sign_ins as s', 's.id', 'e.cause_id')
    .where('s.expires_at', '>', db.fn.now())
    .whereNull('s.code_used_at')
    .first('s.id as sign_in_id');
  if (!row) return null;
  const { organization, sign_in_id } = row;
  const t = translatorFor(row.locale);
  const code = sixDigits(installation.secret, sign_in_id);
  const url = `${installation.base_url}/sign-in/link/${linkToken(installation.secret, sign_in_id)}`;
  return {
    ...headersFor(row, t('{{code}} is your code for {{organization}}', { code, organization }), installation),
    ...renderFor(row, codeEmail, { code, minutes: 15, button: { label: t('Sign in'), url } }),
  };
}

/** The test message that staff send themselves from the delivery page; null if the person was removed. */
export async function composeTestMessage(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: Addressing | undefined = await addressingOf(db, organization_id, email_id)
    .whereNull('p.removed_at')
    .first();
  if (!row) return null;
  const t = translatorFor(row.locale);
  return {
    ...headersFor(row, t('A test from {{organization}}', { organization: row.organization }), installation),
    ...renderFor(row, testEmail, {
      headline: t('Your mail arrives'),
      subtitle: t('You asked for this test on the page about delivery.'),
      button: { label: t('Back to delivery'), url: `${installation.base_url}/${row.slug}/delivery` },
    }),
  };
}

/** The headers of a message to one person. */
export const headersFor = (
  { slug, organization, name, to_address, message_id, created_at }: Addressing,
  subject: string,
  installation: Installation,
) => ({
  ...messageHeaders({ slug, name: organization }, { name, address: to_address }, { message_id, subject }, installation),
  date: created_at,
});

/** Its HTML and text. */
export const renderFor = <Input extends object>(
  { locale, time_zone, organization, accent }: Addressing,
  view: View<Input, EmailLayout>,
  input: NoInfer<Input>,
) => renderEmail(view, safeTexts({ locale, time_zone, organization: { name: organization, accent } }), input);
