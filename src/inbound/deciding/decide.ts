import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import { actingAs, asPerson, systemActor, type PersonRow } from '../../db/scope.js';
import { act } from '../../act.js';
import { TooManyMessages } from '../../conversation/message_limit.js';
import { HttpError } from '../../errors.js';
import type { StoredFile } from '../../files/storage.js';
import { ownMessageId } from '../../mail/address.js';
import { recordReport } from '../../mail/outbox/delivery_report.js';
import { clearBouncesOfSender } from '../../mail/suppression/suppression.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import type { Bounce } from '../reading/automated/bounce.js';
import type { ReadMail } from '../reading/message.js';
import type { Sender } from '../reading/sender/from_header.js';
import { recordAnswer } from './calendar_answer.js';
import { findAuthor } from './author.js';
import { because, type Decision, held, ignored } from './decision.js';
import { hasText, mailNotices, textOf, trimmedOf } from './mail_comment.js';
import type { AddressedProject } from './projects/project_address.js';
import { recordCounter } from './projects/counter_proposal.js';
import { decideProjectMail } from './projects/project_mail.js';
import { findDuplicate, isMailLoop } from './repeats.js';
import { type ReplyFacts, readReplyFacts } from './reply_facts.js';
import type { OwnEmail, Thread } from './thread.js';

/** The thread a message belongs to, and the email of ours that it answers or reports on. */
export interface ThreadMatch {
  thread: Thread | null;
  email: OwnEmail | undefined;
  /** The project whose address it was sent to. */
  project: AddressedProject | null;
  /** Whose it is; null if it is nobody's. */
  organization_id: string | null;
}

/** Decides about a message: it is posted as the person whose reply address it was sent to, or held, or ignored. */
export async function decide(
  db: Knex.Transaction,
  mail: ReadMail,
  { thread, email, project, organization_id }: ThreadMatch,
  files: StoredFile[],
  { mail_domain }: Config,
): Promise<Decision> {
  if (mail.bounce) return decideBounce(db, mail.bounce, email);
  if (isOurs(mail, mail_domain)) return ignored('own', 'It is a message of our own that came back.');
  if (mail.automatic) return ignored('automatic', mail.automatic);
  const { from } = mail;
  if (!from) return held('malformed', mail.from_problem ?? 'It does not say who sent it.');
  const onProject = project && !thread ? await decideProjectMail(db, { ...mail, from }, project, files) : null;
  if (onProject) return onProject;
  if (!thread && email?.kind === 'summary') return held('summary', 'It answers a summary of several things.');
  if (!thread) return decideNew(db, { ...mail, from }, organization_id);
  const named = emailsNamed(mail, mail_domain);
  return actingAs(db, systemActor(thread.organization_id), () =>
    decideReply(
      db,
      { ...mail, from },
      { thread, named, answers: Boolean(email) || named.length > 0, mail_domain },
      files,
    ),
  );
}

/** Our emails that a message names, by their Message-IDs: the one that it answers, then those before it. */
const emailsNamed = ({ in_reply_to, references }: ReadMail, mail_domain: string): string[] =>
  [in_reply_to ?? '', ...references.toReversed()].flatMap((id) => ownMessageId(id, mail_domain) ?? []);

/** A message that belongs to no thread: bulk mail is set aside, unless somebody we know has sent it. */
async function decideNew(
  db: Knex.Transaction,
  { bulk, from, authentication }: ReadMail & { from: Sender },
  organization_id: string | null,
): Promise<Decision> {
  const known = !bulk || (authentication.verified && (await isKnown(db, organization_id, from)));
  return known ? held('new', 'It answers nothing that was sent from here.') : ignored('automatic', bulk);
}

const isKnown = async (db: Knex.Transaction, organization_id: string | null, { address: email }: Sender) =>
  organization_id !== null &&
  actingAs(db, systemActor(organization_id), async () =>
    Boolean(await db('people').where({ organization_id, email, removed_at: null }).first('id')),
  );

/** What a message answers. */
interface Answering {
  thread: Thread;
  /** Our emails that it names. */
  named: string[];
  answers: boolean;
  mail_domain: string;
}

