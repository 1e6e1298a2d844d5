import type { Knex } from 'knex';
import { findReaders, notify } from '../../activity/notify.js';
import { type Activity, record, recordOnce } from '../../activity/record.js';
import { type Action, typeNamed } from '../../document_types/index.js';
import { queueEmails } from '../../mail/outbox/queue.js';
import type { ActContext } from './context.js';

/** Records an act's activity, and notifies its readers. What happens to a draft is visible to its own side only. */
export async function recordAct(
  db: Knex.Transaction,
  { actor, action, document, name, activity_id }: ActContext,
  details: object,
  visible_to?: Activity['visible_to'],
): Promise<Activity> {
  const draft_side = document.state === typeNamed(document.type).states[0] ? document.started_by : undefined;
  const event = {
    id: activity_id,
    subject_id: document.id,
    partner_id: document.partner_id,
    action: name,
    version: document.version,
    details: { ...details },
    visible_to: visible_to ?? draft_side ?? action.visible ?? 'both',
  };
  const activity = await (action.merges ? recordOnce : record)(db, actor, event);
  await notifyReaders(db, activity, action);
  return activity;
}

async function notifyReaders(db: Knex.Transaction, activity: Activity, action: Action): Promise<void> {
  if (!action.notifies) return;
  const { organization_id, subject_id, action: name } = activity;
  const repeated =
    action.once && (await db('activities').where({ organization_id, subject_id, action: name }).limit(2)).length > 1;
  if (repeated) return;
  const readers = await findReaders(db, activity, action.notifies, action.receipt);
  await Promise.all([notify(db, activity, readers), queueEmails(db, activity, readers)]);
}
