import type { Actor } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { namesTaxes, percentOf } from '../../documents/taxes/line_taxes.js';
import { decidedSeries, ratesOn } from '../../documents/taxes/tax_rates.js';
import { addDays } from '../../pages/days.js';
import { isOffered } from '../../subjects/may.js';
import { blankRow, type DraftForm, draftFormValues } from '../forms/draft_form.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { currencyChoices } from '../shared/select_options.js';
import type { NewPage } from './draft_queries.js';
import { defaultsUrl, type DraftEdit, draftFields, sendLabel, suggestionsUrl } from './draft_view.js';

/** How long an offer is valid, and a vendor has to answer, by default. */
const DAYS_TO_ANSWER = 14;

/** What a new document's form is filled with: due by the partner's terms; the rest as on the last of its type. */
export function newDraftForm(type: DocumentType, page: NewPage, actor: Actor, project = ''): DraftForm {
  const { partner, contacts, last, tax_rates } = page;
  const issued_on = today(actor);
  // Where taxes are named, it begins with those that the partner pays.
  const named = namesTaxes(type) && tax_rates.length > 0;
  const usual = usualPercent(page, issued_on) ?? last?.tax_rate ?? '0';
  const row = blankRow(named ? {} : { tax: formatDecimalInput(usual, actor.locale) });
  const full = contacts.filter(({ guest }) => !guest);
  const before = full.filter(({ id }) => last?.people.includes(id));
  // What goes to many is never addressed to somebody by default.
  const recipients = before.length || !partner.id ? before : full.slice(0, 1);
  return {
    values: draftFormValues({
      issued_on,
      due_on: addDays(issued_on, type.owes ? partner.terms_days : DAYS_TO_ANSWER),
      currency: partner.currency,
      project,
      terms: last?.terms ?? '',
      note: last?.note ?? '',
      partial_payments: last?.partial_payments ? 'on' : '',
      card_allowed: last?.card_allowed === false ? '' : 'on',
      bank_debit_allowed: last?.bank_debit_allowed === false ? '' : 'on',
    }),
    rows: [row, row, row],
    recipient_ids: recipients.map(({ id }) => id),
    partner_taxes: [],
  };
}

/** What a vendor charges as a rule, in percent; null: nobody has said. */
function usualPercent({ tax_rates, default_taxes }: NewPage, day: string): string | null {
  const series = tax_rates.length ? decidedSeries(tax_rates, default_taxes.partner) : null;
  return series && percentOf(ratesOn(tax_rates, series, day)).toString();
}

interface NewForm {
  actor: Actor;
  slug: string;
  errors: Errors;
  /** The key of the document it is created from, and the only currency that allows. */
  from: { key: string | null; currency: string | null };
}

/** The form of a new document. */
export function newFormView(
  type: DocumentType,
  page: NewPage,
  form: DraftForm,
  { actor, slug, errors, from }: NewForm,
): DraftEdit {
  const { t } = i18nOf(actor);
  const list = `/${slug}/${type.path}`;
  const { partner } = page;
  const query = { ...(partner.id ? { partner: partner.id } : {}), ...(from.key ? { from: from.key } : {}) };
  const url = `${list}/new?${new URLSearchParams(query)}`;
  const wanted = [form.values.currency, partner.currency];
  const { currencies, currency } = currencyFields(actor.locale, from.currency, wanted);
  return {
    title: t(`New ${type.label.toLowerCase()}`),
    action: url,
    rows_url: url,
    cancel: list,
    ...{ seen: '', revises: false, previews: false, discard_url: null },
    autosaves: actor.side === 'staff',
    sends: sendLabel(type, t),
    files: [],
    defaults_url: defaultsUrl(type, actor, slug),
    currencies,
    suggestions_url: suggestionsUrl(type, partner.id, actor, slug),
    newest: null,
    partner:
      partner.id && isOffered(actor, 'desk')
        ? { name: partner.name, url: `/${slug}/partners/${partner.id}`, change_url: `${list}/new` }
        : null,
    ...draftFields(type, form, { ...page, currency }, { actor, slug, errors }),
  };
}

/** The currencies to choose from, or the only one there can be; and the first of `wanted` that is among them. */
function currencyFields(locale: string, only: string | null, wanted: readonly string[]) {
  const currencies = currencyChoices(locale).filter(({ value }) => !only || value === only);
  const currency = wanted.find((code) => currencies.some(({ value }) => value === code)) ?? only ?? '';
  return { currencies, currency };
}
