import type { ReadMail } from '../reading/message.js';

/** The maximum length of a comment from a message; the rest is shown with the trimmed text. */
export const MAX_TEXT = 50_000;

/** The text that was trimmed from a message, shown on request. */
export const trimmedOf = (mail: ReadMail) =>
  [mail.reply.text.slice(MAX_TEXT), mail.reply.trimmed].filter(Boolean).join('\n').slice(0, 500_000);

/** Notices for readers besides the text: what was left out, and the invitation it contains. */
export function mailNotices({ notices, event }: ReadMail): string {
  const invitation =
    event && [event.summary, event.start?.at.replace('T', ' '), event.place].filter(Boolean).join(', ');
  return [...notices, ...(invitation ? [`Invitation: ${invitation}`] : [])].join('\n').slice(0, 2000);
}
