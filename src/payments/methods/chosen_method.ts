import type { Knex } from 'knex';
import { isId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { Invalid, NotAllowed } from '../../errors.js';
import { type Account } from '../ledger/ledger.js';
import { findOffered } from './offered_methods.js';
import { EXPIRED } from './stored_methods.js';

/** What a payer chose: a method by its name, or one that their company stored. A form gives either as `method`. */
interface Chosen {
  method?: string | undefined;
  stored?: string | undefined;
}

/**
 * How a document is paid. @throws Invalid unless that is offered for it, and stored, if at all, by its partner;
 * NotAllowed, with a code, for who came by a link and wants to charge what their company stored
 */
export async function chosenMethod(
  db: Knex.Transaction,
  actor: Actor,
  document: Account,
  { method = '', stored }: Chosen,
): Promise<{ method: string; stored_id: string | null }> {
  const offered = await findOffered(db, document.organization_id, [document.id]);
  const stored_id = stored ?? (isId(method) ? method : null);
  const name = stored_id ? await storedMethod(db, actor, document, stored_id) : method;
  if (!name) throw new Invalid({ method: 'Choose how to pay.' });
  if (!offered.includes(name)) throw new Invalid({ method: 'This can’t be paid that way. Choose another.' });
  return { method: name, stored_id };
}

/** Its method's name, locked, so that it is not removed meanwhile. */
async function storedMethod(
  db: Knex.Transaction,
  { side, assurance }: Actor,
  { organization_id, partner_id }: Account,
  id: string,
): Promise<string> {
  if (side === 'partner' && assurance !== 'verified')
    throw new NotAllowed('To pay with a saved method you need a code first, which we email to you.', { code: true });
  const found = await db('payment_methods as m')
    .join('organizations as o', (on) => on.on('o.id', 'm.organization_id').on('o.gateway', 'm.gateway'))
    .where({ 'm.organization_id': organization_id, 'm.partner_id': partner_id, 'm.id': id, 'm.removed_at': null })
    .forShare('m')
    .first('m.method', db.raw(`${EXPIRED} as expired`));
  if (!found) throw new Invalid({ method: 'This is no longer saved here. Choose another way to pay.' });
  if (found.expired) throw new Invalid({ method: 'This card has expired. Choose another way to pay.' });
  return found.method;
}
