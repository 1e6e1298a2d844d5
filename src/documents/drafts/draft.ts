import type { Actor } from '../../db/scope.js';
import { type DocumentType, has } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { codePoint, undrawable } from '../../pages/fonts/drawable.js';
import { type ContentWithTotals, withTotals } from '../content/content.js';
import type { LineItems } from '../items/item_lines.js';
import type { TaxedContent } from '../taxes/line_taxes.js';
import { isSaid } from '../taxes/said_taxes.js';

/** What a draft holds. */
export interface Draft {
  content: ContentWithTotals;
  /** Ids of contacts, not checked yet; null: unchanged. */
  recipient_ids: string[] | null;
  /** Not checked yet; null: none; undefined: unchanged. */
  project_id: string | null | undefined;
  /** Which items its lines are of; undefined: unchanged. */
  items?: LineItems | undefined;
}

/**
 * The draft of an author's input. A partner's own document has no recipients or project of their choosing; only types
 * with choices have lines that may not count.
 * Only what a customer owes, or gets credited of it, may have lines that take something off.
 * @throws Invalid if its total is below zero, or too large to be exact; by path what can't be printed
 */
export function toDraft(
  { recipients, project, items, lines, ...fields }: TaxedContent,
  currency: string,
  type: DocumentType,
): Draft {
  refuseUndrawable({ lines, ...fields });
  refuseBelowZero(lines, type);
  const plain = has(type, 'choices') ? {} : ({ choice: '', picked: true } as const);
  const counted = lines.map((line) => ({ ...line, ...plain, refused: false }));
  const online = has(type, 'partial_payments') ? {} : { card_allowed: true, bank_debit_allowed: true };
  const content = withTotals({ ...fields, ...online, currency, lines: counted });
  if (![content.total, ...content.lines.map(({ amount }) => amount)].every(Number.isSafeInteger) || content.total < 0)
    throw new Invalid({ form: 'The total must be a positive amount.' });
  const own = type.startedBy === 'partner';
  return { content, recipient_ids: own ? null : recipients, project_id: own ? undefined : project, items };
}

/** The draft of what somebody gave. Only staff say which items its lines are of. @throws as `toDraft` */
export function toDraftBy({ side }: Pick<Actor, 'side'>, ...given: Parameters<typeof toDraft>): Draft {
  const draft = toDraft(...given);
  return { ...draft, items: side === 'staff' ? draft.items : undefined };
}

/** Nor has what is counted against an order, line by line. @throws Invalid */
function refuseBelowZero(lines: TaxedContent['lines'], { owes }: DocumentType): void {
  if (owes === 'credit') return;
  if (owes === 'receivable' && lines.every(({ origin_line }) => origin_line === null)) return;
  const wrong = lines.flatMap(({ unit_price }, n) => (Number(unit_price) < 0 ? [`content.lines.${n}.unit_price`] : []));
  if (wrong.length) throw new Invalid(Object.fromEntries(wrong.map((path) => [path, 'This can’t be below zero.'])));
}

/** @throws Invalid for each text with characters that no font of ours draws */
function refuseUndrawable({
  title,
  reference,
  note,
  terms,
  lines,
}: Omit<TaxedContent, 'recipients' | 'project' | 'items'>): void {
  const texts = {
    ...{ title, reference, note, terms },
    'untaxed.note': lines.flatMap(({ taxes }) => taxes.filter(isSaid).map((tax) => tax.note)).join(' '),
    ...Object.fromEntries(
      lines.flatMap(({ description, group_name, unit }, n) => [
        [`lines.${n}.description`, `${group_name} ${description}`],
        [`lines.${n}.unit`, unit],
      ]),
    ),
  };
  const missing = new Set(undrawable(Object.values(texts).join(' ')));
  if (!missing.size) return;
  const wrong = Object.entries(texts).filter(([, text]) => undrawable(text).length);
  const characters = [...missing].slice(0, 10).map((one) => `${one} (${codePoint(one)})`);
  throw new Invalid(Object.fromEntries(wrong.map(([path]) => [`content.${path}`, CANNOT_PRINT])), {
    characters: characters.join(', '),
  });
}

const CANNOT_PRINT = 'These characters can’t be printed: {{characters}}. Use others.';