/** The same, for a message in a known thread. */
async function decideReply(
  db: Knex.Transaction,
  mail: ReadMail & { from: Sender },
  { thread, named, answers, mail_domain }: Answering,
  files: StoredFile[],
): Promise<Decision> {
  const facts = await readReplyFacts(db, thread, mail, mail.from);
  if (mail.bulk && !isPersonal(mail, facts, answers, files)) return ignored('automatic', mail.bulk);
  const author = await findAuthor(db, facts, mail.from, mail.authentication);
  if ('code' in author) return author;
  const t = translatorFor(facts.locale);
  if (!hasText(mail) && files.length === 0) return held('empty', 'It says nothing new.');
  const duplicate = findDuplicate(facts, thread, mail);
  if (duplicate === 'same') return ignored('twice', 'It came to several addresses here, and was posted once.');
  if (isMailLoop(facts))
    return held(
      'loop',
      'So many answers went back and forth within the hour that two machines may be talking. Nothing more is sent.',
    );
  const answered =
    (await recordAnswer(db, author, thread, mail, mail_domain)) ??
    (await recordCounter(db, author, thread, mail, mail_domain));
  return answered ?? post(db, author, thread, mail, { t, files, named, doubtful: duplicate === 'different' });
}

/** Relays mark what people write as bulk, too: it says something, and it is from the reader or answers us provably. */
function isPersonal(
  mail: ReadMail & { from: Sender },
  { person, confirmed }: ReplyFacts,
  answers: boolean,
  files: StoredFile[],
): boolean {
  const says = hasText(mail) || files.length > 0;
  const theirs = mail.from.address === person.email || confirmed;
  return says && (theirs || (answers && mail.authentication.verified));
}

const isOurs = (mail: ReadMail, mail_domain: string) =>
  ownMessageId(mail.message_id, mail_domain) !== null || mail.from?.address.endsWith(`@${mail_domain}`) === true;

interface Post {
  /** Of the organization's language. */
  t: Translate;
  files: StoredFile[];
  /** Our emails that it names. */
  named: string[];
  doubtful: boolean;
}

async function post(
  db: Knex.Transaction,
  author: PersonRow,
  { subject_id, audience }: Thread,
  mail: ReadMail,
  { t, files, named, doubtful }: Post,
): Promise<Decision> {
  const { verified, evidence } = mail.authentication;
  const origin = { trimmed: trimmedOf(mail), verified, evidence, notices: mailNotices(mail, t) };
  const comment = { text: textOf(mail, t), audience: audience === 'shared' ? 'shared' : 'internal', files };
  const answers = { emails: named, subject: mail.subject };
  try {
    const actor = asPerson(author, [subject_id]);
    const { comment_id } = await act(db, actor, subject_id, 'comment', comment, { mail: origin, answers });
    if (verified) await clearBouncesOfSender(db, author);
    const reason = because(POSTED[doubtful ? 'doubtful' : 'certain'][verified ? 0 : 1]);
    return { state: 'posted', code: 'posted', ...reason, ...(comment_id ? { comment_id } : {}) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { name } = author;
    if (error instanceof TooManyMessages)
      return held('loop', '{{name}} has written so much at once that further messages wait.', { name });
    return held('closed', error.sentence, error.values);
  }
}

/** If its sender is verified, and if not; `doubtful`: its Message-ID has been used before. */
const POSTED = {
  certain: ['Posted.', 'Posted as unverified: nothing proves its sender.'],
  doubtful: [
    'Posted. Another message with the same Message-ID said something else.',
    'Posted as unverified: nothing proves its sender. Another message with the same Message-ID said something else.',
  ],
} as const;

const BOUNCE_REASONS: Readonly<Record<string, string>> = {
  failed: 'A bounce; it is noted on the document.',
  delayed: 'A report that the message is late; the other server goes on trying.',
  complained: 'A complaint: its reader marked our message as spam.',
};

/** Reports count only if they refer to one of our emails by its secret; an address alone proves nothing. */
async function decideBounce(db: Knex.Transaction, bounce: Bounce, email: OwnEmail | undefined): Promise<Decision> {
  if (!email) return ignored('bounce', 'A bounce of a message that is not ours.');
  const { status, action, diagnostic } = bounce;
  const code = diagnostic?.includes(status ?? '') ? null : status;
  const detail = [code, diagnostic].filter(Boolean).join(' ') || 'The other server gave no reason.';
  await recordReport(db, email.organization_id, email.id, { status, action, detail, proven: email.proven });
  const { organization_id, subject_id, person_id } = email;
  return {
    ...ignored('bounce', BOUNCE_REASONS[action] ?? 'A report of a mail server.'),
    organization_id,
    ...(subject_id && person_id ? { subject_id, person_id } : {}),
  };
}
