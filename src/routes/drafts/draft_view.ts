import type { Actor } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import type { DraftPage, NewPage, Project, Recipient } from './draft_queries.js';
import { addDays } from '../../documents/content/days.js';
import { keyOf } from '../../documents/content/document.js';
import { contentOf } from '../../documents/queries/page.js';
import { sheet } from '../../documents/queries/sheet.js';
import {
  blankRow,
  rowAmount,
  type DraftForm,
  draftFormTotals,
  draftFormValues,
} from '../../documents/drafts/draft_form.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { currencyChoices } from '../shared/select_options.js';
import { fileView } from '../shared/file_view.js';
import { i18nOf } from '../shared/layout.js';

type Errors = Readonly<Record<string, string>>;

/** For how long an offer stands, and a vendor may think, unless it is said otherwise. */
const DAYS_TO_ANSWER = 14;

/**
 * A new document as its form is offered: due by the partner's terms, with the tax, words and readers of its last one.
 */
export function newDraftForm(
  type: DocumentType,
  { partner, contacts, last }: NewPage,
  actor: Actor,
  project = '',
): DraftForm {
  const issued_on = today(actor);
  const row = blankRow(formatDecimalInput(last?.tax_rate ?? '0', actor.locale));
  const known = contacts.filter(({ id }) => last?.people.includes(id));
  return {
    values: draftFormValues({
      issued_on,
      due_on: addDays(issued_on, type.owes ? partner.terms_days : DAYS_TO_ANSWER),
      currency: partner.currency,
      project,
      terms: last?.terms ?? '',
      note: last?.note ?? '',
      partial_payments: last?.partial_payments ? 'on' : '',
    }),
    rows: [row, row, row],
    recipient_ids: (known.length || !partner.id ? known : contacts.slice(0, 1)).map(({ id }) => id),
  };
}

/** The form of a new document. */
export function newFormView(
  type: DocumentType,
  page: NewPage,
  typed: DraftForm,
  actor: Actor,
  slug: string,
  errors: Errors,
  from: string | null,
) {
  const { t } = i18nOf(actor);
  const list = `/${slug}/${type.path}`;
  const { partner } = page;
  const currencies = currencyChoices(actor.locale);
  const currency = currencies.some(({ value }) => value === typed.values.currency)
    ? typed.values.currency
    : partner.currency;
  return {
    title: t(`New ${type.label.toLowerCase()}`),
    action: `${list}/new?${new URLSearchParams({ ...(partner.id ? { partner: partner.id } : {}), ...(from ? { from } : {}) })}`,
    cancel: list,
    seen: '',
    autosaves: actor.side === 'staff',
    sends: type.startedBy === 'staff' ? t('Preview and send') : t('Check and send'),
    files: [],
    defaults_url: actor.side === 'staff' ? `/${slug}/desk/defaults#${type.name}` : null,
    currencies,
    newest: null,
    revises: false,
    partner:
      partner.id && actor.side === 'staff'
        ? { name: partner.name, url: `/${slug}/partners/${partner.id}`, change_url: `${list}/new` }
        : null,
    ...formParts(type, typed, page, currency, actor.locale, errors, i18nOf(actor)),
  };
}

/**
 * The form of a draft, or of a document that is revised. `newest`: it has changed meanwhile, and is shown as it is
 * now beside what was typed.
 */
export function editFormView(
  page: DraftPage,
  action: string,
  typed: DraftForm,
  actor: Actor,
  slug: string,
  errors: Errors,
  newest: boolean,
) {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const label = t(typeNamed(page.type).label);
  const revises = page.number !== null;
  return {
    title: revises ? t('Revise {{document}}', { document: `${label} ${page.number}` }) : t('Edit the draft'),
    action: `${url}/${action}`,
    cancel: url,
    seen: page.sha256,
    autosaves: !revises,
    sends: revises
      ? t('Send the new version')
      : typeNamed(page.type).startedBy === 'staff'
        ? t('Preview and send')
        : t('Check and send'),
    files: page.files.map((file) => ({
      ...fileView(slug, file),
      id: file.id,
      remove_url: revises ? null : `${url}/detach`,
    })),
    defaults_url: actor.side === 'staff' ? `/${slug}/desk/defaults#${page.type}` : null,
    currencies: [{ value: page.currency, label: page.currency }],
    newest: newest ? sheetView(page, i18n) : null,
    revises,
    partner:
      page.to_party && actor.side === 'staff'
        ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}`, change_url: null }
        : null,
    ...formParts(typeNamed(page.type), typed, page, page.currency, actor.locale, errors, i18n),
  };
}

/** The sheet as it stands now, nothing paid. */
export const sheetView = (page: DraftPage, i18n: ReturnType<typeof i18nOf>) => ({
  ...sheet(contentOf(page), i18n),
  sha256: page.sha256,
  open: 0,
  paid: 0,
});

function formParts(
  type: DocumentType,
  typed: DraftForm,
  { contacts, projects }: { contacts: Recipient[]; projects: Project[] },
  currency: string,
  locale: string,
  errors: Errors,
  { t }: ReturnType<typeof i18nOf>,
) {
  const { values, rows, recipient_ids } = typed;
  return {
    currency,
    type: { name: type.name, label: t(type.label), due: t(type.due), features: type.features, starts: type.startedBy },
    projects: projects.length
      ? [
          { value: '', label: t('None') },
          ...projects.map(({ id, key, name }) => ({ value: id, label: `${key} · ${name}` })),
        ]
      : [],
    values: { ...values, currency },
    errors,
    lines: (rows.length ? rows : [blankRow()]).map((row) => ({ ...row, amount: rowAmount(row, locale, currency) })),
    recipients:
      type.startedBy === 'partner'
        ? null
        : contacts.map(({ id, name, email, partner, bounced }) => ({
            id,
            name,
            email,
            partner,
            bounced,
            checked: recipient_ids.includes(id),
          })),
    sums: draftFormTotals(typed, locale, currency),
  };
}
