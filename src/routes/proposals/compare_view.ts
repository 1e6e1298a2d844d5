import type { Actor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { actionsFor } from '../../acting/permitted.js';
import type { Line } from '../../documents/content/content.js';
import { keyOf } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import { one } from '../forms/field_values.js';
import { isCounted } from '../../documents/content/totals.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import type { Badge } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { i18nOf } from '../shared/layout.js';
import { type Bid, bestOffers, isOffer, offerForLine } from './compare_queries.js';

/**
 * The proposals to a request side by side. Amounts in minor units. It posts seen, seen_{proposal},
 * award_{line} (a proposal's id, or ''), message; or by its other buttons award_all (a proposal's id).
 */
interface CompareInput {
  title: string;
  label: string;
  subject: string;
  due_on: string | null;
  url: string;
  award_url: string;
  seen: string;
  /** It can be awarded. */
  open: boolean;
  /** It was awarded. */
  decided: boolean;
  error: string | null;
  message: string;
  currency: string;
  vendors: ComparedVendor[];
  lines: ComparedLine[];
  /** The sum of the best offers; null unless every line has one. */
  best_of_all: number | null;
}

interface ComparedVendor {
  /** Of the proposal. */
  id: string;
  name: string;
  number: string | null;
  url: string;
  currency: string;
  /** In the request's currency. */
  compared: boolean;
  sha256: string;
  badge: Badge;
  /** It can be chosen, or was. */
  offers: boolean;
  total: number | null;
  /** What the vendor gets if every line goes to its best offer; before tax, as lines are. */
  best_total: number;
  delivery_on: string | null;
  due_on: string | null;
  /** No answer yet. */
  awaited: boolean;
  orders: { label: string; url: string }[];
}

interface ComparedLine {
  id: string;
  what: string;
  quantity: string;
  unit: string;
  /** A proposal's id, or ''. */
  chosen: string;
  /** One for each vendor. */
  cells: ComparedCell[];
}

type ComparedCell = {
  bid: string;
  vendor: string;
  currency: string;
  refused: boolean;
  best: boolean;
  /** Nobody else offers the line. */
  only: boolean;
  won: boolean;
} & ({ price: string; amount: number } | { price: null; amount: null });

export const comparePage = defineView<CompareInput>('proposals/compare');

/** `input`: the submitted form, where it is shown again with `error`. */
export function compareView(
  request: DocumentPage,
  bids: Bid[],
  { actor, slug }: { actor: Actor; slug: string },
  input: Input,
  error: string | null,
): CompareInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const content = contentOf(request);
  const lines = content.lines.filter(isCounted);
  const best = bestOffers(lines, bids, request.currency);
  const url = documentUrl(slug, request);
  return {
    title: t('Compare proposals'),
    label: `${t(typeNamed(request.type).label)} ${request.number ?? ''}`,
    subject: content.title,
    due_on: content.due_on,
    url,
    award_url: `${url}/award`,
    seen: seenOf(request),
    open: 'award' in actionsFor(request, actor, today(actor)) && bids.some(isOffer),
    decided: request.state === 'awarded',
    error,
    message: input ? one(input, 'message') : '',
    currency: request.currency,
    vendors: bids.map((bid) => ({
      ...vendorView(bid, actor, slug, i18n),
      compared: bid.currency === request.currency,
      best_total: bestTotal(bid, best),
    })),
    lines: lines.map((line) => lineView(line, best, bids, input)),
    best_of_all: bestOfAll(lines, bids, best),
  };
}

type Best = ReturnType<typeof bestOffers>;
type Input = Record<string, unknown> | null;

const documentUrl = (slug: string, document: { id: string; number: string | null }) =>
  `/${slug}/documents/${keyOf(document)}`;

function vendorView(bid: Bid, actor: Actor, slug: string, i18n: I18n): Omit<ComparedVendor, 'compared' | 'best_total'> {
  const proposal = { ...bid, open: 0, paying: false };
  const { state_label, tone } = describeState(proposal, 'staff', today(actor), i18n);
  const { id, vendor, number, currency, sha256, due_on, delivery_on, total, orders } = bid;
  return {
    ...{ id, name: vendor, number, currency, sha256, due_on, delivery_on },
    url: documentUrl(slug, bid),
    badge: { label: state_label, tone },
    offers: isOffer(bid),
    total: isOffer(bid) ? total : null,
    awaited: bid.state === 'requested',
    orders: orders.map((order) => ({
      label: order.number ?? i18n.t('Draft of an order'),
      url: documentUrl(slug, order),
    })),
  };
}

function lineView({ id, description, quantity, unit }: Line, best: Best, bids: Bid[], input: Input): ComparedLine {
  const only = bids.filter((bid) => offerForLine(bid, id)).length === 1;
  return {
    ...{ id, what: description, quantity, unit },
    chosen: chosenFor(id, best, bids, input),
    cells: bids.map((bid) => cellView(bid, id, best, only)),
  };
}

function cellView(bid: Bid, line: string, best: Best, only: boolean): ComparedCell {
  const offer = offerForLine(bid, line);
  return {
    ...(offer ? { price: offer.unit_price, amount: offer.amount } : { price: null, amount: null }),
    bid: bid.id,
    vendor: bid.vendor,
    currency: bid.currency,
    refused: isOffer(bid) && bid.offers.some(({ origin_line, refused }) => origin_line === line && refused),
    best: best.get(line)?.includes(bid.id) ?? false,
    only,
    won: offer !== null && bid.orders.some(({ lines }) => lines.includes(offer.id)),
  };
}

/** As it was chosen in the form; or else the best offer, or the only one. */
function chosenFor(line: string, best: Best, bids: Bid[], input: Input): string {
  if (input && typeof input[`award_${line}`] === 'string') return one(input, `award_${line}`);
  const offers = bids.filter((bid) => offerForLine(bid, line));
  return best.get(line)?.[0] ?? (offers.length === 1 ? (offers[0]?.id ?? '') : '');
}

const bestTotal = (bid: Bid, best: Best): number =>
  [...best].reduce((sum, [line, bids]) => sum + (bids[0] === bid.id ? (offerForLine(bid, line)?.amount ?? 0) : 0), 0);

function bestOfAll(lines: { id: string }[], bids: Bid[], best: Best): number | null {
  if (lines.some(({ id }) => !best.get(id)?.length)) return null;
  return bids.reduce((sum, bid) => sum + bestTotal(bid, best), 0);
}
