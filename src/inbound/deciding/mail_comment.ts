import type { Translate } from '../../pages/i18n.js';
import { calendarAnswers, eventText, saysByCalendar } from '../reading/automated/pressed_answer.js';
import type { ReadMail } from '../reading/message.js';

/** The maximum length of a comment from a message; the rest is shown with the trimmed text. */
export const MAX_TEXT = 50_000;

/** Whether a message has a text. */
export const hasText = ({ reply }: ReadMail): boolean => reply.text.trim() !== '';

/**
 * The new text of a message; both versions, if its HTML and plain text differ. What we say in it ourselves is in the
 * organization's language.
 */
export function textOf({ reply, pressed, event, from }: ReadMail, t: Translate): string {
  const text = pressed && saysByCalendar(event) ? calendarAnswers(event, from?.name ?? '', t) : reply.text;
  const both = [text, t('In the plain text of the same email:'), reply.otherwise].join('\n\n');
  return (reply.otherwise ? both : text).slice(0, MAX_TEXT);
}

/** The text that was trimmed from a message, shown on request. */
export const trimmedOf = (mail: ReadMail) =>
  [mail.reply.text.slice(MAX_TEXT), mail.reply.trimmed].filter(Boolean).join('\n').slice(0, 500_000);

/** Notices for readers besides the text: what was left out, and the invitation it contains. */
export function mailNotices({ notices, event }: ReadMail, t: Translate): string {
  const invitation = event && eventText(event);
  const lines = [...notices, ...(invitation ? [t('Invitation: {{event}}', { event: invitation })] : [])];
  return lines.join('\n').slice(0, 2000);
}
