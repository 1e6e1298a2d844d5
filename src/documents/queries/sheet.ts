import type { Actor } from '../../db/actor.js';
import { overdue } from '../../document_types/shared/dates.js';
import { typeNamed } from '../../document_types/index.js';
import { shownAddress } from '../../input/email_address.js';
import { isForSeveral } from '../../document_types/relations.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { SheetParties } from '../../pages/views/components.js';
import type { Line } from '../content/content.js';
import { type Deduction, deductedSum } from '../../payments/ledger/deductions.js';
import { isCounted, shareOf, taxKey, type TaxSum } from '../content/totals.js';
import type { Party, Snapshot } from '../content/version.js';
import { taxLabel } from '../taxes/tax_label.js';
import { paymentInstructions } from './payment_instructions.js';

/** A reader's translations and formats. */
export interface I18n {
  t: Translate;
  format: Format;
}

const [VAT, OTHER] = ['VAT number {{number}}', 'Tax number {{number}}'];

/** That of a country with value-added tax begins with its letters, as DE123456789 does. */
const VAT_NUMBER = /^[A-Z]{2}[ \d][ \dA-Z]{6,14}$/;

const textLines = (text: string) => text.split('\n').filter((line) => line.trim());

/** A party as sheets and receipts show it. */
export const sheetParty = ({ name, address, tax_number, email, legal_name = '' }: Party, { t }: Pick<I18n, 't'>) => ({
  name,
  lines: [...(legal_name && legal_name !== name ? [legal_name] : []), ...textLines(address)],
  tax_number: tax_number && t(VAT_NUMBER.test(tax_number) ? VAT : OTHER, { number: tax_number }),
  email: shownAddress(email),
});

/** What page, preview and PDF show of a document's content. Amounts in minor units; rates, quantities as decimals. */
export function sheet(snapshot: Omit<Snapshot, 'number'> & { number: string | null }, i18n: I18n) {
  const { t } = i18n;
  const { from, to, accounts = [], deductions = [], ...content } = snapshot;
  const amount = content.total - deductedSum(deductions);
  const { label, due, features, answers } = typeNamed(snapshot.type);
  const asks = isUnanswered(snapshot);
  // A bill and an offer are the vendor's documents: their parties are the other way round.
  const parties: SheetParties =
    to && (features.includes('their_number') || (answers && !asks))
      ? { from: sheetParty(from, i18n), to: sheetParty(to, i18n), theirs: true }
      : { from: sheetParty(from, i18n), to: to ? sheetParty(to, i18n) : null, theirs: false };
  return {
    ...content,
    lines: content.lines.map((line) => ({ ...line, tax_label: lineTaxes(line, i18n) })),
    taxes: content.taxes.map((one) => ({
      ...{ key: taxKey(one), label: taxName(one, i18n), amount: one.amount },
      base: one.name && (content.taxes.length > 1 || one.base !== content.subtotal) ? one.base : null,
    })),
    tax_notes: taxNotes(content.lines),
    footer: from.footer?.split('\n') ?? [],
    payment: paymentInstructions({ ...content, accounts, amount, address: from.address }, t),
    deductions: deductions.map((one) => deductionRow(one, snapshot.currency, i18n)),
    deposit: shareOf(content.total, content.deposit_percent ?? '0'),
    type_label: t(label),
    due_label: t(due),
    reference_label: t(referenceLabel(snapshot.type)),
    unpriced: asks || features.includes('unpriced'),
    asks,
    // What asks for an offer is headed by the request that it carries.
    head: {
      label: t(asks && answers ? typeNamed(answers).label : label),
      number: asks && snapshot.reference ? snapshot.reference : snapshot.number,
    },
    buyer: asks || isForSeveral(typeNamed(snapshot.type)),
    ...parties,
  };
}

/** The taxes of a line; where they have no name, the percentage. */
const lineTaxes = ({ taxes = [], tax_rate }: Line, { format }: I18n): string =>
  taxes.length ? taxes.map((tax) => taxLabel(tax, format)).join(' + ') : format.percent(tax_rate);

const taxName = ({ name, rate }: Pick<TaxSum, 'name' | 'rate'>, { t, format }: I18n): string =>
  name ? taxLabel({ name, rate }, format) : t('Tax {{rate}}', { rate: format.percent(rate) });

