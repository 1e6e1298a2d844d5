import type { Knex } from 'knex';
import { type Actor, asPerson, type PersonRow, withActor } from '../../db/scope.js';
import { act } from '../../act.js';
import { Conflict, Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { because } from '../deciding/decision.js';
import { mailNotices, MAX_TEXT, textOf, trimmedOf } from '../deciding/mail_comment.js';
import { oneLine } from '../../input/valid_input.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { storeAttachments } from '../read_delivery.js';
import type { ReadMail } from '../reading/message.js';
import { readMail } from '../reading/worker/read_mail.js';
import { recordDecision, originalMail, type MailRoomDelivery, requireUndecided } from './decided.js';

/** What a message is posted on. */
interface PlacedOn {
  organization_id: string;
  id: string;
  kind: string;
  number: string | null;
  partner_id: string | null;
}

interface PostMailInput {
  number: string;
  /** `note`: an internal note by the member of staff. `sender`: a shared comment by the message's sender. */
  as: 'note' | 'sender';
}

/**
 * Posts a message on a document or a project with its files: as an internal note, or as a comment by its sender if
 * they are staff or a contact of the subject's partner, marked with who placed it. Returns the subject.
 * @throws NotFound, Conflict, Invalid
 */
export async function postMail(
  db: Knex,
  storage: Storage,
  actor: Actor,
  id: string,
  { number, as }: PostMailInput,
): Promise<PlacedOn> {
  const raw = await originalMail(db, actor, id);
  const mail = raw && (await readMail(raw, NO_CONTEXT).catch(() => null));
  const files = mail ? await storeAttachments(mail, storage) : [];
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    if (delivery.audience === 'partner') throw new Conflict('It is internal to the other side: only they may read it.');
    const subject = await findByNumber(db, actor, number);
    const t = await wordsOf(db, subject);
    const post =
      as === 'note' ? noteOf(actor, delivery, mail, t) : await senderComment(db, actor, delivery, subject, mail, t);
    const { author, text, audience, mail: origin } = post;
    const answers = { emails: [], subject: mail?.subject ?? delivery.subject };
    const evidence = { answers, ...(origin ? { mail: origin } : {}) };
    const { comment_id } = await act(db, author, subject.id, 'comment', { text, audience, files }, evidence);
    await recordDecision(db, actor, delivery, 'place_mail', {
      state: 'posted',
      code: 'posted',
      reason: because('Placed by {{name}}.', { name: actor.name ?? '' }),
      subject_id: subject.id,
      ...(comment_id ? { comment_id } : {}),
    });
    return subject;
  });
}

// The sender was authenticated on arrival; here only the content is read.
const NO_CONTEXT = { recipient: null, remote_ip: null, helo: null, mail_from: null, dns: {} };

/** A subject by its number. A project's key may look like a document's number: then the document. @throws Invalid */
async function findByNumber(db: Knex.Transaction, { organization_id }: Actor, number: string): Promise<PlacedOn> {
  const found: PlacedOn[] = await db('subjects')
    .where({ organization_id, number: oneLine(number).toUpperCase() })
    .select('organization_id', 'id', 'kind', 'number', 'partner_id');
  const subject = found.find(({ kind }) => lifecycleOf(kind).page === 'documents') ?? found[0];
  if (!subject) throw new Invalid({ number: 'There is no document or project with this number.' });
  return subject;
}

/** The words of an organization's language: what is posted is read by everybody. */
async function wordsOf(db: Knex.Transaction, { organization_id: id }: PlacedOn): Promise<Translate> {
  const { locale } = await db('organizations').where({ id }).first('locale');
  return translatorFor(locale);
}

interface Post {
  author: Actor;
  text: string;
  audience: 'internal' | 'shared';
  mail?: { trimmed: string; verified: boolean; evidence: string; notices: string; placed_by: string };
}

function noteOf(
  actor: Actor,
  { from_name, from_address, preview, subject }: MailRoomDelivery,
  mail: ReadMail | null,
  t: Translate,
): Post {
  const content = (mail && textOf(mail, t)) || preview || subject;
  const wrote = t('{{name}} wrote by email:', { name: `${from_name} <${from_address}>` });
  const text = `${wrote}\n\n${content}`;
  return { author: actor, text: text.slice(0, MAX_TEXT), audience: 'internal' };
}

async function senderComment(
  db: Knex.Transaction,
  actor: Actor,
  { from_address, preview, subject, verified, evidence }: MailRoomDelivery,
  { organization_id, id, partner_id }: PlacedOn,
  mail: ReadMail | null,
  t: Translate,
): Promise<Post> {
  const person: PersonRow | undefined = await db('people')
    .where({ organization_id, email: from_address, removed_at: null })
    .where((member) => member.whereNull('partner_id').orWhere({ partner_id }))
    .first();
  if (!person) throw new Invalid({ number: 'Its sender is no contact of this partner. Add them first.' });
  const text = (mail && textOf(mail, t)) || preview || subject;
  const trimmed = mail ? trimmedOf(mail) : '';
  const notices = mail ? mailNotices(mail, t) : '';
  return {
    author: asPerson(person, [id]),
    text,
    audience: 'shared',
    mail: { trimmed, verified, evidence, notices, placed_by: actor.name ?? '' },
  };
}
