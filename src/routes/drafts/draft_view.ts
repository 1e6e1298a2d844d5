import { subjectLabel } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import { type DocumentType, type Feature, typeNamed } from '../../document_types/index.js';
import { MAX_LINES } from '../../document_types/shared/inputs.js';
import { keyOf } from '../../documents/content/document.js';
import { contentOf } from '../../documents/queries/page.js';
import { type I18n, sheet } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import { namesTaxes } from '../../documents/taxes/line_taxes.js';
import { TAX_CATEGORIES } from '../../documents/taxes/tax_rates.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice, FileRow, Sheet } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered } from '../../subjects/may.js';
import { blankRow, type DraftForm, draftFormTotals, type TypedRow } from '../forms/draft_form.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { fileRow } from '../shared/rows.js';
import type { ProjectChoice } from '../../projects/project.js';
import type { DraftPage, Recipient } from './draft_queries.js';
import { type TaxChoices, taxChoices } from './tax_choices.js';

/** The form of a new document, of a draft, or of a new version. */
export interface DraftEdit extends DraftFields {
  title: string;
  action: string;
  /** Where the buttons that add and remove rows post to, without a script. */
  rows_url: string;
  cancel: string;
  /** What the form was filled from; '' for a new document. */
  seen: string;
  autosaves: boolean;
  /** Saving sends a new version. */
  revises: boolean;
  /** The form leads to a preview, which asks for files and a message. */
  previews: boolean;
  /** Where a draft is discarded; null for a new document, or what was sent. */
  discard_url: string | null;
  /** The label of the button that leads on. */
  sends: string;
  files: (FileRow & { id: string; remove_url: string | null })[];
  defaults_url: string | null;
  currencies: Choice[];
  /** What completes the lines' descriptions; null where a vendor writes. */
  suggestions_url: string | null;
  /** The document as it is now, if somebody has changed it since the form was opened. */
  newest: Sheet | null;
  partner: { name: string; url: string; change_url: string | null } | null;
}

/** The part of the form that is the same for a new document and one that exists. */
interface DraftFields {
  type: { due: string; features: readonly Feature[]; starts: 'staff' | 'partner' };
  currency: string;
  /** How many lines there may be. */
  most: number;
  projects: Choice[];
  /** As typed, right or wrong; switches 'on' or ''. */
  values: DraftForm['values'];
  /** A line's by its field and row: `line_price.2`. */
  errors: Errors;
  /** With the amount in minor units; null while a row has none. */
  lines: (TypedRow & { amount: number | null })[];
  /** Null where a percentage is typed. */
  taxes: TaxChoices | null;
  /** Why a vendor may charge none; null where taxes have names. */
  untaxed: Choice[] | null;
  /** Where the reader may give them names; null where they have, or may not. */
  name_taxes_url: string | null;
  /** Null where a vendor writes. */
  recipients: RecipientChoice[] | null;
  sums: { subtotal: number; tax: number; total: number };
}

interface RecipientChoice extends Pick<Recipient, 'id' | 'name' | 'email' | 'partner' | 'bounced'> {
  checked: boolean;
}

export const draftEdit = defineView<DraftEdit>('drafts/edit');

const editTitle = ({ type, number }: DraftPage, t: Translate) =>
  number === null ? t('Edit the draft') : t('Revise {{document}}', { document: subjectLabel(t, type, number) });

