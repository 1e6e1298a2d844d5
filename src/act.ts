import type { Knex } from 'knex';
import type {
  Act,
  Evidence,
  FollowUpAct,
  Input,
  OpenSubject,
  OpenSubjects,
  Outcome,
  Subject,
} from './acting/context.js';
import { filesIn, parseInput, plainFields } from './acting/input.js';
import { requirePermitted } from './acting/permitted.js';
import { recordAct } from './acting/record_act.js';
import { keepAnswer } from './acting/sent_forms.js';
import { findParticipants, type Participant } from './activity/notify.js';
import { doneBefore } from './activity/record.js';
import { readWritten, refuseFlood, type Written } from './conversation/message_limit.js';
import { newId } from './db/ids.js';
import { type Actor, queryPrepared, retry, setActor, systemActor, withActor } from './db/scope.js';
import { openDocument } from './documents/document_acts.js';
import { NotFound } from './errors.js';
import { today } from './pages/days.js';
import { openProject } from './projects/project_acts.js';
import { openEvent } from './projects/events/event_acts.js';
import { openTask } from './projects/tasks/task_acts.js';
import { openFolder } from './shared_files/folder_acts.js';
import { openSubscription } from './subscriptions/subscription_acts.js';
import { actionNamed, onlySays } from './subjects/lifecycles.js';
import { isOffered } from './subjects/may.js';

/** How each kind of subject is opened for an act. Documents are all others: they come with the answer to the lock. */
const KINDS: Readonly<Record<string, OpenSubjects>> = {
  project: openProject,
  task: openTask,
  event: openEvent,
  subscription: openSubscription,
  shared_folder: openFolder,
};

/** What an act made. */
export interface ActResult {
  id: string;
  /** Its kind. */
  type: string;
  number: string | null;
  /** What its page shows after the act: what the next one is decided on. */
  seen: string;
  /** Null if it had been done before. */
  activity_id: string | null;
  comment_id: string | null;
  /** What was created from the subject. */
  created_id: string | null;
  /** The payment that was started, which goes on at its gateway. */
  payment_id: string | null;
}

/**
 * The one door: the only way to change a subject. One transaction holds the change, one activity, a notification and an
 * email for each reader, and what follows for other subjects; a caller's own transaction keeps its actor. `input`: by
 * the action's schema. @throws NotFound, NotAllowed, Conflict, Invalid (by the input's paths), Stale: then nothing has
 * changed.
 */
export function act(
  db: Knex,
  given: Actor,
  id: string,
  name: string,
  input: Input = {},
  evidence: Evidence = {},
): Promise<ActResult> {
  const attempt = () =>
    withActor(db, systemActor(given.organization_id), async (db) => {
      const opened = await open(db, given, id, name);
      const { actor, subject, participants } = opened;
      const action = requirePermitted(subject, actor, name, today(actor));
      // Staff who post a message that was held have decided.
      if (opened.written && evidence.mail?.placed_by === undefined) refuseFlood(actor, opened.written);
      await opened.refuseStale(evidence, action);
      const parsed = parseInput(action, input);
      await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
      if (action.once && (await wasDone(db, subject, actor, name))) return unchanged(subject);
      const files = filesIn(parsed);
      const act = {
        actor,
        subject,
        participants,
        name,
        action,
        input: parsed,
        files,
        evidence,
        activity_id: newId(),
      };
      return keepAnswer(db, actor, evidence.form, await finish(db, act, await opened.perform(act)));
    });
  // Two acts may each wait for what the other has locked (a bill and its order): the database ends one of them.
  return db.isTransaction ? attempt() : retry(attempt);
}

interface Opened extends OpenSubject {
  /** Who acts; for them, too, the days are those of the subject's organization. */
  actor: Actor;
  /** For an act that only says something: who takes part. */
  participants: Participant[] | undefined;
  /** For the same: what they have written lately. */
  written: Written | undefined;
}

const LOCK = 'select kind from subjects where organization_id = $1 and id = $2 for no key update';

/** The subject as the actor may see it, locked by the system until the transaction ends. @throws NotFound */
async function open(db: Knex.Transaction, actor: Actor, id: string, name: string): Promise<Opened> {
  const { organization_id } = actor;
  if (!organization_id) throw new NotFound();
  const says = onlySays(name);
  // All of it is sent at once: what the system reads goes before what the actor does.
  const [[locked], participants, written, document] = await Promise.all([
    queryPrepared<{ kind: string }>(db, LOCK, [organization_id, id]),
    says ? findParticipants(db, { organization_id, subject_id: id }) : undefined,
    says ? readWritten(db, actor) : undefined,
    openDocumentAs(db, actor, id),
  ]);
  const opened = document ?? (await KINDS[locked?.kind ?? '']?.(db, actor, id));
  if (!opened) throw new NotFound();
  return { ...opened, actor: inZoneOf(opened.subject, actor), participants, written };
}

const inZoneOf = ({ organization_zone }: Subject, actor: Actor): Actor =>
  organization_zone ? { ...actor, organization_zone } : actor;

async function openDocumentAs(db: Knex.Transaction, actor: Actor, id: string): Promise<OpenSubject | null> {
  await setActor(db, actor);
  return openDocument(db, actor, id);
}

/** Records what was done, tells its readers, and does what follows from it. */
async function finish(
  db: Knex.Transaction,
  act: Act,
  { subject, followUps = [], visible_to, joined, ...outcome }: Outcome,
): Promise<ActResult> {
  const details = { ...plainFields(act.input), ...outcome.details };
  const participants = outcome.participants ?? (joined ? undefined : act.participants);
  const activity = await recordAct(db, { ...act, subject, participants }, details, visible_to);
  for (const followUp of followUps) await performFollowUp(db, act.actor, followUp);
  return {
    ...unchanged(subject),
    activity_id: activity.id,
    comment_id: outcome.comment_id ?? null,
    created_id: outcome.created_id ?? null,
    payment_id: outcome.payment_id ?? null,
  };
}

/** Does what follows for another subject, by the same person or the system, unless its state doesn't allow it. */
async function performFollowUp(
  db: Knex.Transaction,
  actor: Actor,
  { id, action: name, input = {}, as }: FollowUpAct,
): Promise<void> {
  const { organization_id, now, time_zone } = actor;
  const by = as === 'same' ? actor : { ...systemActor(organization_id, as ?? null, now), time_zone };
  await setActor(db, systemActor(organization_id, by.person_id, now));
  const opened = await open(db, systemActor(organization_id, by.person_id, now), id, name);
  const { subject } = opened;
  const author = inZoneOf(subject, by);
  const action = actionNamed(subject.type, name);
  const side = action?.by === 'system' ? ('system' as const) : ('staff' as const);
  // What follows from an act is not limited by the role of who did it.
  const follower = { ...systemActor(organization_id), side, role: 'owner' as const };
  if (!action || !isOffered(follower, { name, action, subject, today: today(author) })) return;
  const parsed = parseInput(action, input);
  const files = filesIn(parsed);
  const act = { actor: author, subject, name, action, input: parsed, files, evidence: {}, activity_id: newId() };
  await finish(db, act, await opened.perform(act));
}

async function wasDone(
  db: Knex.Transaction,
  { organization_id, id, version }: Subject,
  { person_id }: Actor,
  action: string,
): Promise<boolean> {
  const where = { organization_id, subject_id: id, version, person_id };
  return Boolean(await doneBefore(db, where, action).first('id'));
}

const unchanged = ({ id, type, number, seen }: Subject): ActResult => ({
  id,
  type,
  number,
  seen,
  activity_id: null,
  comment_id: null,
  created_id: null,
  payment_id: null,
});
