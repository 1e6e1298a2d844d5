import type { Knex } from 'knex';
import { act } from '../../../act.js';
import { actingAs, asPerson, systemActor } from '../../../db/scope.js';
import { HttpError } from '../../../errors.js';
import type { StoredFile } from '../../../files/storage.js';
import { oneLine } from '../../../input/valid_input.js';
import { clearBouncesOfSender } from '../../../mail/suppression/suppression.js';
import { type Translate, translatorFor } from '../../../pages/i18n.js';
import type { ReadMail } from '../../reading/message.js';
import type { Sender as From } from '../../reading/sender/from_header.js';
import { findAuthor } from '../author.js';
import { because, type Decision, held, ignored } from '../decision.js';
import { mailNotices, MAX_TEXT, textOf, trimmedOf } from '../mail_comment.js';
import { type AddressedProject, type Sender, senderOn } from './project_address.js';
import { findDuplicate, isMailLoop } from '../repeats.js';
import { type ReplyFacts, readReplyFacts } from '../reply_facts.js';
import type { Thread } from '../thread.js';

type Mail = ReadMail & { from: From };

/**
 * Decides about mail to a project's address: whoever is on the project may forward there what others wrote. Its key is
 * known to many, so that nothing unproven is posted. Null if its sender has no part in the project: it is as any other
 * mail to the organization.
 */
export const decideProjectMail = (
  db: Knex.Transaction,
  mail: Mail,
  project: AddressedProject,
  files: StoredFile[],
): Promise<Decision | null> =>
  actingAs(db, systemActor(project.organization_id), async () => {
    const sender = project.ended ? undefined : await senderOn(db, project, mail.from.address);
    if (!sender) return null;
    const thread = threadOf(project, sender);
    const facts = await readReplyFacts(db, thread, mail, mail.from);
    const author = await findAuthor(db, { ...facts, hold_unproven: true }, mail.from, mail.authentication);
    if ('code' in author) return author;
    return refusal(facts, thread, mail, files) ?? post(db, mail, { project, sender, thread, files });
  });

const threadOf = ({ organization_id, project_id }: AddressedProject, { person, part }: Sender): Thread => ({
  ...{ organization_id, subject_id: project_id, person_id: person.id },
  audience: part === 'partner' ? 'partner' : 'staff',
});

function refusal(facts: ReplyFacts, thread: Thread, mail: Mail, files: readonly StoredFile[]): Decision | null {
  if (!bodyOf(mail, (text) => text) && !files.length) return held('empty', 'It says nothing new.');
  if (findDuplicate(facts, thread, mail))
    return ignored('twice', 'It came to several addresses here, and was posted once.');
  if (isMailLoop(facts))
    return held(
      'loop',
      'So many answers went back and forth within the hour that two machines may be talking. Nothing more is sent.',
    );
  return null;
}

interface Posting {
  project: AddressedProject;
  sender: Sender;
  thread: Thread;
  files: StoredFile[];
}

async function post(db: Knex.Transaction, mail: Mail, posting: Posting): Promise<Decision> {
  const { thread, sender } = posting;
  try {
    const comment_id = await (sender.part === 'vendor' ? writeLog : postForOwn)(db, mail, posting);
    await clearBouncesOfSender(db, sender.person);
    const { subject_id, person_id, audience } = thread;
    const reason = because(POSTED[sender.part]);
    const about = { subject_id, person_id, audience, ...(comment_id ? { comment_id } : {}) };
    return { state: 'posted', code: sender.part === 'vendor' ? 'logged' : 'posted', ...reason, ...about };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return held('closed', error.sentence, error.values);
  }
}

const POSTED = {
  staff: 'Posted on the project, for your side.',
  partner: 'Posted on the project, for its sender’s side.',
  vendor: 'Posted in the project’s log.',
} as const;

async function postForOwn(db: Knex.Transaction, mail: Mail, { project, sender, files }: Posting) {
  const t = translatorFor(sender.locale);
  const { verified, evidence } = mail.authentication;
  const origin = { trimmed: trimmedOf(mail), verified, evidence, notices: mailNotices(mail, t) };
  const title = oneLine(mail.subject).slice(0, 200) || undefined;
  const input = { title, text: bodyOf(mail, t) || undefined, folder: t('By email'), files };
  const { project_id } = project;
  const { comment_id } = await act(db, asPerson(sender.person, [project_id]), project_id, 'take_mail', input, {
    mail: origin,
  });
  return comment_id;
}

async function writeLog(db: Knex.Transaction, mail: Mail, { project, sender, files }: Posting) {
  const { organization_id, project_id } = project;
  const { person, time_zone, locale } = sender;
  const text = bodyOf(mail, translatorFor(locale)) || oneLine(mail.subject) || undefined;
  const actor = { ...systemActor(organization_id, person.id), time_zone };
  await act(db, actor, project_id, 'take_log', { person: person.id, text, files });
  return null;
}

/** What was written; of mail that is only passed on, what that says. */
const bodyOf = (mail: Mail, t: Translate): string => {
  const own = mail.reply.text.trim() ? textOf(mail, t) : '';
  return own || mail.reply.trimmed.trim().slice(0, MAX_TEXT);
};
