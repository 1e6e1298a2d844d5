import pg from 'pg';
import { playEvent } from '../../../src/demo/story/events.js';
import { actorAt, momentOf, setStage, type Stage } from '../../../src/demo/story/stage.js';
import { type Event, readStory } from '../../../src/demo/story/story.js';
import { act } from '../../../src/act.js';
import { newId } from '../../../src/db/ids.js';
import { connectionTo } from '../database.js';
import type { Portal } from '../portal.js';
import { fillTenants } from './fill.js';
import { sendBack } from './money_back.js';
import type { PlanLog } from './plan_log.js';
import { playTime } from './project_time.js';
import { playSubscriptions } from './recurring.js';

export type Tenant = 'small' | 'large';
const TENANTS: Tenant[] = ['small', 'large'];

/** In all, seventy thousand subjects of ten organizations. */
const SIZES = { large: 61_900, small: 900 };

/** An organization of the demo's story for each size, neither played yet, among eight others. */
export async function openTenants(portal: Portal): Promise<Record<Tenant, Stage>> {
  const story = readStory('harbor');
  const stageIn = (slug: Tenant) => setStage(portal.knex, { ...story, organization: { ...story.organization, slug } });
  const stages = { small: await stageIn('small'), large: await stageIn('large') };
  const others = Array.from({ length: 8 }, () => newId());
  const admin = new pg.Client({ ...connectionTo(portal.database), user: 'postgres' });
  await admin.connect();
  for (const id of others)
    await admin.query(`insert into organizations (id, slug, name, email) values ($1, $2, 'Other', '')`, [id, id]);
  await fillTenants(admin, [
    ...TENANTS.map((slug) => ({ organization_id: stages[slug].organization_id, size: SIZES[slug] })),
    ...others.map((organization_id) => ({ organization_id, size: SIZES.small })),
  ]);
  await admin.end();
  return stages;
}

const event = (who: string, does: string, on: string, given: Event['with'] = {}): Event => ({
  ...{ who, does, on, with: given },
  ...{ day: -1, at: '18:00', files: [], by_email: false },
});

const AMOUNT = { amount: 5000, method: 'Bank transfer' };

/** Acts that the story does without. */
const FURTHER = [
  event('bank', 'failed', 'shelves'),
  event('maya', 'pay', 'lobby', { amount: 1_212_624, method: 'card' }),
  event('olivia', 'void', 'lobby', { reason: 'A mistake' }),
  event('bank', 'receive_late', 'lobby'),
  event('olivia', 'refund', 'freight_credit', { ...AMOUNT, paid_on: '@-1' }),
  event('tom', 'extend', 'lockers', { due_on: '@30' }),
  event('erik', 'set_delivery', 'panelling_northern', { delivery_on: '@20' }),
  event('tom', 'ask_back', 'panelling_volt', { message: 'With oil?' }),
  event('olivia', 'accept_changes', 'oak'),
  { ...event('erik', 'propose', 'oak'), rows: [{ delivery: 20, refused: false }] },
  event('olivia', 'refuse_changes', 'oak', { message: 'Too late' }),
  event('olivia', 'close', 'lights', { reason: 'The rest is not needed.' }),
  // Its order, which is closed, notes that.
  event('olivia', 'reject', 'lights_bill', { reason: 'Not the price that we agreed on.' }),
  event('tom', 'retainer', 'fitout'),
  event('tom', 'copy', 'fitout'),
  { ...event('olivia', 'edit', 'final'), as: 'final', files: ['reception-plan.pdf'] },
];

/** Every kind of act on every kind of document. Its emails stay in the queue. */
export async function playActs(portal: Portal, log: PlanLog, stage: Stage): Promise<void> {
  const { story } = stage;
  const at = ({ day, at }: Event) => momentOf(story, day, at).getTime();
  for (const event of [...story.events.toSorted((a, b) => at(a) - at(b)), ...FURTHER]) {
    log.doing = `${event.does} ${event.on}`;
    await playEvent(portal.knex, portal.services.storage, stage, event);
  }
  await detachFile(portal, log, stage);
  await playSubscriptions(portal, log, stage);
  await playTime(portal, log, stage);
  await reversePayment(portal, log, stage);
  await sendBack(portal, log, stage);
}

async function reversePayment(portal: Portal, log: PlanLog, stage: Stage) {
  log.doing = '';
  const { id, document_id } = await portal.look(stage.organization_id, (db) =>
    db('payments as p')
      .join('payment_parts as x', 'x.payment_id', 'p.id')
      .where({ 'p.gateway': 'recorded', 'p.state': 'succeeded' })
      .whereIn('x.document_id', [...stage.documents.values()])
      .orderBy('p.id')
      .first('p.id', 'x.document_id'),
  );
  log.doing = 'reverse_payment';
  await act(portal.knex, actorAt(stage, 'olivia', new Date()), document_id, 'reverse_payment', {
    payment: id,
    reason: 'A mistake',
  });
}

async function detachFile(portal: Portal, log: PlanLog, { organization_id, documents, ...stage }: Stage) {
  const draft = documents.get('final') ?? '';
  log.doing = '';
  const file = await portal.look(organization_id, (db) => db('files').where({ subject_id: draft }).first('id'));
  log.doing = 'detach final';
  await act(portal.knex, actorAt({ organization_id, documents, ...stage }, 'olivia', new Date()), draft, 'detach', {
    file: file?.id,
  });
}
