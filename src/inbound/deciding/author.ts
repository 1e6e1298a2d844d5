import type { Knex } from 'knex';
import type { PersonRow } from '../../db/scope.js';
import type { Authentication } from '../reading/message.js';
import type { Sender } from '../reading/sender/from_header.js';
import { type Decision, held } from './decision.js';
import type { ReplyFacts } from './reply_facts.js';

/**
 * The author of a message to this thread, or why it is held. The reply key proves nothing by itself: the sender must be
 * the person it was issued to, writing from their own address or another that staff have confirmed. Names, Reply-To
 * and Cc don't count.
 */
export async function findAuthor(
  db: Knex.Transaction,
  { person, confirmed, hold_unproven }: ReplyFacts,
  { address }: Sender,
  { verified, forged }: Authentication,
): Promise<PersonRow | Decision> {
  // Who was removed and is invited again hasn't joined yet.
  if (person.removed_at || person.pending)
    return held('removed', '{{name}} is no contact any more.', { name: person.name });
  if (address !== person.email && !confirmed) return holdForOther(db, person, address);
  if (forged)
    return held(
      'forged',
      'It says it is from {{address}}, but its domain asks that such mail, which fails its checks, be turned away.',
      { address },
    );
  if (verified || (person.partner_id && !confirmed && !hold_unproven)) return person;
  return held('unproven', 'It says it is from {{name}}, but nothing proves it.', { name: person.name });
}

/** Someone else replied, a colleague or a stranger: nothing is shown or posted until staff decide. */
async function holdForOther(db: Knex.Transaction, person: PersonRow, address: string): Promise<Decision> {
  const { organization_id, partner_id } = person;
  const colleague: { name: string } | undefined = await db('people')
    .where({ organization_id, partner_id, email: address, removed_at: null })
    .first('name');
  const values = { address, name: person.name, email: person.email };
  return colleague
    ? held('colleague', '{{colleague}} <{{address}}> answers a message that was sent to {{name}} <{{email}}>.', {
        ...values,
        colleague: colleague.name,
      })
    : held('stranger', 'It came from {{address}}, but answers a message to {{name}} <{{email}}>.', values);
}
