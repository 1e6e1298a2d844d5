import type { Knex } from 'knex';
import { findCommentId } from '../../conversation/comments.js';
import { type Actor, asPerson, setActor, systemActor, type PersonRow, withActor } from '../../db/scope.js';
import { act } from '../../documents/act.js';
import { type Document, findDocument } from '../../documents/content/document.js';
import { keyOf } from '../../documents/content/document.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { mailNotices, trimmedOf } from '../deciding/decide.js';
import type { ReadMail } from '../reading/message.js';
import { readMail } from '../reading/worker/read_mail.js';
import { storeAttachments } from '../process.js';
import { recordDecision, originalMail, type RoomDelivery, requireUndecided } from './decided.js';

export interface PostMailInput {
  number: string;
  /** As an internal note of the one who decides, or as what its sender says to both sides. */
  as: 'note' | 'sender';
}

/**
 * Posts a message on a document, whole and with its files: as an internal note of the one who decides, or, where its
 * sender is a contact who may see that document (or one of our own), as theirs, marked with who placed it. Returns
 * the document's key. @throws NotFound, Conflict, Invalid
 */
export async function postMail(
  db: Knex,
  storage: Storage,
  actor: Actor,
  id: string,
  { number, as }: PostMailInput,
): Promise<string> {
  const raw = await originalMail(db, actor, id);
  const mail = raw && (await readMail(raw, UNKNOWN).catch(() => null));
  const files = mail ? await storeAttachments(mail, storage) : [];
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    if (delivery.audience === 'partner') throw new Conflict('It is internal to the other side: only they may read it.');
    const document = await documentNumbered(db, actor, number);
    const said = as === 'note' ? noted(actor, delivery, mail) : await senders(db, actor, delivery, document, mail);
    const comment_id = await say(db, said, document, files);
    await recordDecision(db, actor, delivery, 'place_mail', {
      state: 'posted',
      code: 'posted',
      reason: `Placed by ${actor.name}.`,
      document_id: document.id,
      ...(comment_id ? { comment_id } : {}),
    });
    return keyOf(document);
  });
}

// Who sent it was found out when it came; here it is read for what it says.
const UNKNOWN = { recipient: null, remote_ip: null, helo: null, mail_from: null, dns: {} };

async function documentNumbered(db: Knex.Transaction, actor: Actor, number: string): Promise<Document> {
  return findDocument(db, actor, number.trim().toUpperCase()).catch((error: unknown) => {
    if (error instanceof NotFound) throw new Invalid({ number: 'There is no document with this number.' });
    throw error;
  });
}

interface Said {
  actor: Actor;
  text: string;
  audience: 'internal' | 'shared';
  mail?: { trimmed: string; verified: boolean; evidence: string; notices: string; placed_by: string };
}

function noted(actor: Actor, { from_name, from_address, preview, subject }: RoomDelivery, mail: ReadMail | null): Said {
  const text = mail?.reply.text ?? preview;
  return {
    actor,
    text: `${from_name} <${from_address}> wrote by email:\n\n${text || subject}`.slice(0, MOST_TEXT),
    audience: 'internal',
  };
}

const MOST_TEXT = 50_000;

async function senders(
  db: Knex.Transaction,
  actor: Actor,
  { from_address, preview, subject, verified, evidence }: RoomDelivery,
  document: Document,
  mail: ReadMail | null,
): Promise<Said> {
  const { organization_id } = document;
  const person: PersonRow | undefined = await db('people')
    .where({ organization_id, email: from_address, removed_at: null })
    .where((own) => own.whereNull('partner_id').orWhere({ partner_id: document.partner_id }))
    .first();
  if (!person) throw new Invalid({ number: 'Its sender is no contact of this partner. Add them first.' });
  const text = (mail?.reply.text || preview || subject).slice(0, MOST_TEXT);
  const attachments = {
    trimmed: mail ? trimmedOf(mail) : '',
    verified,
    evidence,
    notices: mail ? mailNotices(mail) : '',
    placed_by: actor.name ?? '',
  };
  return { actor: asPerson(person, [document.id]), text, audience: 'shared', mail: attachments };
}

/** Says it through the door. Returns the comment's id. */
async function say(
  db: Knex.Transaction,
  { actor, text, audience, mail }: Said,
  { organization_id, id }: Document,
  files: StoredFile[],
) {
  const { activity_id } = await act(db, actor, id, 'comment', { text, audience }, { files, ...(mail ? { mail } : {}) });
  await setActor(db, systemActor(organization_id));
  return findCommentId(db, organization_id, activity_id);
}
