import type { Knex } from 'knex';
import { markRead } from '../../activity/notify.js';
import { systemActor, withActor } from '../../db/scope.js';
import { act } from '../../documents/act.js';
import { parseDraft } from '../../documents/drafts/parse_draft.js';
import { createDocument } from '../../documents/drafts/create.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { draftFormOf, actionFormOf } from './form_values.js';
import { documentNamed } from './references.js';
import { actorAt, momentOf, type Stage, require } from './stage.js';
import { type Event, readProp } from './story.js';

/**
 * Lets one event happen, through the same door as a click. Besides the actions of a document's type there are:
 * `start` a draft,
 * `read` what one was told of it, and what the `bank` says of the last payment.
 */
export async function playEvent(db: Knex, storage: Storage, stage: Stage, event: Event): Promise<void> {
  const now = momentOf(stage.story, event.day, event.at);
  const files = await Promise.all(event.files.map((name) => prop(storage, name)));
  if (event.does === 'start') return begin(db, stage, event, files, now);
  const id = await documentNamed(db, stage, event.on);
  if (event.who === 'bank') return bank(db, stage, id, event, now);
  const actor = actorAt(stage, event.who, now);
  if (event.does === 'read') return markRead(db, actor, id);
  const form = event.as ? await draftFormOf(db, stage, require(stage.story.documents, event.as), event.on) : {};
  await act(
    db,
    actor,
    id,
    event.does,
    { ...form, ...(await actionFormOf(db, stage, event)) },
    { files, browser: BROWSER },
  );
}

/** What the sample people act with; a signature keeps it. The address is one for documentation (RFC 5737). */
const BROWSER = {
  remote_ip: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const prop = (storage: Storage, name: string): Promise<StoredFile> =>
  storage.put(readProp(name), name, name.endsWith('.png') ? 'image/png' : 'application/pdf');

async function begin(db: Knex, stage: Stage, { who, on }: Event, files: StoredFile[], now: Date): Promise<void> {
  const actor = actorAt(stage, who, now);
  const { story, documents, partners } = stage;
  const sheet = require(story.documents, on);
  const { currency } = sheet.partner ? require(story.partners, sheet.partner) : story.organization;
  const { draft, errors } = parseDraft(await draftFormOf(db, stage, sheet), actor.locale, currency);
  if (!draft) throw new Error(`The story's "${on}" can't be begun: ${JSON.stringify(errors)}`);
  const origin_id = sheet.from ? await documentNamed(db, stage, sheet.from) : null;
  const partner_id = sheet.partner ? require(partners, sheet.partner) : null;
  documents.set(on, await createDocument(db, actor, sheet.type, partner_id, draft, { origin_id, files }));
}

/** Speaks as the gateway's webhook does: for the one who pays, about the payment that was begun last. */
async function bank(
  db: Knex,
  { organization_id }: Stage,
  document_id: string,
  { does, with: typed }: Event,
  now: Date,
): Promise<void> {
  const payment = await withActor(db, systemActor(organization_id), (db) =>
    db('payments')
      .where({ organization_id, document_id })
      .whereIn('state', ['started', 'processing'])
      .orderBy('id', 'desc')
      .first('id', 'person_id'),
  );
  if (!payment) throw new Error('The story lets the bank speak of a payment that was not begun.');
  await act(db, systemActor(organization_id, payment.person_id, now), document_id, does, {
    ...typed,
    payment: payment.id,
  });
}
