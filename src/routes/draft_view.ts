import type { Actor } from '../db/scope.js';
import { today } from '../documents/act.js';
import type { DraftPage, NewPage, Recipient } from '../documents/draft_page.js';
import { keyOf } from '../documents/documents.js';
import { contentOf } from '../documents/page.js';
import { sheet } from '../documents/sheet.js';
import { blankRow, rowAmount, type TypedDraft, typedTotals } from '../documents/typed_draft.js';
import { type DocumentType, typeNamed } from '../document_types/index.js';
import { typedDecimal } from '../documents/decimals.js';
import { currencyChoices } from './choices.js';
import { tongueOf } from './frame.js';

type Errors = Readonly<Record<string, string>>;

const DAY = 86_400_000;
const daysAfter = (day: string, days: number) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** A new document as its form is offered: due by the partner's terms, with the tax, words and readers of its last one. */
export function typedStart({ partner, contacts, last }: NewPage, actor: Actor): TypedDraft {
  const issued_on = today(actor);
  const row = blankRow(typedDecimal(last?.tax_rate ?? '0', actor.locale));
  const known = contacts.filter(({ id }) => last?.people.includes(id));
  return {
    values: {
      title: '',
      issued_on,
      due_on: daysAfter(issued_on, partner.terms_days),
      currency: partner.currency,
      terms: last?.terms ?? '',
      note: '',
      partial_payments: last?.partial_payments ? 'on' : '',
      message: '',
    },
    rows: [row, row, row],
    recipient_ids: (known.length ? known : contacts.slice(0, 1)).map(({ id }) => id),
  };
}

/** The form of a new document. */
export function newFormView(type: DocumentType, page: NewPage, typed: TypedDraft, actor: Actor, slug: string, errors: Errors) {
  const { t } = tongueOf(actor);
  const list = `/${slug}/${type.name}s`;
  const { partner } = page;
  const currencies = currencyChoices(actor.locale);
  const currency = currencies.some(({ value }) => value === typed.values.currency) ? typed.values.currency : partner.currency;
  return {
    title: t(`New ${type.label.toLowerCase()}`),
    action: `${list}/new?partner=${partner.id}`,
    cancel: list,
    seen: '',
    currencies,
    newest: null,
    revises: false,
    partner: { name: partner.name, url: `/${slug}/partners/${partner.id}`, change_url: `${list}/new` },
    ...formParts(typed, page.contacts, currency, actor.locale, errors),
  };
}

/** The form of a draft, or of a document that is revised. `newest`: it has changed meanwhile, and is shown as it is now beside what was typed. */
export function editFormView(
  page: DraftPage,
  action: string,
  typed: TypedDraft,
  actor: Actor,
  slug: string,
  errors: Errors,
  newest: boolean,
) {
  const tongue = tongueOf(actor);
  const { t } = tongue;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const label = t(typeNamed(page.type).label);
  const revises = page.number !== null;
  return {
    title: revises ? t('Revise {{document}}', { document: `${label} ${page.number}` }) : t('Edit the draft'),
    action: `${url}/${action}`,
    cancel: url,
    seen: page.sha256,
    currencies: [{ value: page.currency, label: page.currency }],
    newest: newest ? sheetView(page, tongue) : null,
    revises,
    partner: { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}`, change_url: null },
    ...formParts(typed, page.contacts, page.currency, actor.locale, errors),
  };
}

/** The sheet as it stands now, nothing paid. */
export const sheetView = (page: DraftPage, tongue: ReturnType<typeof tongueOf>) => ({
  ...sheet(contentOf(page), tongue),
  sha256: page.sha256,
  open: 0,
  paid: 0,
});

function formParts({ values, rows, recipient_ids }: TypedDraft, contacts: Recipient[], currency: string, locale: string, errors: Errors) {
  return {
    currency,
    values: { ...values, currency },
    errors,
    lines: (rows.length ? rows : [blankRow()]).map((row) => ({ ...row, amount: rowAmount(row, locale, currency) })),
    recipients: contacts.map(({ id, name, email }) => ({ id, name, email, checked: recipient_ids.includes(id) })),
    sums: typedTotals(rows, locale, currency),
  };
}
