import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import type { EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { senderAddress } from '../address.js';
import { envelope, type Installation } from './compose.js';

// What the sender can do, by why their message was not posted. Nothing of what they wrote comes back: it may not have
// been them.
const WORDS: Readonly<Record<string, readonly [headline: string, told: string]>> = {
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
};

/**
 * The answer to who wrote to us: that it has arrived and what they can do, or why it was refused. Null if the message
 * is gone.
 */
export async function composeHeldNotice(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  place: Installation,
): Promise<SendMailOptions | null> {
  const row = await db('emails as e')
    .join('inbound_deliveries as d', 'd.id', 'e.subject_id')
    .join('organizations as o', 'o.id', 'e.organization_id')
    .leftJoin('people as p', (on) => on.on('p.organization_id', 'd.organization_id').on('p.id', 'd.person_id'))
    .where({ 'e.organization_id': organization_id, 'e.id': email_id })
    .first(
      'o.slug',
      'o.name',
      'o.accent',
      'o.locale',
      'p.locale as reads',
      'o.time_zone',
      'd.code',
      'd.reason',
      'message_header_id',
    )
    .select('e.to_address', 'e.message_id');
  // Posted or filed since: there is nothing to say any more.
  if (!row || !(row.code === 'refused' || WORDS[row.code])) return null;
  const locale: string = row.reads ?? row.locale;
  const t = translatorFor(locale);
  const answered = /^<[^<>\s]{1,250}>$/.test(row.message_header_id)
    ? { inReplyTo: row.message_header_id, references: [row.message_header_id] }
    : {};
  return {
    ...envelope(row, { name: '', address: row.to_address }, row.message_id, place),
    ...answered,
    headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    replyTo: { name: row.name, address: senderAddress(row.slug, place.mail_domain) },
    ...render(t, row, locale),
  };
}

interface HeldNotice {
  headline: string;
  /** What the sender can do; '' if nothing. */
  told: string;
  /** Why staff refused it, in their own words; '' if they did not. */
  reason: string;
}

export const heldNotice = defineView<HeldNotice, EmailLayout>('emails/answer');

interface Facts {
  name: string;
  accent: string;
  time_zone: string;
  code: string;
  reason: string;
}

function render(t: Translate, { name, accent, time_zone, code, reason }: Facts, locale: string) {
  const [headline, told] = code === 'refused' ? ['Your message was not taken', ''] : (WORDS[code] ?? []);
  const words = {
    headline: t(headline ?? ''),
    told: told ? t(told, { organization: name }) : '',
    reason: code === 'refused' ? reason : '',
  };
  return {
    subject: `[${name}] ${words.headline}`,
    ...renderEmail(heldNotice, { locale, time_zone, organization: { name, accent } }, words),
  };
}
