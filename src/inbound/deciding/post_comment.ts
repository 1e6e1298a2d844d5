import type { Knex } from 'knex';
import { findCommentId, type Attachments } from '../../conversation/comments.js';
import { type Actor, setActor, systemActor } from '../../db/scope.js';
import { act } from '../../documents/act.js';
import type { ReadMail } from '../reading/message.js';

interface Comment {
  text: string;
  audience: 'internal' | 'shared';
}

/** Posts a message as a comment and returns the comment's id. Leaves the transaction with the system actor. */
export async function postComment(
  db: Knex.Transaction,
  actor: Actor,
  document: { organization_id: string; id: string },
  { text, audience }: Comment,
  attachments: Attachments,
): Promise<string | undefined> {
  const { activity_id } = await act(db, actor, document.id, 'comment', { text, audience }, attachments);
  await setActor(db, systemActor(document.organization_id));
  return findCommentId(db, document.organization_id, activity_id);
}

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
