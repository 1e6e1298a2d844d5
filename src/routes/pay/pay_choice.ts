import { overdue } from '../../document_types/shared/dates.js';
import { typeNamed } from '../../document_types/index.js';
import { takesCredit } from '../../document_types/relations.js';
import { money } from '../../input/fields.js';
import { type PlannedPart, planPayment } from '../../payments/payment_plan.js';
import { type Fields, many, one } from '../forms/field_values.js';
import { moneyIn } from '../forms/read_form.js';
import type { PayableDocument, UsableCredit } from './payable_queries.js';

/** What may be paid in one currency, and with which credit. */
export interface Offer {
  currency: string;
  documents: PayableDocument[];
  credits: UsableCredit[];
}

/** What its reader chose, or what is chosen at first. */
export interface Choice {
  /** Ids of documents and of credits' sources ('': overpayments). */
  documents: ReadonlySet<string>;
  credits: ReadonlySet<string>;
  /** As typed, by the document's id. */
  amounts: ReadonlyMap<string, string>;
  /** By name, or the id of one that is stored; '': none yet. */
  method: string;
}

/** What comes of a choice. Messages are English. */
export interface PayPlan {
  parts: PlannedPart[];
  /** What is charged. */
  total: number;
  /** By the document's id. */
  errors: ReadonlyMap<string, string>;
}

/** The name under which a form knows a source of credit. */
export const creditName = ({ source_id }: Pick<UsableCredit, 'source_id'>): string => source_id ?? 'overpaid';

/**
 * A choice as a form or an address has it. Where it says nothing, all that is overdue is chosen, or else everything;
 * `opened`: the one document that it was opened from. Credit is used first.
 */
export function readChoice(fields: Fields, { documents, credits }: Offer, day: string, opened: string | null): Choice {
  const chosen = many(fields, 'pay');
  const said = one(fields, 'chosen') !== '' || chosen.length > 0;
  const late = documents.filter((document) => overdue(document, day));
  const all = one(fields, 'all') !== '' || !late.length;
  const initial = opened ? [opened] : (all ? documents : late).map(({ id }) => id);
  const amounts = documents.map(({ id }) => [id, one(fields, `amount_${id}`)] as const).filter(([, typed]) => typed);
  return {
    documents: new Set(said ? chosen : initial),
    credits: new Set(said ? many(fields, 'credit') : credits.map(creditName)),
    amounts: new Map(amounts),
    method: one(fields, 'method'),
  };
}

/** What a choice comes to. */
export function planOf(offer: Offer, choice: Choice, locale: string): PayPlan {
  const errors = new Map<string, string>();
  const chosen = offer.documents
    .filter(({ id }) => choice.documents.has(id))
    .map((document) => {
      const amount = amountOf(document, choice.amounts.get(document.id) ?? '', locale);
      if (typeof amount === 'string') errors.set(document.id, amount);
      const takes_credit = takesCredit(typeNamed(document.type));
      return { id: document.id, amount: typeof amount === 'string' ? document.open : amount, takes_credit };
    });
  const credits = offer.credits
    .filter((credit) => choice.credits.has(creditName(credit)))
    .map(({ source_id: source, available: amount }) => ({ source, amount }));
  const parts = planPayment(chosen, credits);
  return { parts, total: parts.reduce((sum, { money }) => sum + money, 0), errors };
}

/** Minor units, or why what was typed is none. Nothing typed: all of it. */
function amountOf(
  { open, currency, partial_payments }: PayableDocument,
  typed: string,
  locale: string,
): number | string {
  if (!typed || !partial_payments) return open;
  const read = money.safeParse(moneyIn(typed, { locale, currency }));
  if (!read.success) return read.error.issues[0]?.message ?? 'Give an amount above zero.';
  return read.data > open ? 'Enter {{amount}} or less, the amount remaining on {{number}}.' : read.data;
}
