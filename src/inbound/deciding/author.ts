import type { Knex } from 'knex';
import type { PersonRow } from '../../db/scope.js';
import type { Authentication } from '../reading/message.js';
import type { Sender } from '../reading/sender/from_header.js';
import { type Decision, held } from './decision.js';
import type { Thread } from './thread.js';

/**
 * The person who speaks in a message to this thread, or why it waits for staff. The reply key alone is nobody's word:
 * the sender must be the one that it was made for, from their own address or a further one that staff vouched for.
 * Neither a name nor Reply-To nor Cc says who it is.
 */
export async function findAuthor(
  db: Knex.Transaction,
  { organization_id, person_id }: Thread,
  { address }: Sender,
  { verified, forged }: Authentication,
): Promise<PersonRow | Decision> {
  const [person, further]: [PersonRow & { removed_at: Date | null }, unknown] = await Promise.all([
    db('people').where({ organization_id, id: person_id }).first(),
    db('person_addresses').where({ organization_id, person_id, email: address }).first('id'),
  ]);
  if (person.removed_at) return held('removed', `${person.name} is no contact any more.`);
  if (address !== person.email && !further) return another(db, person, address);
  if (forged)
    return held(
      'forged',
      `It says it is from ${address}, but its domain asks that such mail, which fails its checks, be turned away.`,
    );
  if (verified || (person.partner_id && !further)) return person;
  return held('unproven', `It says it is from ${person.name}, but nothing proves it.`);
}

/**
 * Somebody else answers: a colleague who got a copy, or a stranger. Neither gets to see or say anything by it until
 * staff decide.
 */
async function another(db: Knex.Transaction, person: PersonRow, address: string): Promise<Decision> {
  const { organization_id, partner_id } = person;
  const colleague: { name: string } | undefined = await db('people')
    .where({ organization_id, partner_id, email: address, removed_at: null })
    .first('name');
  return colleague
    ? held(
        'colleague',
        `${colleague.name} <${address}> answers a message that was sent to ${person.name} <${person.email}>.`,
      )
    : held('stranger', `It came from ${address}, but answers a message to ${person.name} <${person.email}>.`);
}
