import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { deviceName } from '../../../input/device_name.js';
import { formatFor } from '../../../pages/format.js';
import { translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView } from '../../../pages/views/render.js';
import { type Addressing, addressingOf, headersFor, renderFor } from './account_messages.js';
import type { Installation } from '../message_headers.js';

interface AlertEmail {
  headline: string;
  subtitle: string;
  /** What it means, and what to do. */
  advice: string;
  button: EmailButton | null;
}

export const alertEmail = defineView<AlertEmail, EmailLayout>('emails/alert');

/** Tells the owner of an address what happened to how they sign in; null if they were removed. */
export async function composeAlert(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  return (
    (await composeWrongCodes(db, organization_id, email_id, installation)) ??
    (await composeChange(db, organization_id, email_id, installation))
  );
}

interface WrongCode {
  wrong_id: string;
  kind: keyof typeof WRONG;
  remote_ip: string;
  last_at: Date;
}

/** What was typed wrongly, as the subject, the headline and what to do. */
const WRONG = {
  code: [
    'Wrong sign-in codes for your address',
    'Someone typed {{count}} wrong sign-in codes',
    'If that was you, ask for a new code. If not, nobody got in, and you can still sign in with a code or the link in its email. Never give a code to anyone.',
  ],
  password: [
    'Wrong passwords for your address',
    'Someone typed {{count}} wrong passwords',
    'If that was you, sign in with an emailed code and change your password. If not, nobody got in.',
  ],
  second_step: [
    'Wrong authenticator codes for your address',
    'Someone typed {{count}} wrong authenticator codes',
    'Whoever typed them has read a code in your mailbox or knows your password. If that was not you, change the password of your mailbox.',
  ],
} as const;

async function composeWrongCodes(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: (Addressing & WrongCode) | undefined = await addressingOf(db, organization_id, email_id)
    .join('wrong_codes as w', 'w.id', 'e.cause_id')
    .whereNull('p.removed_at')
    .first('w.id as wrong_id', 'w.kind', 'w.remote_ip', 'w.created_at as last_at');
  if (!row) return null;
  const { wrong_id, kind, remote_ip, last_at, locale, time_zone, organization } = row;
  const count = await db('wrong_codes')
    .where({ address: row.to_address, kind })
    .where('id', '<=', wrong_id)
    .whereRaw(`created_at > ?::timestamptz - interval '1 day'`, [last_at])
    .pluck('id');
  const t = translatorFor(locale);
  const values = { count: count.length, when: formatFor({ locale, time_zone }).dateTime(last_at), ip: remote_ip };
  const [subject, headline, advice] = WRONG[kind];
  return {
    ...headersFor(row, t(subject), installation),
    ...renderFor(row, alertEmail, {
      headline: t(headline, values),
      subtitle: t('For your address at {{organization}}, last on {{when}} from {{ip}}.', { ...values, organization }),
      advice: t(advice),
      button: null,
    }),
  };
}

interface Change {
  action: string;
  detail: string;
  remote_ip: string;
  user_agent: string;
  happened_at: Date;
}

/** What happened, as the subject and headline. */
const CHANGES: Record<string, string> = {
  new_device: 'You signed in on a new device',
  password_set: 'Your password was changed',
  password_removed: 'Your password was removed',
  passkey_added: 'You added the passkey {{name}}',
  passkey_removed: 'You removed the passkey {{name}}',
  totp_on: 'Your authenticator app is on',
  totp_off: 'Your authenticator app is off',
  recovery_codes_made: 'You have new recovery codes',
  api_token_made: 'You made the API token {{name}}',
  api_token_revoked: 'You revoked the API token {{name}}',
  recovery_code_used: 'A recovery code was used to sign in',
  provider_refused: 'Someone tried to sign in with your address at {{name}}',
};

async function composeChange(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: (Addressing & Change) | undefined = await addressingOf(db, organization_id, email_id)
    .join('security_events as s', (on) => on.on('s.organization_id', 'e.organization_id').on('s.id', 'e.cause_id'))
    .whereNull('p.removed_at')
    .first('s.action', 's.detail', 's.remote_ip', 's.user_agent', 's.created_at as happened_at');
  if (!row) return null;
  const { action, detail, remote_ip, user_agent, happened_at, locale, time_zone, organization, slug } = row;
  const t = translatorFor(locale);
  const headline = t(CHANGES[action] ?? 'Your sign-in changed', { name: detail });
  const device = deviceName(user_agent, t);
  const when = formatFor({ locale, time_zone }).dateTime(happened_at);
  const values = { organization, when, ip: remote_ip, device: device ?? '' };
  return {
    ...headersFor(row, headline, installation),
    ...renderFor(row, alertEmail, {
      headline,
      subtitle: device
        ? t('{{device}}, for your address at {{organization}}, on {{when}} from {{ip}}.', values)
        : t('For your address at {{organization}}, on {{when}} from {{ip}}.', values),
      advice: t(
        'If that was you, there is nothing to do. If not, sign out all other devices and tell {{organization}}.',
        {
          organization,
        },
      ),
      button: { label: t('Review your devices'), url: `${installation.base_url}/${slug}/settings/devices` },
    }),
  };
}
