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
 * A vendor's prices: by row line_id, line_price; the ids under `refused` are not offered. All refused: the proposal
 * is rejected.
 */
export async function setPrices(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult> {
  const { document, input, actor } = act;
  const errors: Errors = {};
  const [ids, typed] = [many(input, 'line_id'), many(input, 'line_price')];
  const refused = new Set(many(input, 'refused'));
  const delivery_on = deliveryDay(act, errors);
  const lines = (await readLines(db, document)).map((line) => {
    const row = ids.indexOf(line.id);
    const gone = refused.has(line.id);
    const price = row < 0 ? '' : (typed[row] ?? '');
    const wrong = (message: string) => (errors[`line_price.${line.id}`] = message);
    if (!gone && !price) wrong('Give a price, or reject the line.');
    const unit_price = gone ? '0' : parseNumber(price, '0', [0, 1e11, 6], actor.locale, wrong);
    return { ...line, unit_price, refused: gone };
  });
  if (Object.keys(errors).length) throw new Invalid(errors);
  const changed = await changeContent(db, document, () => ({ lines, delivery_on }));
  // A date that was saved by itself is not in a version yet.
  return {
    changed: changed || !(await isFrozen(db, document)),
    branch: lines.every((line) => line.refused) ? 'refused' : 'priced',
  };
}

function deliveryDay({ document, input, actor }: ActContext, errors: Errors): string | null {
  const typed = one(input, 'delivery_on');
  if (!typed || typed === document.delivery_on) return document.delivery_on;
  if (!isDay(typed)) errors['delivery_on'] = 'Give a date.';
  else if (typed < today(actor)) errors['delivery_on'] = 'This day has passed.';
  return typed;
}

const isFrozen = async (db: Knex.Transaction, { organization_id, id, version, sha256 }: Document) =>
  Boolean(await db('versions').where({ organization_id, document_id: id, version, sha256 }).first('version'));

/**
 * When a vendor can deliver, by itself. It stands in the document at once, and in the version once that is submitted.
 */
export async function setDelivery(
  db: Knex.Transaction,
  { document, answers, actor }: ActContext,
): Promise<ContentChangeResult> {
  const delivery_on = String(answers['delivery_on']);
  if (delivery_on < today(actor)) throw new Invalid({ delivery_on: 'This day has passed.' });
  return { changed: await changeContent(db, document, () => ({ delivery_on })) };
}
