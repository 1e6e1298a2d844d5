import type { Actor } from '../../db/scope.js';
import type { VersionDifference } from '../../documents/acting/stale.js';
import type { Line } from '../../documents/content/content.js';
import { parseDecimal, formatDecimalInput } from '../../documents/content/decimals.js';
import { keyOf } from '../../documents/content/document.js';
import { many, one } from '../../documents/content/field_values.js';
import { actionsFor } from '../../documents/acting/lifecycle.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { lineAmount, type Totals, totalsOf } from '../../documents/content/totals.js';
import { today } from '../../documents/act.js';
import { typeNamed } from '../../document_types/index.js';
import { fieldsOf } from '../documents/action_views.js';
import { changesView } from '../documents/changes_view.js';
import { fileView } from '../shared/file_view.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';

/** What a form brought back: what was typed, what was wrong, what had changed; or that its date was saved. */
export interface LineAnswerInput {
  input?: Record<string, unknown>;
  errors?: Errors;
  changes?: VersionDifference[] | null;
  saved?: boolean;
}

/** Everything that views/proposals/line_answers.ejs needs: the document, and its lines as they are answered. */
export function lineAnswersView(
  page: DocumentPage,
  action: string,
  actor: Actor,
  slug: string,
  { input, errors = {}, changes = null }: LineAnswerInput,
) {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const content = contentOf(page);
  const label = `${t(typeNamed(page.type).label)} ${page.number ?? ''}`;
  const prices = action === 'submit';
  const lines = content.lines.map((line) => answeredLine(line, page, prices, actor.locale, input));
  const reject = prices ? actionsFor(page, actor, today(actor))['reject'] : undefined;
  return {
    title: prices ? t('Submit proposal') : t('Propose changes to {{document}}', { document: label }),
    prices,
    label,
    url,
    action: `${url}/${action}`,
    save_url: `${url}/answer`,
    seen: page.sha256,
    document: {
      ...{
        title: content.title,
        note: content.note,
        terms: content.terms,
        due_on: content.due_on,
        reference: content.reference,
      },
      from: content.from,
      currency: page.currency,
    },
    files: page.files.map((file) => fileView(slug, file)),
    lines,
    sums: sumsOf(lines, page),
    tax_included: page.tax_included,
    delivery_on: input ? one(input, 'delivery_on') : (page.delivery_on ?? ''),
    saved_delivery: page.delivery_on,
    message: input ? one(input, 'message') : '',
    errors,
    changes: changes && changesView(changes, page.currency, i18n),
    locale: actor.locale,
    reject: reject && {
      url: `${url}/reject`,
      explains: t(reject.explains ?? ''),
      fields: fieldsOf(reject, page, i18n, null),
    },
  };
}

/** A line with its fields as they are filled: as typed; else as answered before, or for an order as it stands. */
function answeredLine(
  line: Line,
  { state, currency }: DocumentPage,
  prices: boolean,
  locale: string,
  input: LineAnswerInput['input'],
) {
  const row = input ? many(input, 'line_id').indexOf(line.id) : -1;
  const typed = (name: string, before: string) =>
    input && row >= 0 ? (many(input, `line_${name}`)[row] ?? '') : before;
  const refused = input ? many(input, 'refused').includes(line.id) : line.refused;
  // A request comes without prices: 0 is none yet.
  const known =
    prices && (refused || (state === 'requested' && !Number(line.unit_price)))
      ? ''
      : formatDecimalInput(line.unit_price, locale);
  const fields = {
    price: typed('price', known),
    quantity: prices ? line.quantity : typed('quantity', formatDecimalInput(line.quantity, locale)),
    delivery: prices ? (line.delivery_on ?? '') : typed('delivery', line.delivery_on ?? ''),
  };
  const decimal = (text: string, otherwise: string) => (text ? (parseDecimal(text, locale) ?? '0') : otherwise);
  const priced = {
    ...line,
    refused,
    unit_price: decimal(fields.price, prices ? '0' : line.unit_price),
    quantity: prices ? line.quantity : decimal(fields.quantity, line.quantity),
  };
  const { id, description, group_name, unit, quantity, tax_rate, discount_percent } = line;
  const words = { id, description, group_name, unit, quantity, tax_rate, discount_percent, refused };
  return { ...words, price_now: prices ? '0' : line.unit_price, fields, amount: lineAmount(priced, currency), priced };
}

const sumsOf = (lines: { priced: Line }[], { currency, tax_included }: DocumentPage): Totals =>
  totalsOf(
    lines.map(({ priced }) => priced),
    currency,
    tax_included,
  );