/** "Paid ahead: RET-0003, December 1, 2026", and the tax in it. */
const deductionRow = ({ number, issued_on, amount, taxes }: Deduction, currency: string, i18n: I18n) => {
  const { t, format } = i18n;
  const within = taxes.map((tax) => `${taxName(tax, i18n)} ${format.amount(tax.amount, currency)}`).join(', ');
  return {
    label: t('Paid ahead: {{document}}, {{date}}', { document: number, date: format.date(issued_on) }),
    within: within && t('including {{taxes}}', { taxes: within }),
    amount,
  };
};

/** What the taxes of the lines have a document say, each once. */
const taxNotes = (lines: readonly Line[]): string[] => [
  ...new Set(
    lines
      .filter(isCounted)
      .flatMap(({ taxes = [] }) => taxes.map(({ note }) => note))
      .filter(Boolean),
  ),
];

/** What the other side's own reference on a document is called. */
export function referenceLabel(type: string): string {
  const { partner, features, answers } = typeNamed(type);
  if (partner === 'customer') return 'Your order';
  return features.includes('their_number') ? 'Vendor’s number' : answers ? 'Request' : 'Your reference';
}

/** Whether it asks its vendor for prices: none is offered and no line refused yet. */
const isUnanswered = ({ type, lines }: Pick<Snapshot, 'type' | 'lines'>) =>
  typeNamed(type).answers !== undefined &&
  lines.every(({ unit_price, refused }) => Number(unit_price) === 0 && !refused);

interface StateFacts {
  type: string;
  state: string;
  due_on: string | null;
  pay_on?: string | null;
  open: number;
  paying: boolean;
  started_by?: string;
  changes_proposed?: boolean;
}

/** A guest, to whom it was forwarded, has no move in it. */
type ReaderSide = 'staff' | 'partner' | 'guest';

export const readerSide = ({ side, guest }: Pick<Actor, 'side' | 'guest'>): ReaderSide =>
  side === 'staff' ? 'staff' : guest ? 'guest' : 'partner';

/** The document's state, with its label and tone; `move`: whose turn it is, and what to do. */
export function describeState(document: StateFacts, side: ReaderSide, today: string, { t, format }: I18n) {
  const { stateLabels, owes } = typeNamed(document.type);
  const { label = document.state, tone = 'quiet' } = stateLabels[document.state] ?? {};
  // Not while a payment is processing; and what the organization itself owes late is not shown.
  const late = owes === 'receivable' && !document.paying && overdue(document, today);
  const proposed = document.changes_proposed === true;
  const shown_label = document.paying
    ? t('Being paid')
    : late
      ? t('Overdue')
      : proposed
        ? t('Changes proposed')
        : t(label);
  return {
    state: document.state,
    state_label: shown_label,
    tone: late ? 'late' : proposed ? 'waiting' : tone,
    move: describeMove(document, side, late, { t, format }),
  };
}

function describeMove(document: StateFacts, side: ReaderSide, late: boolean, { t, format }: I18n): string | null {
  const { state, open, paying, changes_proposed, pay_on } = document;
  const { stateLabels, owes, startedBy } = typeNamed(document.type);
  const { awaits, move, moveBy, awaited, awaitedBy } = stateLabels[state] ?? {};
  if (side === 'guest') return null;
  if (paying) return t('A payment is on its way');
  if (changes_proposed)
    return side === 'staff'
      ? t('Your move: agree to the changes, or keep it as it is')
      : t('Waiting for an answer to your changes');
  if (state === 'draft')
    return side === (document.started_by ?? startedBy) ? t('Your move: check it and send it') : null;
  if (owes === 'receivable' && open <= 0) return null;
  const [text, dated] = side === awaits ? [move, moveBy] : [awaited, awaitedBy];
  if (!text) return null;
  const day = owes === 'payable' ? (pay_on ?? document.due_on) : document.due_on;
  if (!day) return t(text);
  const date = format.date(day);
  if (late)
    return side === 'partner'
      ? t('Your move: payment was due {{date}}', { date })
      : t('Payment was due {{date}}', { date });
  return t(dated ?? text, { date });
}
