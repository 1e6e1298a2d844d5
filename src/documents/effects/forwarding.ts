import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import { addContact } from '../../people/contact.js';
import { addParticipants } from '../../subjects/participants.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { requirePartner } from '../content/document.js';

/** How often one person may forward, and how often one document may be, in 24 hours: it sends our mail to strangers. */
const [PER_PERSON, PER_DOCUMENT] = [20, 10];

const TOO_OFTEN = {
  person: 'You’ve forwarded documents {{count}} times in a day. Try again {{when}}.',
  document: 'This was forwarded {{count}} times in a day. Try again {{when}}.',
};

/** Hands a document over to somebody as a guest: they can read it and write about it. @throws Invalid if too often */
export async function forward(
  db: Knex.Transaction,
  { actor, document, input }: ActContext<{ name: string; email: string }>,
): Promise<EffectResult> {
  const { organization_id, partner_id } = requirePartner(document);
  await refuseTooOften(db, actor, document.id);
  const person_id = await addContact(db, organization_id, partner_id, { ...input, guest: true });
  await addParticipants(db, document, [person_id]);
  return { details: { person_id } };
}

async function refuseTooOften(db: Knex.Transaction, actor: Actor, subject_id: string): Promise<void> {
  const { organization_id, person_id } = actor;
  // Of two documents forwarded at the same time, the second waits here, and then counts the first.
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`forward ${person_id}`]);
  const recent = db('activities')
    .where({ organization_id })
    // Written out, as the index of these has it.
    .whereRaw(`action = 'forward'`)
    .where('created_at', '>', db.raw(`app_now() - interval '1 day'`))
    .orderBy('created_at', 'desc');
  for (const [what, own, most] of [
    ['document', { subject_id }, PER_DOCUMENT],
    ['person', { person_id }, PER_PERSON],
  ] as const) {
    const times: Date[] = await recent.clone().where(own).limit(most).pluck('created_at');
    const first = times[most - 1];
    if (first) throw new Invalid({ email: TOO_OFTEN[what] }, { count: most, when: dayAfter(first, actor) });
  }
}

const dayAfter = (moment: Date, reader: Actor): string =>
  formatFor(reader).dateTime(new Date(moment.getTime() + 86_400_000));
