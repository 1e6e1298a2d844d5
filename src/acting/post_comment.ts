import type { Knex } from 'knex';
import { z } from 'zod';
import { addComment } from '../conversation/comments.js';
import { Invalid } from '../errors.js';
import { attach } from '../files/file.js';
import { longText } from '../input/fields.js';
import { addAuthor } from '../subjects/participants.js';
import type { Act, Outcome } from './context.js';

const Comment = z.object({ text: longText.optional(), audience: z.enum(['shared', 'internal']).optional() });

/** The effect of every kind's `comment`: a message, or an internal note to one's own side. @throws Invalid */
export async function postComment(db: Knex.Transaction, act: Act): Promise<Omit<Outcome, 'subject'>> {
  const { actor, subject, files, evidence } = act;
  const { text = '', audience } = Comment.parse(act.input);
  if (!text && !files.length) throw new Invalid({ text: 'Write something, or attach a file.' });
  if (actor.side === 'system') throw new Error('The system actor can’t comment.');
  // Guests have no side of their own.
  if (audience === 'internal' && actor.guest) throw new Invalid({ audience: 'Choose who reads it.' });
  const internal = audience === 'internal' ? actor.side : null;
  const comment = { body: text, audience: internal ?? ('shared' as const), mail: evidence.mail };
  const comment_id = await addComment(db, { ...act, ...comment });
  // The author takes part from now on, so that they are notified of replies.
  if (actor.person_id) await addAuthor(db, subject, actor.person_id);
  const details = { text: undefined, audience: undefined, comment: comment_id };
  return { details, visible_to: internal ?? 'both', comment_id };
}

/**
 * Adds an act's message as a comment with its files, and returns its id; without a message, attaches the files.
 * `audience`: who reads it on its page.
 */
export async function storeMessage(
  db: Knex.Transaction,
  act: Act,
  audience: 'shared' | 'staff' = 'shared',
): Promise<string | null> {
  const { input, action, files, subject, evidence } = act;
  const { message } = input;
  if (typeof message === 'string') return addComment(db, { ...act, body: message, audience, mail: evidence.mail });
  if (action.effect !== 'comment')
    await attach(db, { organization_id: subject.organization_id, subject_id: subject.id }, files);
  return null;
}
