import { isId } from '../../db/ids.js';
import type { DocumentType } from '../../document_types/index.js';
import { isDay } from '../../pages/valid_input.js';
import { type ContentWithTotals, withTotals } from '../content/content.js';
import { parseDecimal } from '../content/decimals.js';
import { type Errors, type Fields, many, one } from '../content/field_values.js';
import { parseLines } from './parse_lines.js';

/** The form of a draft, parsed. */
export interface Draft {
  content: ContentWithTotals;
  /** Ids of contacts, not checked yet; null: unchanged. */
  recipient_ids: string[] | null;
  /** Not checked yet; null: none; undefined: unchanged. */
  project_id: string | null | undefined;
}

const MAX_LENGTH = { title: 200, reference: 100, terms: 5000, note: 5000 } as const;

/**
 * Parses the form of a draft. Lines are repeated fields (see `parseLines`), recipients a repeated `recipient`. Errors
 * are by field; those of a line are named 'line_price.2' (row from 0).
 */
export function parseDraft(
  fields: Fields,
  locale: string,
  currency: string,
  type?: DocumentType,
): { draft?: Draft; errors: Errors } {
  const errors: Errors = {};
  const lines = parseLines(fields, locale, errors);
  const days = parseDays(fields, errors);
  const texts = parseTexts(fields, errors);
  const deposit_percent = parsePercent(one(fields, 'deposit_percent'), locale);
  if (deposit_percent === null) errors['deposit_percent'] = 'Give a percentage from 0 to 100.';
  if (Object.keys(errors).length || !deposit_percent) return { errors };
  const content = withTotals({ ...texts, ...days, ...switches(fields), currency, deposit_percent, lines });
  if (![content.total, ...content.lines.map(({ amount }) => amount)].every(Number.isSafeInteger) || content.total < 0)
    return { errors: { form: 'The total must be a positive amount.' } };
  const from_partner = type?.startedBy === 'partner';
  const project = one(fields, 'project');
  return {
    draft: {
      content,
      recipient_ids: from_partner ? null : many(fields, 'recipient').filter(isId),
      project_id: from_partner ? undefined : isId(project) ? project : null,
    },
    errors,
  };
}

function parseTexts(fields: Fields, errors: Errors) {
  const texts = {
    title: one(fields, 'title'),
    reference: one(fields, 'reference'),
    terms: one(fields, 'terms'),
    note: one(fields, 'note'),
  };
  for (const [name, max] of Object.entries(MAX_LENGTH) as [keyof typeof texts, number][])
    if (texts[name].length > max) errors[name] = `Use at most ${max.toLocaleString('en')} characters.`;
  return texts;
}

const SWITCHES = ['partial_payments', 'reference_required', 'signature_required', 'tax_included'] as const;

const switches = (fields: Fields) =>
  Object.fromEntries(SWITCHES.map((name) => [name, one(fields, name) !== ''])) as Record<
    (typeof SWITCHES)[number],
    boolean
  >;

function parseDays(fields: Fields, errors: Errors) {
  const issued_on = one(fields, 'issued_on');
  const due_on = one(fields, 'due_on');
  const delivery_on = one(fields, 'delivery_on');
  if (!isDay(issued_on)) errors['issued_on'] = 'Give a date.';
  if (due_on && !isDay(due_on)) errors['due_on'] = 'Give a date.';
  if (delivery_on && !isDay(delivery_on)) errors['delivery_on'] = 'Give a date.';
  if (isDay(issued_on) && isDay(due_on) && due_on < issued_on) errors['due_on'] = 'It can’t be due before its date.';
  return { issued_on, due_on: due_on || null, delivery_on: delivery_on || null };
}

function parsePercent(typed: string, locale: string): string | null {
  const value = typed === '' ? '0' : parseDecimal(typed.replace(/\s*%$/, ''), locale);
  return value !== null && Number(value) >= 0 && Number(value) <= 100 && (value.split('.')[1] ?? '').length <= 4
    ? value
    : null;
}
