import type { Actor } from '../../../../db/scope.js';
import { type DocumentType, types } from '../../../../document_types/index.js';
import { isForSeveral } from '../../../../document_types/relations.js';
import { formatDecimalInput, parseDecimal } from '../../../../documents/content/decimals.js';
import type { I18n } from '../../../../documents/queries/sheet.js';
import { Invalid } from '../../../../errors.js';
import type { Choice } from '../../../../pages/views/components.js';
import type { BudgetRow, Selection } from '../../../../projects/budget/budget_rows.js';
import { madeLines, type Parts } from '../../../../projects/budget/making/made_lines.js';
import { makingKind } from '../../../../projects/budget/making/making_kinds.js';
import type { ProjectHead } from '../../../../projects/project_head.js';
import { isOffered } from '../../../../subjects/may.js';
import { one } from '../../../forms/field_values.js';
import type { Errors } from '../../../shared/form.js';

/** A kind of document that may be made of what is chosen, or why it may not. */
interface Offer {
  type: string;
  label: string;
  text: string;
  /** What it would come to; null: it says nothing. */
  amount: string | null;
  /** It can be made. */
  offered: boolean;
  /** Of nothing chosen: the form of an empty one. */
  url: string | null;
}

/** The panel under New. */
export interface MakingView {
  action: string;
  back: string;
  title: string;
  names: string;
  chosen: Selection;
  groups: { title: string; offers: Offer[] }[];
  /** Each item with the part of its quantity that is wanted, as typed. */
  items: { id: string; name: string; unit: string; quantity: string; part: string; error: string | undefined }[];
  /** To choose from for items without a vendor; empty: all have one. */
  vendors: Choice[];
  vendor: string;
  errors: Errors;
}

interface MakingContext {
  actor: Actor;
  slug: string;
  head: ProjectHead;
  i18n: I18n;
  /** '/harbor/projects/MAPLE/budget' */
  url: string;
  chosen: Selection;
  vendors: Choice[];
  /** As typed, of a form that is shown again, or in the address. */
  typed: Record<string, unknown>;
  errors: Errors;
}

const NAMES_SHOWN = 4;

/** Above so many, parts of quantities are not asked for. */
const MOST_PARTS = 50;

/** What can be made of the chosen items. */
export function makingView(rows: BudgetRow[], context: MakingContext): MakingView {
  const { head, i18n, url, chosen, vendors, typed, errors } = context;
  const { t, format } = i18n;
  const parts = readParts(rows, typed, context.actor.locale).read;
  const startable = types.filter((type) => makingKind(type) && isOffered(context.actor, { start: type }));
  const offers = (partner: DocumentType['partner']) =>
    startable.filter((type) => type.partner === partner).map((type) => offerOf(type, rows, parts, context));
  const shown = rows.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return {
    ...{ action: `${url}/make`, back: url, chosen, vendor: one(typed, 'vendor') },
    errors: { ...errors, ...ofLines(errors) },
    title: rows.length ? t('New document from {{count}} items', { count: rows.length }) : t('New document'),
    names: format.list([
      ...shown,
      ...(rows.length > NAMES_SHOWN ? [t('{{count}} more', { count: rows.length - NAMES_SHOWN })] : []),
    ]),
    groups: [
      { title: t('For {{name}}', { name: head.partner }), offers: offers('customer') },
      { title: t('For a vendor'), offers: offers('vendor') },
    ].filter(({ offers }) => offers.length),
    items: rows.length > MOST_PARTS ? [] : rows.map((row) => itemOf(row, context)),
    vendors: rows.some((row) => !row.vendor_id) ? vendors : [],
  };
}

/** What is wrong with a line that is made is said of the form: it has no field of its own. */
function ofLines(errors: Errors): { form?: string } {
  const found = Object.entries(errors).find(([name]) => name.startsWith('content.'));
  return found?.[1] ? { form: found[1] } : {};
}

const itemOf = ({ id, name, unit, quantity }: BudgetRow, { typed, errors, actor }: MakingContext) => ({
  ...{ id, name, unit, quantity: formatDecimalInput(quantity, actor.locale) },
  ...{ part: one(typed, `part_${id}`), error: errors[`part_${id}`] },
});

/** The parts of quantities that were typed, and the messages for those that are no number. */
export function readParts(
  rows: readonly BudgetRow[],
  typed: Record<string, unknown>,
  locale: string,
): { read: Parts; errors: Record<string, string> } {
  const read = new Map<string, string>();
  const errors: Record<string, string> = {};
  for (const { id } of rows) {
    const part = one(typed, `part_${id}`);
    const decimal = part ? parseDecimal(part, locale) : null;
    if (decimal !== null && Number(decimal) >= 0 && (decimal.split('.')[1] ?? '').length <= 4) read.set(id, decimal);
    else if (part) errors[`part_${id}`] = 'Enter a quantity.';
  }
  return { read, errors };
}

function offerOf(type: DocumentType, rows: BudgetRow[], parts: Parts, context: MakingContext): Offer {
  const { head, slug, i18n } = context;
  const { t, format } = i18n;
  const kind = makingKind(type);
  const named = { type: type.name, label: t(type.label), amount: null, url: null };
  if (!rows.length) return { ...named, text: '', offered: true, url: emptyUrl(type, slug, head) };
  const lines = linesOrNone(type, rows, parts, head.currency);
  if (!kind || !lines.length) return { ...named, text: t(kind?.otherwise ?? ''), offered: false };
  const sum = lines.reduce((sum, { amount }) => sum + amount, 0);
  const partners = new Set(lines.map(({ row }) => row.vendor_id));
  const several = type.partner === 'vendor' && !isForSeveral(type) && partners.size > 1;
  return {
    ...named,
    text: several ? t('{{count}} drafts, one for each vendor', { count: partners.size }) : t(kind.explains),
    amount: kind.priced ? format.money(sum, head.currency) : null,
    offered: true,
  };
}

/** A part of more than is left is refused once it is chosen. */
function linesOrNone(type: DocumentType, rows: BudgetRow[], parts: Parts, currency: string) {
  try {
    return madeLines(type, rows, { parts, currency });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return madeLines(type, rows, { parts: new Map(), currency });
  }
}

const emptyUrl = ({ path, partner }: DocumentType, slug: string, { id, partner_id }: ProjectHead) =>
  `/${slug}/${path}/new?project=${id}${partner === 'customer' ? `&partner=${partner_id}` : ''}`;
