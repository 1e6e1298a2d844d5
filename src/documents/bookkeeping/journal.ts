import type { Database } from '../../db/database.js';
import { type Actor, read } from '../../db/scope.js';
import { type BookedEntry, bookedEntries, type BookedPeriod } from './booked_entries.js';
import { type Booking, bookingsOf } from './bookings.js';
import { accountFor, type Accounts } from './account_chart.js';
import type { BookedTax, Part } from './split.js';

const BATCH = 500;

/** The bookings of a period, read in batches while they are sent. */
export async function* readBookings(db: Database, actor: Actor, period: BookedPeriod): AsyncGenerator<Booking> {
  let after: BookedEntry | null = null;
  do {
    const [entries]: [BookedEntry[]] = await read(db.pool, actor, bookedEntries(actor, period, after, BATCH));
    yield* entries.flatMap(bookingsOf);
    after = entries.length < BATCH ? null : (entries.at(-1) ?? null);
  } while (after);
}

/** A line of a booking. Minor units; positive: debit. */
interface Leg {
  account: string;
  amount: number;
  /** Whether it is the partner's account. */
  partner: boolean;
  /** What it is the net of, or the tax itself. */
  tax: BookedTax | null;
}

/** The lines of a booking: the partner's, each net, and each tax on its own account. They come to zero. */
export function legsOf({ side, amount, contra }: Booking, accounts: Accounts): Leg[] {
  const control = accountFor(accounts, side === 'vendor' ? 'payables' : 'receivables').account;
  const own: Leg = { account: control, amount, partner: true, tax: null };
  const others = contra.parts.flatMap((part) => [netLeg(part), ...taxLegs(part)]);
  return [own, ...others].filter((leg) => leg.amount !== 0);

  function netLeg({ taxes, net }: Part): Leg {
    const tax = taxes[0] ?? null;
    return { account: accountFor(accounts, contra.purpose, tax).account, amount: net, partner: false, tax };
  }
  function taxLegs({ taxes }: Part): Leg[] {
    return taxes.map(({ amount, ...tax }) => {
      const { account, tax_account } = accountFor(accounts, contra.purpose, tax);
      return { account: tax_account || account, amount, partner: false, tax };
    });
  }
}
