import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { isDay } from '../../pages/valid_input.js';
import type { ContentChangeResult } from '../acting/context.js';
import { today } from '../content/days.js';
import { changeContent, readLines } from '../content/content_store.js';
import type { Document } from '../content/document.js';
import { type Errors, many, one } from '../content/field_values.js';
import { parseNumber } from '../drafts/parse_lines.js';
import type { ActContext } from '../acting/context.js';

/**
 * Sets a vendor's prices from the form's rows (line_id, line_price) and delivery date. `refused` has the ids of lines
 * that the vendor can't supply; if that is all of them, the proposal is rejected. @throws Invalid by field.
 */
export async function setPrices(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult> {
  const { document, input, actor } = act;
  const errors: Errors = {};
  const [ids, typed] = [many(input, 'line_id'), many(input, 'line_price')];
  const refused = new Set(many(input, 'refused'));
  const delivery_on = parseDelivery(act, errors);
  const lines = (await readLines(db, document)).map((line) => {
    const row = ids.indexOf(line.id);
    const is_refused = refused.has(line.id);
    const price = row < 0 ? '' : (typed[row] ?? '');
    const wrong = (message: string) => (errors[`line_price.${line.id}`] = message);
    if (!is_refused && !price) wrong('Give a price, or reject the line.');
    const unit_price = is_refused ? '0' : parseNumber(price, '0', [0, 1e11, 6], actor.locale, wrong);
    return { ...line, unit_price, refused: is_refused };
  });
  if (Object.keys(errors).length) throw new Invalid(errors);
  const changed = await changeContent(db, document, () => ({ lines, delivery_on }));
  // A delivery date saved before (see setDelivery) is in no version yet.
  return {
    changed: changed || !(await isFrozen(db, document)),
    branch: lines.every((line) => line.refused) ? 'refused' : 'priced',
  };
}

function parseDelivery({ document, input, actor }: ActContext, errors: Errors): string | null {
  const typed = one(input, 'delivery_on');
  if (!typed || typed === document.delivery_on) return document.delivery_on;
  if (!isDay(typed)) errors['delivery_on'] = 'Give a date.';
  else if (typed < today(actor)) errors['delivery_on'] = 'This day has passed.';
  return typed;
}

const isFrozen = async (db: Knex.Transaction, { organization_id, id, version, sha256 }: Document) =>
  Boolean(await db('versions').where({ organization_id, document_id: id, version, sha256 }).first('version'));

/** Saves a vendor's delivery date alone: a version has it only once the proposal is submitted. @throws Invalid */
export async function setDelivery(
  db: Knex.Transaction,
  { document, answers, actor }: ActContext,
): Promise<ContentChangeResult> {
  const delivery_on = String(answers['delivery_on']);
  if (delivery_on < today(actor)) throw new Invalid({ delivery_on: 'This day has passed.' });
  return { changed: await changeContent(db, document, () => ({ delivery_on })) };
}
