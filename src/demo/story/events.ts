import type { Knex } from 'knex';
import { markRead } from '../../activity/notify.js';
import { systemActor, withActor } from '../../db/scope.js';
import { act } from '../../act.js';
import { createDocument } from '../../documents/drafts/create.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { addStoryDayOff, planEvent } from './projects/story_calendar.js';
import { agreePlan, startPlan } from './plans.js';
import { contentOf, evidenceOf, inputOf } from './typed_input.js';
import { documentNamed, subjectNamed } from './references.js';
import { addStoryBudget, placeStoryLines } from './projects/story_budget.js';
import { addStoryTasks } from './projects/story_tasks.js';
import { addStoryRate, logStoryTime, setStoryRates } from './projects/story_time.js';
import { actorAt, entry, momentOf, type Stage } from './stage.js';
import { type Event, readStoryFile } from './story.js';

/** What takes more than one act, or is none. */
const VERBS: Record<string, (db: Knex, stage: Stage, event: Event, now: Date) => Promise<void>> = {
  agree_charging: agreePlan,
  plan_event: planEvent,
  add_day_off: addStoryDayOff,
  log: logStoryTime,
  set_rates: setStoryRates,
  add_rate: addStoryRate,
  add_tasks: addStoryTasks,
  add_budget: addStoryBudget,
  place_lines: placeStoryLines,
};

/**
 * Plays one event with the same function as a click. Besides the actions of a document's type these are `start` a
 * draft, the `VERBS`, `read` its notifications, and the `bank`'s results for the last payment.
 */
export async function playEvent(db: Knex, storage: Storage, stage: Stage, event: Event): Promise<void> {
  const now = momentOf(stage.story, event.day, event.at);
  const files = await Promise.all(event.files.map((name) => storeFile(storage, name)));
  if (event.does === 'start' && stage.story.subscriptions[event.on]) return startPlan(db, stage, event, now);
  if (event.does === 'start' && stage.story.documents[event.on]) return startDraft(db, stage, event, files, now);
  const verb = VERBS[event.does];
  if (verb) return verb(db, stage, event, now);
  const id = await subjectNamed(db, stage, event.on);
  if (event.who === 'bank') return playPayment(db, stage, id, event, now);
  const actor = actorAt(stage, event.who, now);
  if (event.does === 'read') return markRead(db, actor, id);
  const input = { ...(await inputOf(db, stage, event)), files };
  const evidence = { ...(await evidenceOf(db, stage, event)), browser: BROWSER };
  await act(db, actor, id, event.does, input, evidence);
}

/** The sample people's browser, recorded with signatures. The IP address is for documentation (RFC 5737). */
const BROWSER = {
  remote_ip: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const storeFile = (storage: Storage, name: string): Promise<StoredFile> =>
  storage.put(readStoryFile(name), name, TYPES[name.split('.').at(-1) ?? ''] ?? 'application/pdf');

const TYPES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg' };

async function startDraft(db: Knex, stage: Stage, { who, on }: Event, files: StoredFile[], now: Date): Promise<void> {
  const actor = actorAt(stage, who, now);
  const { story, documents, partners } = stage;
  const sheet = entry(story.documents, on);
  const { currency } = sheet.partner ? entry(story.partners, sheet.partner) : story.organization;
  const content = await contentOf(db, stage, sheet);
  const origin_id = sheet.from ? await documentNamed(db, stage, sheet.from) : null;
  const partner_id = sheet.partner ? entry(partners, sheet.partner) : null;
  documents.set(on, await createDocument(db, actor, sheet.type, partner_id, { currency, content, files }, origin_id));
}

/** Reports the result of the last payment, as the gateway's webhook does on behalf of the payer. */
async function playPayment(
  db: Knex,
  { organization_id }: Stage,
  document_id: string,
  { does, with: typed }: Event,
  now: Date,
): Promise<void> {
  const payment = await withActor(db, systemActor(organization_id), (db) =>
    db('payments as p')
      .join('payment_parts as x', (on) => on.on('x.organization_id', 'p.organization_id').on('x.payment_id', 'p.id'))
      .where({ 'x.organization_id': organization_id, 'x.document_id': document_id })
      .whereIn('x.state', ['started', 'processing'])
      .orderBy('p.id', 'desc')
      .first('p.id', 'p.person_id'),
  );
  if (!payment) throw new Error('The story has a bank event without a payment in progress.');
  const actor = systemActor(organization_id, payment.person_id, now);
  await act(db, actor, document_id, does, { ...typed, payment: payment.id });
}
