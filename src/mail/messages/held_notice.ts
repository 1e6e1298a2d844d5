import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import type { EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { senderAddress } from '../address.js';
import { type Installation, messageHeaders, subjectOf } from './message_headers.js';
import { oneLine, safeTexts } from './safe_text.js';

// By the code of the decision. The notice quotes nothing of the message: the address on it may be forged.
const NOTICES: Readonly<Record<string, readonly [headline: string, text: string]>> = {
  new: ['Your message has arrived', '{{organization}} will read it and answer.'],
  removed: ['Your message has arrived', '{{organization}} will read it and answer.'],
  colleague: [
    'Your message has arrived',
    'It answers an email that was sent to somebody else, so {{organization}} will read it before it is posted.',
  ],
  stranger: [
    'Your message has arrived',
    'It came from an address that we do not know in this conversation, so {{organization}} will read it before anybody else does. Answer from the address that our email was sent to, and it is posted at once.',
  ],
  empty: [
    'We found nothing new in your message',
    'It holds only text that was quoted. Write above it, and send it once more.',
  ],
  closed: [
    'Your message has arrived',
    'The document that it answers takes no more messages; {{organization}} will read it.',
  ],
  logged: [
    'Your message is in the daily log of {{project}}',
    '{{organization}} and your company can read it, with its photos. More that you send today goes there, too.',
  ],
  summary: [
    'Your message has arrived',
    'It answers a summary, which may be about several documents, so {{organization}} will read it first. To write about one of them, open it from the summary.',
  ],
};

interface HeldNotice {
  headline: string;
  /** What the sender can do; '' if nothing. */
  told: string;
  /** Why staff refused it, in their own words; '' if they did not. */
  reason: string;
}

export const heldNotice = defineView<HeldNotice, EmailLayout>('emails/answer');

interface HeldMessage {
  slug: string;
  name: string;
  accent: string;
  locale: string;
  time_zone: string;
  /** The decision about the message, and the reason staff gave. */
  code: string;
  reason: string;
  /** What the message was about; null: nothing that is known. */
  project: string | null;
  message_header_id: string;
  to_address: string;
  message_id: string;
}

/** The answer to the sender of a message; null if that was posted or filed after all, where they see it. */
export async function composeHeldNotice(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: HeldMessage | undefined = await db('emails as e')
    .join('inbound_deliveries as d', 'd.id', 'e.cause_id')
    .join('organizations as o', 'o.id', 'e.organization_id')
    .leftJoin('people as p', (on) => on.on('p.organization_id', 'd.organization_id').on('p.id', 'd.person_id'))
    .where({ 'e.organization_id': organization_id, 'e.id': email_id })
    .leftJoin('subjects as s', (on) => on.on('s.organization_id', 'd.organization_id').on('s.id', 'd.subject_id'))
    .select(
      's.title as project',
      'o.slug',
      'o.name',
      'o.accent',
      'o.time_zone',
      db.raw('coalesce(p.locale, o.locale) as locale'),
    )
    .first('d.code', 'd.reason', 'message_header_id', 'e.to_address', 'e.message_id');
  if (!row || !(row.code === 'refused' || NOTICES[row.code])) return null;
  const threading = /^<[^<>\s]{1,250}>$/.test(row.message_header_id)
    ? { inReplyTo: row.message_header_id, references: [row.message_header_id] }
    : {};
  const { subject, ...parts } = renderNotice(row);
  const { message_id, to_address } = row;
  return {
    ...messageHeaders(row, { name: '', address: to_address }, { message_id, subject }, installation),
    ...threading,
    headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    replyTo: { name: oneLine(row.name), address: senderAddress(row.slug, installation.mail_domain) },
    ...parts,
  };
}

function renderNotice({ name, accent, locale, time_zone, code, reason, project }: HeldMessage) {
  const t = translatorFor(locale);
  const refused = code === 'refused';
  const [headline = '', text = ''] = refused ? ['Your message was not taken'] : (NOTICES[code] ?? []);
  const notice = {
    headline: t(headline, { project: project ?? '' }),
    told: text && t(text, { organization: name }),
    reason: refused ? reason : '',
  };
  return {
    subject: subjectOf({ name }, notice.headline),
    ...renderEmail(heldNotice, safeTexts({ locale, time_zone, organization: { name, accent } }), safeTexts(notice)),
  };
}
