import type { ReadMail } from '../reading/message.js';

/** The maximum length of a comment from a message; the rest is shown with the trimmed text. */
export const MAX_TEXT = 50_000;

/** The new text of a message; both versions, if its HTML and plain text differ. */
export function textOf({ reply }: ReadMail): string {
  const text = reply.otherwise
    ? `${reply.text}\n\nIn the plain text of the same email:\n\n${reply.otherwise}`
    : reply.text;
  return text.slice(0, MAX_TEXT);
}

/** The text that was trimmed from a message, shown on request. */
export const trimmedOf = (mail: ReadMail) =>
  [mail.reply.text.slice(MAX_TEXT), mail.reply.trimmed].filter(Boolean).join('\n').slice(0, 500_000);

/** Notices for readers besides the text: what was left out, and the invitation it contains. */
export function mailNotices({ notices, event }: ReadMail): string {
  const invitation =
    event && [event.summary, event.start?.at.replace('T', ' '), event.place].filter(Boolean).join(', ');
  const lines = [...notices, ...(invitation ? [`Invitation: ${invitation}`] : [])];
  return lines.join('\n').slice(0, 2000);
}
