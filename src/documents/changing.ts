import type { Knex } from 'knex';
import type { Change } from '../document_types/index.js';
import { Conflict, Invalid } from '../errors.js';
import { isDay } from '../pages/typed.js';
import { picksIn, pickedOf } from './choices.js';
import { today } from './clock.js';
import type { Line } from './content.js';
import { changeContent, linesOf } from './contents.js';
import type { Proposed } from './documents.js';
import { type Errors, many, one } from './draft.js';
import { parseNumber } from './draft_lines.js';
import type { Act } from './effects.js';

/** What came of a change: whether the content is another now, and which way the state goes on (see `to` of an action). */
interface Changed {
  changed: boolean;
  branch?: string;
}

type Run = (db: Knex.Transaction, act: Act) => Promise<Changed>;

/** How an action changes the content itself, before it is frozen. What can't be used is Invalid, and nothing has happened. */
export const changing: Record<Change, Run> = {
  choices,
  prices,
  delivery,
  deadline,
  propose,
  'apply proposed': applyProposed,
  'drop proposed': async (db, { document: { organization_id, id } }) => {
    await db('documents').where({ organization_id, id }).update({ proposed: null });
    return { changed: false };
  },
};

/** The options that are ticked (`pick` and, for alternatives, `pick.` with their group: ids of lines), and the customer's own order number. A form without options changes none. */
async function choices(db: Knex.Transaction, { document, input, answers, actor }: Act): Promise<Changed> {
  const reference = String(answers['reference'] ?? document.reference);
  if (document.reference_required && !reference && actor.side === 'partner') throw new Invalid({ reference: 'Give your order number.' });
  const picked = picksIn(input);
  const asked = one(input, 'choices') !== '';
  const changed = await changeContent(db, document, ({ lines }) => ({
    reference,
    lines: asked ? pickedOf(lines, picked) : lines,
  }));
  return { changed };
}

/** A vendor's prices: by row line_id, line_price; the ids under `refused` are not offered. All refused: the proposal is rejected. */
async function prices(db: Knex.Transaction, { document, input, actor }: Act): Promise<Changed> {
  const errors: Errors = {};
  const [ids, typed] = [many(input, 'line_id'), many(input, 'line_price')];
  const refused = new Set(many(input, 'refused'));
  const delivery_on = dayIn(input, 'delivery_on', errors) ?? document.delivery_on;
  const lines = (await linesOf(db, document)).map((line) => {
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
  return { changed, branch: lines.every((line) => line.refused) ? 'refused' : 'priced' };
}

/** When a vendor can deliver, by itself. It stands in the document at once, and in the version once that is submitted. */
async function delivery(db: Knex.Transaction, { document, answers, actor }: Act): Promise<Changed> {
  const delivery_on = String(answers['delivery_on']);
  if (delivery_on < today(actor)) throw new Invalid({ delivery_on: 'This day has passed.' });
  return { changed: await changeContent(db, document, () => ({ delivery_on })) };
}

async function deadline(db: Knex.Transaction, { document, answers, actor }: Act): Promise<Changed> {
  const due_on = String(answers['due_on']);
  if (due_on < today(actor)) throw new Invalid({ due_on: 'This day has passed.' });
  return { changed: await changeContent(db, document, () => ({ due_on })) };
}

/** A vendor's wishes: by row line_id, line_quantity, line_price, line_delivery; what is left as it was is no wish. */
async function propose(db: Knex.Transaction, act: Act): Promise<Changed> {
  const { document, input } = act;
  const errors: Errors = {};
  const ids = many(input, 'line_id');
  const lines = (await linesOf(db, document)).flatMap((line) => wishOf(line, ids.indexOf(line.id), act, errors));
  if (Object.keys(errors).length) throw new Invalid(errors);
  if (!lines.length) throw new Invalid({ form: 'Change a date, a quantity or a price first.' });
  const { organization_id, id } = document;
  const proposed: Proposed = { lines };
  await db('documents')
    .where({ organization_id, id })
    .update({ proposed: JSON.stringify(proposed) });
  return { changed: false };
}

function wishOf(line: Line, row: number, { input, actor }: Act, errors: Errors): Proposed['lines'] {
  if (row < 0) return [];
  const typed = (name: string) => many(input, `line_${name}`)[row] ?? '';
  const wrong = (name: string) => (message: string) => (errors[`line_${name}.${line.id}`] = message);
  const number = (name: string, now: string, most: number, places: number) =>
    typed(name) === '' ? now : parseNumber(typed(name), now, [0, most, places], actor.locale, wrong(name));
  const quantity = number('quantity', line.quantity, 1e7, 4);
  const unit_price = number('price', line.unit_price, 1e11, 6);
  const day = typed('delivery');
  if (day && !isDay(day)) wrong('delivery')('Give a date.');
  const wish = {
    ...(Number(quantity) === Number(line.quantity) ? {} : { quantity }),
    ...(Number(unit_price) === Number(line.unit_price) ? {} : { unit_price }),
    ...(day && day !== line.delivery_on ? { delivery_on: day } : {}),
  };
  return Object.keys(wish).length ? [{ id: line.id, ...wish }] : [];
}

/** The vendor's wishes become the order. Where it must be signed, it goes out to be acknowledged anew. */
async function applyProposed(db: Knex.Transaction, { document }: Act): Promise<Changed> {
  const { organization_id, id, proposed, signature_required } = document;
  if (!proposed) throw new Conflict('There is nothing proposed any more.');
  const wishes = new Map(proposed.lines.map((wish) => [wish.id, wish]));
  const changed = await changeContent(db, document, ({ lines }) => ({ lines: lines.map((line) => ({ ...line, ...wishes.get(line.id) })) }));
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed, branch: signature_required ? 'unsigned' : 'agreed' };
}

function dayIn(input: Record<string, unknown>, name: string, errors: Errors): string | null {
  const typed = one(input, name);
  if (typed && !isDay(typed)) errors[name] = 'Give a date.';
  return typed || null;
}
