import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { queryPrepared } from '../../db/scope.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { type Installation, messageHeaders, subjectOf } from '../messages/message_headers.js';
import { safeTexts } from '../messages/safe_text.js';
import { reasonText, type StoredReason } from './reason_text.js';
import { warningsOf } from './warnings.js';

interface MailRoomReport {
  headline: string;
  messages: ReportedMessage[];
  /** That there are more than are listed. */
  more: string | null;
  button: EmailButton;
}

interface ReportedMessage {
  from: string;
  /** '' where `from` is the address itself. */
  address: string;
  subject: string;
  reason: string;
  warnings: string[];
}

export const mailRoomReport = defineView<MailRoomReport, EmailLayout>('emails/mail_room');

/** So many messages are listed; the page has all. */
const MAX_LISTED = 10;

interface Recipient {
  slug: string;
  organization: string;
  accent: string;
  person_id: string;
  name: string;
  locale: string;
  time_zone: string;
  to_address: string;
  message_id: string;
}

const RECIPIENT = `select o.slug, o.name as organization, o.accent, p.id as person_id, p.name, p.locale, p.time_zone,
    e.to_address, e.message_id
  from emails e
  join people p on p.organization_id = e.organization_id and p.id = e.person_id
    and p.partner_id is null and p.removed_at is null
  join organizations o on o.id = e.organization_id
  where e.organization_id = $1 and e.id = $2`;

// What waits now and the reader wasn't told of.
const TELL = `insert into mail_room_reports (organization_id, person_id, delivery_id, email_id)
  select $1, $3, d.id, $2 from (
    select id from inbound_deliveries where organization_id = $1 and state = 'held' order by id desc limit 200) d
  on conflict do nothing`;

const TOLD = `select d.* from mail_room_reports r
  cross join lateral (
    select id, from_name, from_address, subject, preview, audience, impersonates, reason, reason_sentence, reason_values
    from inbound_deliveries d where d.organization_id = $1 and d.id = r.delivery_id and d.state = 'held' limit 1) d
  where r.organization_id = $1 and r.email_id = $2 order by d.id desc`;

interface Told extends StoredReason {
  id: string;
  from_name: string;
  from_address: string;
  subject: string;
  preview: string;
  audience: string | null;
  impersonates: string;
}

/** The email that tells a member of the staff what waits in the mail room; null if nothing does any more. */
export async function composeMailRoomReport(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const [recipient] = await queryPrepared<Recipient>(db, RECIPIENT, [organization_id, email_id]);
  if (!recipient) return null;
  await queryPrepared(db, TELL, [organization_id, email_id, recipient.person_id]);
  const told = await queryPrepared<Told>(db, TOLD, [organization_id, email_id]);
  return told.length > 0 ? compose(recipient, told, installation) : null;
}

function compose(recipient: Recipient, told: Told[], installation: Installation): SendMailOptions {
  const { slug, organization, accent, name, locale, time_zone, to_address, message_id } = recipient;
  const t = translatorFor(locale);
  const [only, ...others] = told;
  const url = `${installation.base_url}/${slug}/mail-room${only && others.length === 0 ? `/${only.id}` : ''}`;
  const report = safeTexts<MailRoomReport>({
    headline: headlineOf(told, t),
    messages: told.slice(0, MAX_LISTED).map((one) => reported(one, t)),
    more: told.length > MAX_LISTED ? t('and {{count}} more', { count: told.length - MAX_LISTED }) : null,
    button: { label: t(others.length ? 'Open the mail room' : 'Open the message'), url },
  });
  return {
    ...messageHeaders(
      { slug, name: organization },
      { name, address: to_address },
      { message_id, subject: subjectOf({ name: organization }, report.headline) },
      installation,
    ),
    ...renderEmail(
      mailRoomReport,
      safeTexts({ locale, time_zone, organization: { name: organization, accent } }),
      report,
    ),
  };
}

function headlineOf(told: Told[], t: Translate): string {
  const [only, ...others] = told;
  if (only && others.length === 0)
    return t('A message from {{name}} waits for you', { name: only.from_name || only.from_address || t('Unknown') });
  return t('{{count}} messages wait for you', { count: told.length });
}

const reported = (told: Told, t: Translate): ReportedMessage => ({
  from: told.from_name || told.from_address || t('Nobody we could read'),
  address: told.from_name ? told.from_address : '',
  subject: told.audience === 'partner' ? '' : told.subject || t('(no subject)'),
  reason: reasonText(told, t),
  warnings: warningsOf(told, t),
});
