import { has, typeNamed } from '../../document_types/index.js';
import type { Purpose } from './account_chart.js';
import type { BookedEntry } from './booked_entries.js';
import { less, type Part, portion, reversed, splitOf, sumOf } from './split.js';

/** What stands against a partner's account. Positive: debit. */
interface Contra {
  purpose: Purpose;
  parts: Part[];
}

/** One entry in a journal: a partner's account, and what is booked against it. Minor units; positive: debit. */
export interface Booking {
  entry: BookedEntry;
  side: 'customer' | 'vendor';
  /** On the partner's account. `contra` comes to its opposite. */
  amount: number;
  contra: Contra;
}

/**
 * What an entry is in a journal: none where only the partner's own credit moved, two where money that was paid ahead
 * goes back, since that passes through the partner's account.
 */
export function bookingsOf(entry: BookedEntry): Booking[] {
  const { kind, amount, document_id, source_id } = entry;
  const side = sideOf(entry);
  const booking = (contra: Contra, on = amount): Booking => ({ entry, side, amount: on, contra });
  const split = splitContra(entry);
  if (kind === 'refund' && split) return [booking(money(entry)), booking(split, -amount)];
  if (kind === 'apply') return split && document_id ? [booking(split)] : [];
  // What is paid of a deposit is credit here; elsewhere it is still what was charged.
  if (!document_id && source_id && !split && kind !== 'refund') return [];
  if (split) return [booking(split)];
  if (kind === 'write_off') return [booking(plain('write_offs', -amount))];
  if (kind === 'discount') return [booking(plain('discounts', -amount))];
  return [booking(money(entry))];
}

const sideOf = ({ type }: BookedEntry) => (type && typeNamed(type).partner === 'vendor' ? 'vendor' : 'customer');

const plain = (purpose: Purpose, net: number): Contra => ({ purpose, parts: [{ taxes: [], net }] });

/** Money that came or went: by the bank, or on its way from a gateway. */
const money = ({ amount, gateway }: BookedEntry): Contra =>
  plain(gateway && gateway !== 'recorded' ? 'online' : 'bank', -amount);

/** What was invoiced, by its taxes, as far as this entry is a part of it; null: it is not. */
function splitContra(entry: BookedEntry): Contra | null {
  const { version, charged, kind, amount, used } = entry;
  if (!version) return null;
  const whole = splitOf(version);
  const total = sumOf(whole);
  const purpose = purposeOf(entry);
  if (kind === 'charge') return { purpose, parts: reversed(less(whole, charged ? splitOf(charged) : [])) };
  const part = Math.abs(amount);
  const parts = part === total ? whole : portion(whole, used, used + part);
  return { purpose, parts: amount > 0 && kind !== 'refund' ? reversed(parts) : parts };
}

function purposeOf({ type, source_type, kind }: BookedEntry): Purpose {
  const of = kind === 'apply' || kind === 'refund' ? source_type : type;
  if (!of) return 'sales';
  const found = typeNamed(of);
  if (has(found, 'prepayment')) return 'prepayments';
  return found.owes === 'payable' ? 'purchases' : 'sales';
}
