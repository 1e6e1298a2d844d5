import type { Actor } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import { requestedLines, bestOffers, type Bid, isOffer, offerForLine } from './compare_queries.js';
import type { Line } from '../../documents/content/content.js';
import { keyOf } from '../../documents/content/document.js';
import { one } from '../../documents/content/field_values.js';
import { actionsFor } from '../../documents/acting/lifecycle.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { describeState } from '../../documents/queries/sheet.js';
import { typeNamed } from '../../document_types/index.js';
import { i18nOf } from '../shared/layout.js';

/** Everything that views/proposals/compare.ejs needs. `input`: what was chosen in a form that came back. */
export function compareView(request: DocumentPage, bids: Bid[], actor: Actor, slug: string, input: Input) {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = (document: { id: string; number: string | null }) => `/${slug}/documents/${keyOf(document)}`;
  const content = contentOf(request);
  const lines = requestedLines(content.lines);
  const best = bestOffers(lines, bids, request.currency);
  const open = 'award' in actionsFor(request, actor, today(actor));
  const label = `${t(typeNamed(request.type).label)} ${request.number ?? ''}`;
  return {
    title: t('Compare proposals'),
    label,
    subject: content.title,
    due_on: content.due_on,
    url: url(request),
    open: open && bids.some(isOffer),
    decided: request.state === 'awarded',
    seen: request.sha256,
    award_url: `${url(request)}/award`,
    message: input ? one(input, 'message') : '',
    vendors: bids.map((bid) => ({
      ...vendorView(bid, actor, i18n, url),
      compared: bid.currency === request.currency,
      best_total: bestTotal(bid, best),
    })),
    lines: lines.map((line) => lineView(line, best, bids, input)),
    best_of_all: bestOfAll(lines, bids, best),
    currency: request.currency,
  };
}

type Best = ReturnType<typeof bestOffers>;
type Input = Record<string, unknown> | null;

const lineView = ({ id, description, quantity, unit }: Line, best: Best, bids: Bid[], input: Input) => ({
  ...{ id, what: description, quantity, unit },
  chosen: chosenFor(id, best, bids, input),
  cells: bids.map((bid) => cellOf(bid, id, best, bids.filter((other) => offerForLine(other, id)).length === 1)),
});

function vendorView(
  bid: Bid,
  actor: Actor,
  i18n: ReturnType<typeof i18nOf>,
  url: (document: { id: string; number: string | null }) => string,
) {
  const { state_label, tone } = describeState(
    { ...bid, type: 'proposal', open: 0, paying: false },
    'staff',
    today(actor),
    i18n,
  );
  const { t } = i18n;
  return {
    ...{
      id: bid.id,
      name: bid.vendor,
      number: bid.number,
      url: url(bid),
      currency: bid.currency,
      sha256: bid.sha256,
      due_on: bid.due_on,
    },
    badge: { label: state_label, tone },
    offers: isOffer(bid),
    total: isOffer(bid) ? bid.total : null,
    delivery_on: bid.delivery_on,
    awaited: bid.state === 'requested',
    orders: bid.orders.map((order) => ({ label: order.number ?? t('Draft of an order'), url: url(order) })),
  };
}

function cellOf(bid: Bid, line: string, best: Best, only: boolean) {
  const offer = offerForLine(bid, line);
  const won = offer !== null && bid.orders.some(({ lines }) => lines.includes(offer.id));
  const refused = isOffer(bid) && bid.offers.some(({ origin_line, refused }) => origin_line === line && refused);
  const isBest = best.get(line)?.includes(bid.id) ?? false;
  return {
    bid: bid.id,
    vendor: bid.vendor,
    currency: bid.currency,
    price: offer?.unit_price ?? null,
    amount: offer?.amount ?? null,
    refused,
    best: isBest,
    only,
    won,
  };
}

/** What was chosen before; else the best offer, or the only one. */
function chosenFor(line: string, best: Best, bids: Bid[], input: Input): string {
  if (input && typeof input[`award_${line}`] === 'string') return one(input, `award_${line}`);
  const offers = bids.filter((bid) => offerForLine(bid, line));
  return best.get(line)?.[0] ?? (offers.length === 1 ? (offers[0]?.id ?? '') : '');
}

/** What a vendor would get if only its best lines were ordered; before tax, as lines are. */
const bestTotal = (bid: Bid, best: Best): number =>
  [...best].reduce((sum, [line, bids]) => sum + (bids[0] === bid.id ? (offerForLine(bid, line)?.amount ?? 0) : 0), 0);

/** What the lines come to at the best of all prices; null unless each is offered. */
function bestOfAll(lines: { id: string }[], bids: Bid[], best: Best): number | null {
  if (lines.some(({ id }) => !best.get(id)?.length)) return null;
  return bids.reduce((sum, bid) => sum + bestTotal(bid, best), 0);
}
