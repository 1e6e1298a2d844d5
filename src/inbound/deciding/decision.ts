import type { ReadMail } from '../reading/message.js';

/** What was decided about a delivery, with the reason in words. */
export interface Decision {
  state: 'posted' | 'held' | 'refused' | 'ignored';
  /** The kind of reason, on which further handling and the notice to the sender depend. */
  code: Code;
  reason: string;
  organization_id?: string | null;
  subject_id?: string;
  person_id?: string;
  comment_id?: string;
}

export type Code =
  | ('posted' | 'automatic' | 'bounce' | 'own' | 'twice' | 'nobody')
  | ('new' | 'unreadable' | 'malformed' | 'removed' | 'stranger' | 'colleague' | 'unproven' | 'forged')
  | ('empty' | 'loop' | 'closed' | 'refused');

/** Held for staff. */
export const held = (code: Code, reason: string): Decision => ({ state: 'held', code, reason });

/** Left alone: nothing to do. */
export const ignored = (code: Code, reason: string): Decision => ({ state: 'ignored', code, reason });

/** What is stored of a message for the mail room. */
export const summary = (mail: ReadMail) => ({
  from_address: mail.from?.address ?? '',
  from_name: mail.from?.name ?? '',
  subject: mail.subject,
  preview: mail.reply.text.slice(0, 2000),
  message_header_id: mail.message_id.slice(0, 998),
  verified: mail.authentication.verified,
  evidence: mail.authentication.evidence,
});
