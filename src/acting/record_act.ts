import type { Knex } from 'knex';
import { togetherIn } from '../activity/payment_facts.js';
import { findParticipants, notify, readersAmong, toldOfPayment } from '../activity/notify.js';
import { type Activity, doneBefore, record, recordOnce } from '../activity/record.js';
import { queueEmails } from '../mail/outbox/queue.js';
import { lifecycleOf } from '../subjects/lifecycles.js';
import type { Act } from './context.js';

/** Records an act's activity, and notifies its readers. What happens to a draft is visible to its own side only. */
export async function recordAct(
  db: Knex.Transaction,
  { actor, action, subject, name, activity_id, participants }: Act,
  details: object,
  visible_to?: Activity['visible_to'],
): Promise<Activity> {
  const draft_side = subject.state === lifecycleOf(subject.type).draft ? subject.started_by : undefined;
  const event = {
    id: activity_id,
    subject_id: subject.id,
    partner_id: subject.partner_id,
    action: name,
    version: subject.version,
    details: { ...details },
    visible_to: visible_to ?? draft_side ?? action.visible ?? 'both',
  };
  const activity = await (action.merges ? recordOnce : record)(db, actor, event);
  await notifyReaders(db, activity, subject.type, { action, participants, now: actor.now });
  return activity;
}

async function notifyReaders(
  db: Knex.Transaction,
  activity: Activity,
  kind: string,
  { action, participants: known, now }: Pick<Act, 'action' | 'participants'> & { now: Date | undefined },
): Promise<void> {
  if (!action.notifies) return;
  const { organization_id, subject_id, action: name } = activity;
  const [done, participants] = await Promise.all([
    action.once ? doneBefore(db, { organization_id, subject_id }, name).limit(2).select('id') : [],
    known ?? findParticipants(db, activity),
  ]);
  if (done.length > 1) return;
  const told = togetherIn(activity.details) ? await toldOfPayment(db, activity) : new Set();
  const readers = readersAmong(participants, activity, action.notifies, action.receipt).filter(
    ({ person_id }) => !told.has(person_id),
  );
  await notify(db, activity, readers, kind);
  await queueEmails(db, activity, readers, action.waits, now);
}
