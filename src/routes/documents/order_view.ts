import Big from 'big.js';
import { type DescribedDifference, describeDifferences } from '../../activity/difference.js';
import { sentence, subjectLabel, subjectTitle } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { hasEffect } from '../../document_types/relations.js';
import { keyOf } from '../../documents/content/document.js';
import { isCounted } from '../../documents/content/totals.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';

/** What the page of an order or a bill shows beside its sheet; null where there is nothing to show. */
export interface OrderFacts {
  billing: Billing | null;
  proposed: DescribedDifference[] | null;
  differences: Differences | null;
}

/** How much of an order is billed (or invoiced): minor units before tax, quantities as decimal strings. */
interface Billing {
  /** "Bills" or "Invoices". */
  title: string;
  /** The organization is billed, instead of the partner invoiced. */
  payable: boolean;
  ordered: number;
  billed: number;
  left: number;
  /** Only where some lines, or parts of them, are billed and others are not. */
  lines: { what: string; unit: string; ordered: string; billed: string; left: string }[];
}

/** Where a bill differs from its order, and its earlier submissions. */
type Differences = {
  /** With the difference in minor units. */
  rows: (DescribedDifference & { amount: number })[];
  submissions: Submission[];
} & ({ order: OrderLink; equal: boolean } | { order: null; equal: false });

interface OrderLink {
  label: string;
  /** As a sentence says it. */
  mention: string;
  url: string;
}

interface Submission {
  sentence: string;
  at: Date;
  /** The message or reason given with it. */
  said: string | null;
  amount: number | null;
}

/** Each part is null where the page has nothing of the kind to show. */
export const orderView = (page: DocumentPage, side: Actor['side'], slug: string, i18n: I18n): OrderFacts => ({
  billing: billingView(page, side, i18n),
  proposed: page.proposed && describeDifferences(page.proposed, 'proposed', page.currency, i18n),
  differences: hasEffect(typeNamed(page.type), 'match') ? differencesView(page, slug, i18n) : null,
});

/** How much of an order is billed; null until something is, and for whom it isn't meant. */
function billingView(page: DocumentPage, side: Actor['side'], { t }: I18n): Billing | null {
  const { billed, billed_lines, taken } = page;
  const { billedBy, actions } = typeNamed(page.type);
  const { visible = side } = actions['count'] ?? {};
  if (!billedBy || !billed || visible !== side) return null;
  const content = contentOf(page);
  const lines = content.lines.filter(isCounted).map(({ id, description, quantity, unit }) => {
    const done = billed_lines?.[id] ?? '0';
    return { what: description, unit, ordered: quantity, billed: done, left: Big(quantity).minus(done).toString() };
  });
  const partly = lines.some(({ left }) => Number(left) > 0) && lines.some(({ billed }) => Number(billed) > 0);
  return {
    title: t(typeNamed(billedBy).plural),
    payable: typeNamed(billedBy).owes === 'payable',
    ordered: content.subtotal,
    billed,
    left: Math.max(0, content.subtotal - taken),
    lines: partly ? lines : [],
  };
}

function differencesView(page: DocumentPage, slug: string, i18n: I18n): Differences {
  const order = page.related.find(({ is_origin }) => is_origin);
  const rows = describeDifferences(page.differences ?? [], 'billed', page.currency, i18n);
  const facts = {
    rows: rows.map((row) => ({ ...row, amount: row.amount ?? 0 })),
    submissions: submissionsView(page, i18n),
  };
  if (!order) return { ...facts, order: null, equal: false };
  const { type, number } = order;
  return {
    ...facts,
    order: {
      label: subjectTitle(i18n.t, type, number),
      mention: subjectLabel(i18n.t, type, number),
      url: `/${slug}/documents/${keyOf(order)}`,
    },
    equal: page.version > 0 && !page.differences,
  };
}

const SUBMISSION_STEPS = new Set(['submit', 'resubmit', 'send_back', 'reject', 'approve']);

/** Each time a bill was sent and what was answered. Nothing until it was first returned or rejected. */
function submissionsView(page: DocumentPage, { t, format }: I18n): Submission[] {
  const { type, number, currency } = page;
  const steps = page.activities.filter(({ action }) => SUBMISSION_STEPS.has(action));
  if (!steps.some(({ action }) => action === 'send_back' || action === 'reject')) return [];
  return steps.map((activity) => {
    const { amount, reason, message } = activity.details;
    const said = [reason, message].find((text) => typeof text === 'string' && text);
    return {
      sentence: sentence({ ...activity, type, number, currency, to: null, here: true }, t, format),
      at: new Date(activity.created_at),
      said: typeof said === 'string' ? said : null,
      amount: typeof amount === 'number' && 'differs' in activity.details ? amount : null,
    };
  });
}
