import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { envelope, type Installation } from './compose.js';

interface TestEmail {
  headline: string;
  subtitle: string;
  button: EmailButton;
}

export const testEmail = defineView<TestEmail, EmailLayout>('emails/test');

/** The message of the test that staff send themselves, as plain as it is said to be; null if the person is gone. */
export async function composeTestMessage(
  db: Knex.Transaction,
  organization_id: string,
  id: string,
  place: Installation,
): Promise<SendMailOptions | null> {
  const row = await db('emails as e')
    .join('organizations as o', 'o.id', 'e.organization_id')
    .join('people as p', (on) => on.on('p.organization_id', 'e.organization_id').on('p.id', 'e.person_id'))
    .where({ 'e.organization_id': organization_id, 'e.id': id, removed_at: null })
    .first(
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
  return {
    ...envelope(
      { slug: row.slug, name: row.organization },
      { name: row.name, address: row.to_address },
      row.message_id,
      place,
    ),
    subject: t('A test from {{organization}}', { organization: row.organization }),
    ...renderEmail(
      testEmail,
      {
        locale: row.locale,
        time_zone: row.time_zone,
        organization: { name: row.organization, accent: row.accent },
      },
      {
        headline: t('Your mail arrives'),
        subtitle: t('You asked for this test on the page about delivery.'),
        button: { label: t('Back to delivery'), url: `${place.base_url}/${row.slug}/delivery` },
      },
    ),
  };
}