/** The form of a draft, or of a new version. `stale`: somebody else has changed the document since it was opened. */
export function editFormView(
  page: DraftPage,
  action: string,
  form: DraftForm,
  { actor, slug, errors, stale, seen }: { actor: Actor; slug: string; errors: Errors; stale: boolean; seen: string },
): DraftEdit {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const type = typeNamed(page.type);
  const revises = page.number !== null;
  const previews = revises && type.startedBy === 'staff';
  const remove_url = revises ? null : `${url}/detach`;
  return {
    title: editTitle(page, t),
    action: previews ? `${url}/preview` : `${url}/${action}`,
    rows_url: `${url}/rows`,
    ...{ cancel: url, seen },
    autosaves: !revises,
    revises,
    previews,
    discard_url: revises ? null : `${url}?open=discard`,
    sends: revises && !previews ? t('Send the new version') : sendLabel(type, t),
    files: page.files.map((file) => ({ ...fileRow(slug, file), id: file.id, remove_url })),
    defaults_url: defaultsUrl(type, actor, slug),
    currencies: [{ value: page.currency, label: page.currency }],
    suggestions_url: suggestionsUrl(type, page.partner_id, actor, slug),
    newest: stale ? draftSheet(page, i18n) : null,
    partner:
      page.to_party && isOffered(actor, 'desk')
        ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}`, change_url: null }
        : null,
    ...draftFields(type, form, page, { actor, slug, errors }),
  };
}

/** The draft as a sheet. */
export const draftSheet = (page: DraftPage, i18n: I18n): Sheet => ({
  ...sheet(contentOf(page), i18n),
  sha256: page.sha256,
  open: 0,
});

/** A vendor's document has no preview of its email. */
export const sendLabel = ({ startedBy }: DocumentType, t: Translate) =>
  startedBy === 'staff' ? t('Preview and send') : t('Check and send');

/** Where staff edit the type's default text. */
export const defaultsUrl = ({ name }: DocumentType, actor: Actor, slug: string) =>
  isOffered(actor, 'administration') ? `/${slug}/desk/defaults#${name}` : null;

/** Where the descriptions of lines are completed from the catalog. */
export const suggestionsUrl = ({ name }: DocumentType, partner_id: string | null, actor: Actor, slug: string) =>
  isOffered(actor, 'desk')
    ? `/${slug}/items/suggestions?${new URLSearchParams({ type: name, partner: partner_id ?? '' })}`
    : null;

/** What the forms of a new document and of one that exists have in common. */
export function draftFields(
  type: DocumentType,
  form: DraftForm,
  page: Pick<DraftPage, 'contacts' | 'projects' | 'tax_rates' | 'default_taxes'> & { currency: string },
  { actor, slug, errors }: { actor: Actor; slug: string; errors: Errors },
): DraftFields {
  const { locale } = actor;
  const { contacts, projects, currency } = page;
  const { t } = i18nOf(actor);
  const typed = { ...form, rows: form.rows.length ? form.rows : [blankRow()] };
  const day = form.values.issued_on || today(actor);
  const { choices: taxes, rows } = taxChoices(type, page, typed, { actor, day });
  const { amounts, sums } = draftFormTotals({ ...form, rows }, locale, currency, taxes?.typed);
  return {
    type: { due: t(type.due), features: type.features, starts: type.startedBy },
    currency,
    most: MAX_LINES,
    projects: projectChoices(projects, t),
    values: { ...form.values, currency },
    errors,
    lines: rows.map((row, i) => ({ ...row, amount: amounts[i] ?? null })),
    recipients: type.startedBy === 'partner' ? null : recipientChoices(contacts, form.recipient_ids),
    sums,
    taxes,
    untaxed: type.owes === 'payable' ? untaxedChoices(t) : null,
    name_taxes_url:
      namesTaxes(type) && !page.tax_rates.length && isOffered(actor, 'taxes')
        ? `/${slug}/settings/organization/taxes`
        : null,
  };
}

const untaxedChoices = (t: Translate): Choice[] => [
  { value: '', label: t('None') },
  ...Object.entries(TAX_CATEGORIES)
    .filter(([category]) => category !== 'S')
    .map(([value, label]) => ({ value, label: t(label) })),
];

const projectChoices = (projects: ProjectChoice[], t: Translate): Choice[] =>
  projects.length
    ? [
        { value: '', label: t('None') },
        ...projects.map(({ id, key, name }) => ({ value: id, label: `${key} · ${name}` })),
      ]
    : [];

const recipientChoices = (contacts: Recipient[], chosen: string[]): RecipientChoice[] =>
  contacts.map(({ id, name, email, partner, bounced }) => ({
    ...{ id, name, email, partner, bounced },
    checked: chosen.includes(id),
  }));
