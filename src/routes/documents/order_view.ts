import Big from 'big.js';
import { describeDifferences, describeProposedChanges } from '../../activity/differences.js';
import { sentence } from '../../activity/sentence.js';
import { keyOf } from '../../documents/content/document.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { isCounted } from '../../documents/content/totals.js';
import { typeNamed } from '../../document_types/index.js';

/**
 * What a page of an order or a bill says beyond its sheet: what of it is billed, which changes are proposed, where it
 * differs; null where there is nothing to say.
 */
export const orderView = (page: DocumentPage, slug: string, i18n: I18n) => ({
  billing: billingView(page),
  proposed: page.proposed && describeProposedChanges(page.proposed.lines, page.currency, i18n),
  differences: page.type === 'bill' ? billView(page, slug, i18n) : null,
});

const KINDS: Record<string, string> = { purchase_order: 'bill', work_order: 'bill', sales_order: 'invoice' };

/**
 * How much of an order is billed (or invoiced), as its last count said, and what is left of each line; null while
 * nothing is.
 */
function billingView(page: DocumentPage) {
  const kind = KINDS[page.type];
  if (!kind || !page.version) return null;
  const { details } = page.activities.findLast(({ action }) => action === 'count') ?? {};
  const billed = typeof details?.['billed'] === 'number' ? details['billed'] : 0;
  if (!billed) return null;
  const quantities = (details?.['quantities'] ?? {}) as Record<string, string>;
  const content = contentOf(page);
  const rows = content.lines.filter(isCounted).map(({ id, description, quantity, unit }) => {
    const done = quantities[id] ?? '0';
    return { what: description, unit, ordered: quantity, billed: done, left: Big(quantity).minus(done).toString() };
  });
  const partly = rows.some(({ left }) => Number(left) > 0) && rows.some(({ billed }) => Number(billed) > 0);
  return {
    kind,
    ordered: content.subtotal,
    billed,
    left: Math.max(0, content.subtotal - billed),
    lines: partly ? rows : [],
  };
}

/** Where a bill differs from its order, or that it does not; and how often it was sent, and what was said to it. */
function billView(page: DocumentPage, slug: string, i18n: I18n) {
  const order = page.related.find(({ is_origin }) => is_origin);
  return {
    order: order
      ? { label: `${i18n.t(typeNamed(order.type).label)} ${order.number}`, url: `/${slug}/documents/${keyOf(order)}` }
      : null,
    rows: describeDifferences(page.differences ?? [], page.currency, i18n),
    equal: Boolean(order) && page.version > 0 && !page.differences,
    submissions: submissionsView(page, i18n),
  };
}

const ANSWERS = new Set(['submit', 'resubmit', 'send_back', 'reject', 'approve']);

/**
 * Each time a bill was sent, with its amount and what it differed by, and what was said to it; nothing until it came
 * back once.
 */
function submissionsView(page: DocumentPage, { t, format }: I18n) {
  const { type, number, currency } = page;
  const steps = page.activities.filter(({ action }) => ANSWERS.has(action));
  if (!steps.some(({ action }) => action === 'send_back' || action === 'reject')) return [];
  return steps.map((activity) => {
    const { amount, reason, message, differs } = activity.details;
    const said = [reason, message].find((words) => typeof words === 'string' && words);
    return {
      sentence: sentence({ ...activity, type, number, currency, to: null, here: true }, t, format),
      at: new Date(activity.created_at),
      said: typeof said === 'string' ? said : null,
      amount: typeof amount === 'number' && 'differs' in activity.details ? amount : null,
      differs: typeof differs === 'number' ? differs : 0,
    };
  });
}
