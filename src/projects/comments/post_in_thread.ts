import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';
import { addComment, type Place } from '../../conversation/comments.js';
import { Invalid, NotFound } from '../../errors.js';
import { addAuthor, addParticipants } from '../../subjects/participants.js';
import { threadComment } from '../../subjects/project/project_lifecycle.js';
import { threadOfLog, titleOf, toldBefore, type Told } from './emailed_answer.js';
import { readersOf } from './readers.js';
import { type Answered, answeredComment, tagPeople } from './thread_rows.js';

type Audience = Answered['audience'];

/**
 * A comment that begins a thread or answers in one, told to those for whom it is meant. What answers an internal note
 * is one. @throws Invalid, NotFound to a partner who doesn't have the project's conversation
 */
export async function postInThread(db: Knex.Transaction, act: Act): Promise<Omit<Outcome, 'subject'>> {
  const { actor, subject, files, evidence } = act;
  const input = threadComment.parse(act.input);
  const { text = '' } = input;
  if (!text && !files.length) throw new Invalid({ text: 'Write something, or attach a file.' });
  await requireConversation(db, act);
  const { answered, told } = await whatIsAnswered(db, act, input);
  const audience = answered?.audience ?? audienceOf(act, input.audience);
  const internal = audience !== 'shared';
  const people = await readersOf(db, act, { input, answered, internal, asked_by: told?.author ?? null });
  const place = answered ? { thread_id: answered.root_id } : await beginning(db, act, input, told);
  const comment_id = await addComment(db, { ...act, body: text, audience, mail: evidence.mail, place });
  const { organization_id, id: subject_id } = subject;
  const thread_id = answered?.root_id ?? comment_id;
  await tagPeople(db, { organization_id, subject_id, comment_id, thread_id, people, notified_by: null });
  await addParticipants(db, subject, people);
  if (actor.person_id) await addAuthor(db, subject, actor.person_id);
  const left_out = { text: undefined, audience: undefined, title: undefined, about: undefined, reach: undefined };
  const details = { ...left_out, answers: undefined, comment: comment_id, readers: people };
  return { details, visible_to: internal ? audience : 'both', comment_id, joined: people.length > 0 };
}

/** @throws NotFound for a partner who doesn't have it */
export async function requireConversation(db: Knex.Transaction, { actor, subject }: Act): Promise<void> {
  if (actor.side === 'system') throw new Error('The system actor can’t comment.');
  if (actor.side === 'staff') return;
  const { organization_id, id } = subject;
  if (!(await db('subjects').where({ organization_id, id, talks: true }).first('id'))) throw new NotFound();
}

function audienceOf({ actor }: Act, audience: 'shared' | 'internal' | undefined): Audience {
  if (audience !== 'internal') return 'shared';
  if (actor.guest || actor.side === 'system') throw new Invalid({ audience: 'Choose who reads it.' });
  return actor.side;
}

/** Whether somebody of this side reads what is for `audience`. */
export const reads = ({ actor }: Act, audience: Audience): boolean => audience === 'shared' || audience === actor.side;

type Input = ReturnType<typeof threadComment.parse>;

/** The comment that this one answers. An email says so by what it names; an internal one never comes into the open. */
async function whatIsAnswered(
  db: Knex.Transaction,
  act: Act,
  input: Input,
): Promise<{ answered: Answered | undefined; told: Told | undefined }> {
  const { evidence, subject, actor } = act;
  if (input.answers) {
    const answered = await answeredComment(db, subject, input.answers);
    if (!answered || !reads(act, answered.audience)) throw new Invalid({ form: 'This comment is gone.' });
    return { answered, told: undefined };
  }
  if (!evidence.mail || !evidence.answers) return { answered: undefined, told: undefined };
  const told = await toldBefore(db, subject, actor.person_id, evidence.answers);
  const audience = audienceOf(act, input.audience);
  const before = told?.log_id ? await threadOfLog(db, subject, told.log_id, audience) : told?.comment_id;
  const answered = before ? await answeredComment(db, subject, before) : undefined;
  const fits =
    answered && reads(act, answered.audience) && (input.audience !== 'internal' || answered.audience !== 'shared');
  return { answered: fits ? answered : undefined, told };
}

/** What a new thread is called and about. @throws Invalid if its author doesn't see the task in this project */
async function beginning(db: Knex.Transaction, act: Act, input: Input, told: Told | undefined): Promise<Place> {
  const { organization_id, id: project_id } = act.subject;
  const { title = '', about: about_id } = input;
  const emailed = (told && !told.log_id) || !act.evidence.answers ? '' : titleOf(act.evidence.answers.subject);
  // "Daily log, December 1 · Project MAPLE"
  if (told?.log_id) return { title: emailed.split(' · ')[0] ?? '', log_id: told.log_id };
  if (!about_id) return { title: title || emailed };
  const theirs = act.actor.side === 'partner' ? { customer_id: act.actor.partner_id } : {};
  const task = await db('tasks')
    .where({ organization_id, project_id, id: about_id, ...theirs })
    .first('id');
  if (!task) throw new Invalid({ about: 'Choose a task of this project.' });
  return { title, about_id };
}
