import type { Knex } from 'knex';
import { markRead } from '../activity/read.js';
import { clock, scoped } from '../db/scope.js';
import { act } from '../documents/act.js';
import { parseDraft } from '../documents/draft.js';
import { start } from '../documents/start.js';
import type { Storage } from '../files/storage.js';
import { actorAt, dayOf, momentOf, named, type Stage } from './stage.js';
import { type Event, readProp, type Sheet } from './story.js';

/**
 * Lets one event happen, through the same door as a click. Besides the actions of a document's type there are: `start` a draft,
 * `read` what one was told of it, and what the `bank` says of the last payment.
 */
export async function happen(db: Knex, storage: Storage, stage: Stage, event: Event): Promise<void> {
  const now = momentOf(stage.story, event.day, event.at);
  if (event.does === 'start') return begin(db, stage, event, now);
  const id = named(stage.documents, event.on);
  if (event.who === 'bank') return bank(db, stage, id, event, now);
  const actor = actorAt(stage, event.who, now);
  if (event.does === 'read') return markRead(db, actor, id);
  const files = await Promise.all(event.files.map((name) => storage.put(readProp(name), name, 'application/pdf')));
  const form = event.as ? formOf(stage, sheetOf(stage, event.as)) : {};
  await act(db, actor, id, event.does, { ...form, ...typedOf(stage, event) }, { files });
}

/** What was typed, where "@-3" is the day three days ago. */
const typedOf = ({ story }: Stage, { with: typed }: Event) =>
  Object.fromEntries(
    Object.entries(typed).map(([field, value]) => [field, /^@-?\d+$/.test(value) ? dayOf(story, Number(value.slice(1))) : value]),
  );

async function begin(db: Knex, stage: Stage, { who, on }: Event, now: Date): Promise<void> {
  const actor = actorAt(stage, who, now);
  const sheet = sheetOf(stage, on);
  const currency = stage.story.partners[sheet.partner]?.currency ?? stage.story.organization.currency;
  const { draft, errors } = parseDraft(formOf(stage, sheet), actor.locale, currency);
  if (!draft) throw new Error(`The story's "${on}" is no invoice: ${JSON.stringify(errors)}`);
  stage.documents.set(on, await start(db, actor, 'invoice', named(stage.partners, sheet.partner), draft));
}

/** Speaks as the gateway's webhook does: for the one who pays, about the payment that was begun last. */
async function bank(db: Knex, { organization_id }: Stage, document_id: string, { does, with: typed }: Event, now: Date): Promise<void> {
  const payment = await scoped(db, clock(organization_id), (db) =>
    db('payments')
      .where({ organization_id, document_id })
      .whereIn('state', ['started', 'processing'])
      .orderBy('id', 'desc')
      .first('id', 'person_id'),
  );
  if (!payment) throw new Error('The story lets the bank speak of a payment that was not begun.');
  await act(db, clock(organization_id, payment.person_id, now), document_id, does, { ...typed, payment: payment.id });
}

function sheetOf({ story }: Stage, key: string): Sheet {
  return named(new Map(Object.entries(story.documents)), key);
}

/** The fields of a draft's form, filled in by somebody of the staff. */
function formOf({ story, people }: Stage, sheet: Sheet): Record<string, string | string[]> {
  const { title, terms, note, lines } = sheet;
  return {
    title,
    terms,
    note,
    issued_on: dayOf(story, sheet.issued),
    due_on: dayOf(story, sheet.due),
    partial_payments: sheet.partial_payments ? 'on' : '',
    recipient: sheet.to.map((key) => named(people, key).id),
    line_description: lines.map(({ what }) => what),
    line_quantity: lines.map(({ quantity }) => quantity),
    line_unit: lines.map(({ unit }) => unit),
    line_price: lines.map(({ price }) => price),
    line_tax: lines.map(({ tax }) => tax),
  };
}
