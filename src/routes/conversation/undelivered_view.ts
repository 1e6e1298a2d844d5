import type { Conversation } from '../../conversation/conversation.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { reasonText } from '../../mail/mail_room/reason_text.js';
import type { Link } from '../../pages/views/components.js';

/** What staff can do about a rejection, by the enhanced status code (RFC 3463) in it; the first that fits. */
const ADVICE: readonly (readonly [code: RegExp, why: string, next: string])[] = [
  [
    /\b5\.1\.|\b5\.4\.[14]\b/,
    'There is no such address.',
    'Ask for the right one and correct it, or send it to somebody else there.',
  ],
  [/\b5\.2\.1\b/, 'The mailbox is closed.', 'Ask who takes care of it now, and send it to them.'],
  [/\b[45]\.2\.2\b/, 'The mailbox is full.', 'Call them, or send it to somebody else there.'],
  [
    /\b5\.3\.4\b/,
    'The message was too large for their server.',
    'Send it without attachments: the link in it opens everything.',
  ],
  [
    /\b5\.7\./,
    'Their server took it for unwanted mail.',
    'Ask them to accept mail from you; meanwhile call, or send it to somebody else there.',
  ],
];
const OTHER = ['Their server did not take it.', 'Check the address, or send it to somebody else there.'] as const;

export interface Undelivered {
  what: string;
  why: string;
  next: string;
  fix: Link | null;
}

interface Shown extends Pick<Conversation, 'deliveries' | 'held'> {
  partner_id: string | null;
}

/** The people whom the last email about a subject did not reach, with the reason and what to do. For staff. */
export const undeliveredView = ({ deliveries, partner_id }: Shown, slug: string, { t }: I18n): Undelivered[] =>
  deliveries
    .filter(({ state, current }) => current && (state === 'bounced' || state === 'failed'))
    .map(({ id, name, email, detail }) => {
      const [, why, next] = ADVICE.find(([code]) => code.test(detail)) ?? [null, ...OTHER];
      const href = `/${slug}/partners/${partner_id}/contacts/${id}/edit`;
      return {
        what: t('{{name}} did not get the last email', { name: `${name} <${email}>` }),
        why: t(why),
        next: t(next),
        fix: partner_id ? { href, label: t('Correct the address') } : null,
      };
    });

export interface HeldMessage {
  href: string;
  what: string;
  why: string;
}

/** Messages in the mail room that seem to be about a subject. For staff. */
export const heldMailView = ({ held }: Shown, slug: string, { t }: I18n): HeldMessage[] =>
  held.map((message) => ({
    href: `/${slug}/mail-room/${message.id}`,
    what: t('A message from {{name}} waits for you.', {
      name: message.from_name || message.from_address || t('Someone'),
    }),
    why: reasonText(message, t),
  }));
