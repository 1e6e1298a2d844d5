import type { Knex } from 'knex';
import type { z } from 'zod';
import type { prices } from '../../document_types/shared/inputs.js';
import { Invalid } from '../../errors.js';
import type { ActContext, ContentChangeResult } from '../acting/document_act.js';
import { today } from '../../pages/days.js';
import { changeContent, readLines } from '../content/content_store.js';
import type { Document } from '../content/document.js';

interface Offer {
  prices: z.output<typeof prices>;
  delivery_on?: string | undefined;
}

/**
 * Sets a vendor's prices and delivery date. A refused line can't be supplied; if all are refused, the proposal is
 * rejected. @throws Invalid by field: each line needs an answer
 */
export async function setPrices(db: Knex.Transaction, act: ActContext<Offer>): Promise<ContentChangeResult> {
  const { document, input, actor } = act;
  const errors: Record<string, string> = {};
  const delivery_on = input.delivery_on ?? document.delivery_on;
  if (delivery_on && delivery_on !== document.delivery_on && delivery_on < today(actor))
    errors['delivery_on'] = 'This day has passed.';
  const lines = (await readLines(db, document)).map((line) => {
    const { unit_price, refused = false } = input.prices[line.id] ?? {};
    if (!refused && unit_price === undefined)
      errors[`prices.${line.id}.unit_price`] = 'Give a price, or reject the line.';
    return { ...line, unit_price: refused ? '0' : (unit_price ?? '0'), refused };
  });
  if (Object.keys(errors).length) throw new Invalid(errors);
  const changed = await changeContent(db, document, () => ({ lines, delivery_on }));
  // A delivery date saved before (see setDelivery) is in no version yet.
  return {
    changed: changed || !(await isFrozen(db, document)),
    branch: lines.every((line) => line.refused) ? 'refused' : 'priced',
  };
}

const isFrozen = async (db: Knex.Transaction, { organization_id, id, version, sha256 }: Document) =>
  Boolean(await db('versions').where({ organization_id, document_id: id, version, sha256 }).first('version'));

/** Saves a vendor's delivery date alone: a version has it only once the proposal is submitted. @throws Invalid */
export async function setDelivery(
  db: Knex.Transaction,
  { document, input: { delivery_on }, actor }: ActContext<{ delivery_on: string }>,
): Promise<ContentChangeResult> {
  if (delivery_on < today(actor)) throw new Invalid({ delivery_on: 'This day has passed.' });
  return { changed: await changeContent(db, document, () => ({ delivery_on })) };
}
