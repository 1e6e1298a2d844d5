import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import { types } from '../../document_types/index.js';
import { isOneOf } from '../../document_types/type_sql.js';

/** A line of a proposal: the line it answers and its price. Decimal strings; the amount in minor units. */
interface Offer {
  id: string;
  origin_line: string | null;
  unit_price: string;
  refused: boolean;
  amount: number;
}

/** One vendor's proposal, with the orders created from it. */
export interface Bid {
  id: string;
  type: string;
  number: string | null;
  state: string;
  vendor: string;
  currency: string;
  total: number;
  due_on: string | null;
  delivery_on: string | null;
  sha256: string;
  offers: Offer[];
  orders: { id: string; number: string | null; lines: string[] }[];
}

const LINES = 'from lines l where l.organization_id = x.organization_id and l.document_id = x.id';

const ANSWERS = types.filter(({ answers }) => answers);
const ORDERS = types.filter(({ name }) => ANSWERS.some(({ orderedBy }) => orderedBy === name));

const TEXT = `select x.id, x.type, x.number, x.state, p.name as vendor, x.currency, x.total, x.due_on, x.delivery_on, x.sha256,
  coalesce((select json_agg(json_build_object('id', l.id, 'origin_line', l.origin_line, 'unit_price', l.unit_price::text, 'refused', l.refused, 'amount', l.amount)) ${LINES}), '[]') as offers,
  coalesce((select json_agg(json_build_object('id', o.id, 'number', o.number, 'lines', (select coalesce(json_agg(l.origin_line), '[]') from lines l
      where l.organization_id = o.organization_id and l.document_id = o.id)))
    from documents o where o.organization_id = x.organization_id and o.origin_id = x.id and ${isOneOf('o.type', ORDERS)} and o.state <> 'cancelled'), '[]') as orders
  from documents x join partners p on p.organization_id = x.organization_id and p.id = x.partner_id
  where x.organization_id = $1 and ${isOneOf('x.type', ANSWERS)} and x.origin_id = `;

/** The proposals to a request, by vendor. `key` is the request's number or id. */
export function bidsFor({ organization_id }: Actor, key: string): Query<Bid> {
  const byId = isId(key);
  const request = byId ? '$2' : '(select id from documents where organization_id = $1 and number = $2)';
  return {
    name: byId ? 'bids_by_id' : 'bids_by_number',
    text: `${TEXT}${request} order by p.name, x.id`,
    values: [organization_id, key],
  };
}

/** Whether the vendor has submitted it: its lines can be chosen, or were. */
export const isOffer = ({ state }: Bid) => state === 'submitted' || state === 'awarded';

/** The vendor's offer for a line of the request, null if there is none. */
export const offerForLine = (bid: Bid, line: string): Offer | null =>
  isOffer(bid) ? (bid.offers.find(({ origin_line, refused }) => origin_line === line && !refused) ?? null) : null;

/**
 * For each line of the request the proposals (ids) that offer it at the lowest amount; the page suggests the first.
 * Offers in another currency than the request's are not compared.
 */
export function bestOffers(lines: { id: string }[], bids: Bid[], currency: string): Map<string, string[]> {
  return new Map(
    lines.map(({ id }) => {
      const offers = bids
        .filter((bid) => bid.currency === currency)
        .flatMap((bid) => {
          const offer = offerForLine(bid, id);
          return offer ? [{ bid: bid.id, amount: offer.amount }] : [];
        });
      const least = Math.min(...offers.map(({ amount }) => amount));
      return [id, offers.filter(({ amount }) => amount === least).map(({ bid }) => bid)];
    }),
  );
}
