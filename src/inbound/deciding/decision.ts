import { fill, type Values } from '../../errors.js';
import type { ReadMail } from '../reading/message.js';

/** Why something was decided: in English, and as the sentence and values that it is translated by. */
interface Reason {
  reason: string;
  reason_sentence: string;
  reason_values: Values;
}

/** What was decided about a delivery, with the reason in words. */
export interface Decision extends Reason {
  state: 'posted' | 'held' | 'refused' | 'ignored';
  /** The kind of reason, on which further handling and the notice to the sender depend. */
  code: Code;
  organization_id?: string | null;
  subject_id?: string;
  person_id?: string;
  comment_id?: string;
  /** Who reads what was posted, if not those of its thread. */
  audience?: 'staff' | 'partner' | 'shared';
}

export type Code =
  | ('posted' | 'logged' | 'automatic' | 'bounce' | 'own' | 'twice' | 'nobody')
  | ('new' | 'unreadable' | 'malformed' | 'removed' | 'stranger' | 'colleague' | 'unproven' | 'forged')
  | ('empty' | 'loop' | 'closed' | 'refused' | 'summary');

/** `sentence` is translated for its readers; `values` are what its {{placeholders}} stand for. */
export const because = (sentence: string, values: Values = {}): Reason => ({
  reason: fill(sentence, values),
  reason_sentence: sentence,
  reason_values: values,
});

/** Held for staff. */
export const held = (code: Code, sentence: string, values?: Values): Decision => ({
  state: 'held',
  code,
  ...because(sentence, values),
});

/** Left alone: nothing to do. */
export const ignored = (code: Code, sentence: string): Decision => ({ state: 'ignored', code, ...because(sentence) });

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
