import type { Conversation } from '../../conversation/conversation.js';
import type { Tone } from '../../document_types/index.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { shownAddress } from '../../input/email_address.js';

const STATES: Record<string, readonly [label: string, tone: Tone]> = {
  queued: ['Waiting to be sent', 'quiet'],
  accepted: ['Sent', 'waiting'],
  delivered: ['Delivered', 'good'],
  bounced: ['Came back', 'late'],
  failed: ['Could not be sent', 'late'],
  skipped: ['Not sent', 'quiet'],
};

export interface DeliveryItem {
  name: string;
  email: string;
  state_label: string;
  tone: Tone;
  detail: string;
  at: Date;
}

/** The last email to one reader: its state, and when they first viewed the subject. */
export function deliveryView(
  { name, email, state, detail, created_at, viewed_at }: Conversation['deliveries'][number],
  { t, format }: I18n,
): DeliveryItem {
  const [label, tone] = STATES[state] ?? [state, 'quiet'];
  const viewed = viewed_at ? t('Opened {{when}}', { when: format.dateTime(new Date(viewed_at)) }) : '';
  // Why we did not send an email is our own sentence; why it bounced is the other server's.
  const reason = state === 'skipped' ? t(detail) : ['bounced', 'failed'].includes(state) ? detail : viewed;
  return { name, email: shownAddress(email), state_label: t(label), tone, detail: reason, at: new Date(created_at) };
}
