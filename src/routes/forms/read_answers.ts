import { isId } from '../../db/ids.js';
import { decimalIn, type Fields, many, one } from './field_values.js';

// What is answered line by line: rows of repeated fields, by the line's id in `line_id`.

const byLine = (fields: Fields, answer: (row: number, line: string) => object | null): Record<string, object> =>
  Object.fromEntries(
    many(fields, 'line_id').flatMap((line, row) => {
      const answered = isId(line) ? answer(row, line) : null;
      return answered ? [[line, answered]] : [];
    }),
  );

const cell = (fields: Fields, name: string, row: number) => many(fields, name)[row] ?? '';

/** A vendor's prices; `refused` has the ids of lines that they can't supply. */
export function readPrices(fields: Fields, locale: string): object {
  const refused = many(fields, 'refused');
  const priced = byLine(fields, (row) => ({ unit_price: decimalIn(cell(fields, 'line_price', row), locale) }));
  const rejected = refused.filter(isId).map((line) => [line, { refused: true }]);
  return { ...priced, ...Object.fromEntries(rejected) };
}

/** What a vendor would rather have; an empty field stays as it is. */
export const readChanges = (fields: Fields, locale: string): object =>
  byLine(fields, (row) => ({
    quantity: decimalIn(cell(fields, 'line_quantity', row), locale),
    unit_price: decimalIn(cell(fields, 'line_price', row), locale),
    delivery_on: cell(fields, 'line_delivery', row) || undefined,
  }));

/** Chosen proposals: `award_all`, or `award_` with a line's id; `seen_` with a proposal's. */
export function readAwards(fields: Fields): object {
  const named = (prefix: string) =>
    Object.fromEntries(
      Object.keys(fields).flatMap((name) => {
        const [key, value] = [name.slice(prefix.length), one(fields, name)];
        return name.startsWith(prefix) && isId(key) && value ? [[key, value]] : [];
      }),
    );
  return { proposal: one(fields, 'award_all') || undefined, lines: named('award_'), seen: named('seen_') };
}

/** Whether the form has options at all, and the ids of those picked: see `chosenLineIds`. */
export const readChoices = (fields: Fields): string[] | undefined =>
  one(fields, 'choices') ? [...chosenLineIds(fields)].filter(isId) : undefined;

/** The line ids that a form ticks: in `pick` and, for the alternatives of a group, in `pick.` with its name. */
export const chosenLineIds = (fields: Fields): Set<string> =>
  new Set(Object.keys(fields).flatMap((name) => (/^pick(\.|$|\[)/.test(name) ? many(fields, name) : [])));
