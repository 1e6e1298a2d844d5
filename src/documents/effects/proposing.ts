import type { Knex } from 'knex';
import type { Difference } from '../../activity/difference.js';
import { Conflict, Invalid } from '../../errors.js';
import { isDay } from '../../pages/valid_input.js';
import type { ContentChangeResult } from '../acting/context.js';
import { today } from '../content/days.js';
import { validatedTotals, type Line } from '../content/content.js';
import { changeContent, readContent, readLines } from '../content/content_store.js';
import { proposedDifferences, withProposed } from '../content/differences.js';
import { type Errors, many } from '../content/field_values.js';
import { parseNumber } from '../drafts/parse_lines.js';
import type { ActContext } from '../acting/context.js';

/** Stores a vendor's proposed changes, from the form's rows: line_id, line_quantity, line_price, line_delivery. */
export async function proposeChanges(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult> {
  const { document, input } = act;
  const errors: Errors = {};
  const ids = many(input, 'line_id');
  const current = await readLines(db, document);
  const proposed = current.flatMap((line) => parseProposed(line, ids.indexOf(line.id), act, errors));
  if (Object.keys(errors).length) throw new Invalid(errors);
  if (!proposed.length) throw new Invalid({ form: 'Change a date, a quantity or a price first.' });
  validatedTotals({ ...(await readContent(db, document)), lines: withProposed(current, proposed) });
  const { organization_id, id } = document;
  await db('documents')
    .where({ organization_id, id })
    .update({ proposed: JSON.stringify(proposed) });
  return { changed: false };
}

function parseProposed(line: Line, row: number, { input, actor }: ActContext, errors: Errors): Difference[] {
  if (row < 0) return [];
  const typed = (name: string) => many(input, `line_${name}`)[row] ?? '';
  const wrong = (name: string) => (message: string) => (errors[`line_${name}.${line.id}`] = message);
  const number = (name: string, current: string, max: number, decimals: number) =>
    typed(name) === '' ? current : parseNumber(typed(name), current, [0, max, decimals], actor.locale, wrong(name));
  const quantity = number('quantity', line.quantity, 1e7, 4);
  const unit_price = number('price', line.unit_price, 1e11, 6);
  const day = typed('delivery');
  if (day && !isDay(day)) wrong('delivery')('Give a date.');
  else if (day && day !== line.delivery_on && day < today(actor)) wrong('delivery')('This day has passed.');
  return proposedDifferences(line, { quantity, unit_price, delivery_on: day || line.delivery_on });
}

/** Applies the proposed changes to the order. If it must be signed, the vendor has to acknowledge it again. */
export async function applyProposed(db: Knex.Transaction, { document }: ActContext): Promise<ContentChangeResult> {
  const { organization_id, id, proposed, signature_required } = document;
  if (!proposed) throw new Conflict('There is nothing proposed any more.');
  const changed = await changeContent(db, document, ({ lines }) => ({ lines: withProposed(lines, proposed) }));
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed, branch: signature_required ? 'unsigned' : 'agreed' };
}

export async function dropProposed(
  db: Knex.Transaction,
  { document: { organization_id, id } }: ActContext,
): Promise<ContentChangeResult> {
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed: false };
}
