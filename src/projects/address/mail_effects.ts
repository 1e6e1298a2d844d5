import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../acting/context.js';
import { addComment } from '../../conversation/comments.js';
import { newId } from '../../db/ids.js';
import { Conflict, NotAllowed } from '../../errors.js';
import { addAuthor } from '../../subjects/participants.js';
import { addVersion, currentFiles, detailsShown } from '../files/project_file.js';

type Changed = Omit<Outcome, 'subject'>;

const Taken = z.object({
  title: z.string().default(''),
  text: z.string().default(''),
  folder: z.string().default(''),
});

/**
 * Takes an email that came to the project's address: a comment for its sender's own side, and its files in a folder of
 * theirs. @throws NotAllowed if it came otherwise
 */
export async function takeMail(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { actor, subject, files, evidence } = act;
  const { side, person_id } = actor;
  if (!evidence.mail || side === 'system' || !person_id) throw new NotAllowed('This is not yours to do.');
  const { title, text, folder } = Taken.parse(act.input);
  const body = [title, text].filter(Boolean).join('\n\n') || files.map(({ name }) => name).join(', ');
  const comment_id = await addComment(db, { ...act, body, audience: side, mail: evidence.mail });
  const { organization_id, id: project_id } = subject;
  await db('project_mails').insert({ organization_id, id: newId(), project_id, comment_id, side, person_id, title });
  await fileAttachments(db, act, folder, side);
  await addAuthor(db, subject, person_id);
  const details = { text: undefined, folder: undefined, comment: comment_id };
  return { details, visible_to: side, comment_id };
}

/** One that is in the folder already isn't filed again; another with its name is its next version. */
async function fileAttachments(
  db: Knex.Transaction,
  act: Act,
  folder: string,
  audience: 'staff' | 'partner',
): Promise<void> {
  // Without its details a project has no files for its customer: they stay with the comment.
  if (audience === 'partner' && !(await detailsShown(db, act.subject))) return;
  const current = await currentFiles(db, act);
  for (const file of act.files) {
    const at = current.findIndex((one) => one.name === file.name && one.folder === folder && one.side === audience);
    const before = current[at];
    if (before?.sha256 === file.sha256) continue;
    // A shared file has no next version that nobody else sees.
    const own = before?.audience === audience ? before : null;
    const added = await addVersion(db, act, file, { folder, audience }, own);
    current.splice(own ? at : current.length, own ? 1 : 0, added);
  }
}

/** Lets the other side read an email, with its files. @throws Conflict */
export async function shareMail(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { actor, subject } = act;
  const { organization_id, id: project_id } = subject;
  const own = { organization_id, project_id, id: act.input['mail'], side: actor.side, shared_at: null };
  const [mail] = await db('project_mails')
    .where(own)
    .update({ shared_at: db.raw('app_now()') })
    .returning<{ comment_id: string; title: string }[]>(['comment_id', 'title']);
  if (!mail) throw new Conflict('This email is shared already.');
  await db('comments').where({ organization_id, id: mail.comment_id }).update({ audience: 'shared' });
  return { details: { mail: undefined, title: mail.title || '–', comment: mail.comment_id } };
}

/** Gives the project another address. What comes to the one before waits for staff. */
export async function renewAddress(db: Knex.Transaction, { subject }: Act): Promise<Changed> {
  const { organization_id, id: project_id } = subject;
  await db('project_addresses')
    .where({ organization_id, project_id, ended_at: null })
    .update({ ended_at: db.raw('app_now()') });
  await db('project_addresses').insert({ organization_id, project_id, key: db.raw('new_project_address()') });
  return {};
}
