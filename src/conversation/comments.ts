import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { attach } from '../files/file.js';
import { asksBankChange, recordBankRequest } from './bank_request.js';
import type { StoredFile } from '../files/storage.js';

type Audience = 'shared' | 'staff' | 'partner';

/** Where a comment came from, if by email: the trimmed text, and whether its sender is verified. */
export interface MailOrigin {
  trimmed: string;
  verified: boolean;
  evidence: string;
  notices: string;
  placed_by?: string;
}

/** What an email answers: our emails that it names, by their Message-IDs, the nearest first, and its subject line. */
export interface EmailedAnswer {
  emails: readonly string[];
  subject: string;
}

/** Where a comment stands: in a thread that is there, or at the beginning of one. */
export interface Place {
  /** The first comment of the thread. */
  thread_id?: string | null;
  title?: string;
  /** The task that the thread is about. */
  about_id?: string | null;
  /** The day of a project's log whose email the thread answers. */
  log_id?: string | null;
}

interface NewComment {
  actor: Actor;
  subject: { organization_id: string; id: string };
  activity_id: string;
  body: string;
  audience: Audience;
  files: StoredFile[];
  mail: MailOrigin | undefined;
  place?: Place;
}

/** Inserts a comment with its files, in the transaction of its act. Returns its id. */
export async function addComment(
  db: Knex.Transaction,
  { actor, subject, activity_id, body, audience, files, mail, place }: NewComment,
): Promise<string> {
  const { organization_id, id: subject_id } = subject;
  const id = newId();
  const { person_id } = actor;
  const asks_bank_change = audience === 'shared' && (await asksBankChange(db, actor, body));
  const has_files = files.length > 0;
  const written = { activity_id, person_id, audience, body, asks_bank_change, has_files };
  const comment = { organization_id, id, subject_id, ...written, ...place };
  await send(db, db('comments').insert({ ...comment, ...(mail ? { ...mail, via: 'email' } : {}) }));
  if (asks_bank_change) await recordBankRequest(db, actor, subject_id, id);
  await attach(db, { organization_id, subject_id, comment_id: id }, files);
  return id;
}
