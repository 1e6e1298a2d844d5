import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { attach } from '../files/file.js';
import type { StoredFile } from '../files/storage.js';

export type Audience = 'shared' | 'staff' | 'partner';

/**
 * What comes along with an act: files already in storage, the browser, and, for a reply by email, how it was read and
 * whether its sender is proven.
 */
export interface Attachments {
  files?: StoredFile[];
  /** From where and with what it was done: kept with a signature. */
  /** A signature that was drawn, in storage. */
  drawing?: StoredFile;
  browser?: { remote_ip: string; user_agent: string };
  mail?: { trimmed: string; verified: boolean; evidence: string; notices: string; placed_by?: string };
}

/** The comment that an act wrote, by its activity; undefined if it wrote none. For the house. */
export const commentOf = async (
  db: Knex.Transaction,
  organization_id: string,
  activity_id: string | null,
): Promise<string | undefined> => (await db('comments').where({ organization_id, activity_id }).first('id'))?.id;

interface Saying {
  actor: Actor;
  document: { organization_id: string; id: string };
  attachments: Attachments;
  activity_id: string;
}

/** Writes a comment with its files, in the transaction of the act that it is part of. Returns its id. */
export async function addComment(
  db: Knex.Transaction,
  { actor, document, attachments, activity_id }: Saying,
  body: string,
  audience: Audience,
) {
  const { organization_id, id: document_id } = document;
  const id = newId();
  const mail = attachments.mail ? { ...attachments.mail, via: 'email' } : {};
  await db('comments').insert({
    organization_id,
    id,
    document_id,
    activity_id,
    person_id: actor.person_id,
    audience,
    body,
    ...mail,
  });
  await attach(db, { organization_id, document_id, comment_id: id }, attachments.files ?? []);
  return id;
}
