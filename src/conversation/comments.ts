import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { attach } from '../files/file.js';
import type { StoredFile } from '../files/storage.js';

type Audience = 'shared' | 'staff' | 'partner';

/** Files and evidence that come with an act besides its input. */
export interface Attachments {
  /** Already in storage. */
  files?: StoredFile[];
  /** The drawing of a signature, already in storage. */
  drawing?: StoredFile;
  /** Stored as evidence of a signature. */
  browser?: { remote_ip: string; user_agent: string };
  /** For a reply by email: the trimmed text, and whether its sender is verified. */
  mail?: { trimmed: string; verified: boolean; evidence: string; notices: string; placed_by?: string };
}

/** Returns the id of the comment that belongs to an activity, if any. For the system actor. */
export const findCommentId = async (
  db: Knex.Transaction,
  organization_id: string,
  activity_id: string | null,
): Promise<string | undefined> => (await db('comments').where({ organization_id, activity_id }).first('id'))?.id;

interface CommentContext {
  actor: Actor;
  document: { organization_id: string; id: string };
  attachments: Attachments;
  activity_id: string;
}

/** Inserts a comment with its files, in the transaction of its act. Returns its id. */
export async function addComment(
  db: Knex.Transaction,
  { actor, document, attachments, activity_id }: CommentContext,
  body: string,
  audience: Audience,
) {
  const { organization_id, id: subject_id } = document;
  const id = newId();
  const mail = attachments.mail ? { ...attachments.mail, via: 'email' } : {};
  await db('comments').insert({
    organization_id,
    id,
    subject_id,
    activity_id,
    person_id: actor.person_id,
    audience,
    body,
    ...mail,
  });
  await attach(db, { organization_id, subject_id, comment_id: id }, attachments.files ?? []);
  return id;
}
