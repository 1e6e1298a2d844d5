import type { Difference } from '../../activity/difference.js';
import type { Actor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { actionsFor } from '../../acting/permitted.js';
import type { Line } from '../../documents/content/content.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { keyOf } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import { many, one } from '../forms/field_values.js';
import { pricedAnswer } from '../forms/typed_prices.js';
import { lineAmount, totalsOf } from '../../documents/content/totals.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Change, Field, FileRow } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { fieldsOf } from '../documents/action_views.js';
import { changesView } from '../documents/versions_view.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { fileRow } from '../shared/rows.js';

/** A vendor's answer, line by line: with prices to a request, with proposed changes to an order. */
interface LineAnswersInput {
  title: string;
  /** It answers a request. */
  prices: boolean;
  label: string;
  url: string;
  action: string;
  /** Where the delivery date alone is saved. */
  save_url: string;
  seen: string;
  document: AnsweredDocument;
  files: FileRow[];
  lines: AnsweredLine[];
  /** Minor units. */
  sums: { subtotal: number; tax: number; total: number };
  tax_included: boolean;
  /** As typed. */
  delivery_on: string;
  saved_delivery: string | null;
  message: string;
  /** A line's by its field and id: `line_price.{id}`. */
  errors: Errors;
  /** After a 409. */
  changes: Change[] | null;
  locale: string;
  /** The form that declines the whole request. */
  reject: { url: string; explains: string; fields: Field[] } | null;
}

interface AnsweredDocument {
  title: string;
  note: string;
  due_on: string | null;
  reference: string;
  from: { name: string };
  currency: string;
}

interface AnsweredLine extends Pick<Line, 'id' | 'description' | 'group_name' | 'unit'> {
  quantity: string;
  tax_rate: string;
  discount_percent: string;
  refused: boolean;
  /** An option that isn't picked: it doesn't count. */
  off: boolean;
  /** The price that an empty field stands for. */
  price_now: string;
  fields: LineFields;
  /** Minor units, with the fields as they are filled. */
  amount: number;
}

/** A line's fields as they are filled. */
type LineFields = Record<'price' | 'quantity' | 'delivery', string>;

export const lineAnswersPage = defineView<LineAnswersInput>('proposals/line_answers');

/** A submitted form to show again: what is wrong or has changed, or that the date alone was saved. */
export interface LineAnswersForm {
  input?: Record<string, unknown>;
  errors?: Errors;
  changes?: Difference[] | null;
  saved?: boolean;
}

/** The page of a document whose lines are answered by `action`. */
export function lineAnswersView(
  page: DocumentPage,
  action: string,
  actor: Actor,
  slug: string,
  { input, errors = {}, changes = null }: LineAnswersForm,
): LineAnswersInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const label = `${t(typeNamed(page.type).label)} ${page.number ?? ''}`;
  const prices = action === 'submit';
  return {
    ...linesAndSums(page, prices, actor.locale, input),
    title: prices ? t('Submit proposal') : t('Propose changes to {{document}}', { document: label }),
    prices,
    label,
    url,
    action: `${url}/${action}`,
    save_url: `${url}/set_delivery`,
    seen: seenOf(page),
    document: answeredDocument(page),
    files: page.files.map((file) => fileRow(slug, file)),
    tax_included: page.tax_included,
    delivery_on: input ? one(input, 'delivery_on') : (page.delivery_on ?? ''),
    saved_delivery: page.delivery_on,
    message: input ? one(input, 'message') : '',
    errors,
    changes: changes && changesView(changes, page.currency, i18n),
    locale: actor.locale,
    reject: prices ? rejectForm(page, actor, url, i18n) : null,
  };
}

function answeredDocument(page: DocumentPage): AnsweredDocument {
  const { title, note, due_on, reference, from } = contentOf(page);
  return { title, note, due_on, reference, from, currency: page.currency };
}

function rejectForm(page: DocumentPage, actor: Actor, url: string, i18n: I18n): LineAnswersInput['reject'] {
  const action = actionsFor(page, actor, today(actor))['reject'];
  if (!action) return null;
  return {
    url: `${url}/reject`,
    explains: i18n.t(action.explains ?? ''),
    fields: fieldsOf(action, page, i18n, null),
  };
}

type Input = LineAnswersForm['input'];

function linesAndSums(
  page: DocumentPage,
  prices: boolean,
  locale: string,
  input: Input,
): Pick<LineAnswersInput, 'lines' | 'sums'> {
  const answered = contentOf(page).lines.map((was) => {
    const refused = input ? many(input, 'refused').includes(was.id) : was.refused;
    const line = { ...was, refused, unit_price: prices ? '0' : was.unit_price };
    const fields = fieldsOfLine({ ...was, refused }, page.state, prices, locale, input);
    const typed = prices ? { price: fields.price } : fields;
    return { line, fields, priced: pricedAnswer(line, typed, locale) };
  });
  return {
    lines: answered.map(({ line, fields, priced }) => {
      const { id, description, group_name, unit, quantity, tax_rate, discount_percent, refused } = line;
      return {
        ...{ id, description, group_name, unit, quantity, tax_rate, discount_percent, refused, fields },
        off: line.choice !== '' && !line.picked,
        price_now: line.unit_price,
        amount: lineAmount(priced, page.currency),
      };
    }),
    sums: totalsOf(
      answered.map(({ priced }) => priced),
      page.currency,
      page.tax_included,
    ),
  };
}

/** As typed; or else as it was answered before, or as the order has it. */
function fieldsOfLine(line: Line, state: string, prices: boolean, locale: string, input: Input): LineFields {
  const row = input ? many(input, 'line_id').indexOf(line.id) : -1;
  const typed = (name: string, initial: string) =>
    input && row >= 0 ? (many(input, `line_${name}`)[row] ?? '') : initial;
  // A request comes without prices: 0 is not an answer yet.
  const unanswered = prices && (line.refused || (state === 'requested' && !Number(line.unit_price)));
  const delivery = line.delivery_on ?? '';
  return {
    price: typed('price', unanswered ? '' : formatDecimalInput(line.unit_price, locale)),
    quantity: prices ? line.quantity : typed('quantity', formatDecimalInput(line.quantity, locale)),
    delivery: prices ? delivery : typed('delivery', delivery),
  };
}
