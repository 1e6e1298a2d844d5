import type { Tone } from '../../document_types/index.js';
import type { MailRoomMessage, SameMessage } from '../../inbound/mail_room/messages.js';
import type { MailPreview } from '../../inbound/reading/display/message_preview.js';
import { reasonText } from '../../mail/mail_room/reason_text.js';
import { withoutSecrets } from '../../input/own_secrets.js';
import type { Translate } from '../../pages/i18n.js';
import type { FileRow, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { type MailAction, mailActions, type MailFormState } from './mail_actions_view.js';
import { type MailRow, mailRow, readableText } from './mail_room_view.js';

/** One message of the mail room. */
interface MailMessageInput {
  /** With its whole text. */
  mail: MailRow & { recipient: string; decided_by: string | null };
  proof: Proof;
  document: { name: string; url: string } | null;
  partner: { name: string; url: string } | null;
  /** Other messages with the same Message-ID. */
  same: { href: string; recipient: string; reason: string }[];
  back: Link;
  preview_url: string;
  original_url: string | null;
  /** The original, read again for display; null once it was deleted. */
  looked: OriginalView | null;
  /** Why there is no original. */
  gone: string | null;
  actions: MailAction[];
}

/** Who sent it, and how sure that is. */
interface Proof {
  tone: Tone;
  label: string;
  evidence: string;
}

interface OriginalView extends Pick<MailPreview, 'text' | 'blocked_images' | 'notices' | 'event'> {
  headers: { name: string; value: string }[];
  attachments: FileRow[];
}

export const mailMessagePage = defineView<MailMessageInput>('mail_room/mail_message');

/** A message with the others of the same Message-ID, and its original. */
export interface OpenedMessage {
  mail: MailRoomMessage;
  same: SameMessage[];
  original: MailPreview | null;
}

/** `form`: an action's form to show again. */
export function mailMessageView(
  { mail, same, original }: OpenedMessage,
  slug: string,
  t: Translate,
  form: MailFormState | null,
): MailMessageInput {
  const all = `/${slug}/mail-room`;
  const url = `${all}/${mail.id}`;
  return {
    mail: {
      ...mailRow(mail, all, t),
      text: readableText(mail, mail.preview, t),
      recipient: withoutSecrets(mail.recipient),
      decided_by: mail.decided_by,
    },
    proof: proofOf(mail, t),
    document: documentOf(mail, slug, t),
    partner: mail.partner ? { name: mail.partner, url: `/${slug}/partners/${mail.partner_id}` } : null,
    same: same.map((other) => sameView(other, all, t)),
    back: { href: all, label: `← ${t('Mail room')}` },
    preview_url: `${url}/preview`,
    original_url: original ? `${url}/original` : null,
    looked: original && originalView(original),
    gone: goneOf(mail, t),
    actions: mailActions(mail, url, t, form),
  };
}

/** What is proven is the domain, and not the person: a name can be anybody's. */
function proofOf({ verified, evidence, from_address, impersonates }: MailRoomMessage, t: Translate): Proof {
  if (!from_address) return { tone: 'stopped', label: t('Unknown'), evidence: t('It does not say who sent it.') };
  if (impersonates)
    return { tone: 'late', label: t('Not the address we know for {{name}}', { name: impersonates }), evidence };
  const domain = from_address.slice(from_address.lastIndexOf('@') + 1);
  if (verified) return { tone: 'good', label: t('Sent by {{domain}}', { domain }), evidence };
  return {
    tone: 'waiting',
    label: t('Unverified'),
    evidence: evidence || t('Nothing proves that it came from there.'),
  };
}

function documentOf(mail: MailRoomMessage, slug: string, t: Translate): MailMessageInput['document'] {
  const { subject_id: id, kind, number, title } = mail;
  if (!id || !kind) return null;
  return {
    name: [number, title].filter(Boolean).join(' · ') || t('Draft'),
    url: subjectUrl(slug, { id, kind, number }),
  };
}

const sameView = (same: SameMessage, all: string, t: Translate) => ({
  href: `${all}/${same.id}`,
  recipient: withoutSecrets(same.recipient),
  reason: reasonText(same, t),
});

const originalView = ({ text, blocked_images, notices, event, headers, attachments }: MailPreview): OriginalView => ({
  ...{ text, blocked_images, notices, event },
  headers: [...headers],
  attachments: attachments.map(({ filename, size }) => ({ name: filename, size, url: null })),
});

const goneOf = ({ kept, audience }: MailRoomMessage, t: Translate) =>
  kept || audience === 'partner'
    ? null
    : t('Its time is over: the original is not kept any more. What was posted of it stays.');
