import type { z } from 'zod';
import { systemActor, withActor } from '../../../db/scope.js';
import type { LedgerDifference } from '../../ledger/ledger_differences.js';
import type { GatewayEvent } from '../gateway.js';
import type { StripeAccount } from './stripe_account.js';
import { fromStripeAmount } from './stripe_amount.js';
import { asking, requestOptions } from './stripe_client.js';
import { intentEvent } from './stripe_events.js';
import { PaymentIntentWithCharge } from './stripe_objects.js';

/** How far back both are compared. A payment begins here before it is one there, so Stripe is asked for a day more. */
const DAYS = 7;

type Intent = z.output<typeof PaymentIntentWithCharge>;

interface Compared {
  /** What Stripe tells, be it known here or not. */
  events: GatewayEvent[];
  /** What differs once that was acted on. */
  differences: () => Promise<LedgerDifference[]>;
}

/** Compares the payments of the last days with Stripe's. */
export async function stripeDifferences(account: StripeAccount): Promise<Compared> {
  const intents = await recentIntents(account);
  const events = [...intents.values()]
    .flatMap(decisive)
    .flatMap((intent) => intentEvent({ account, id: `asked-${intent.id}` }, intent));
  const differences = async () => (await recentPayments(account)).filter((payment) => differs(payment, intents));
  return { events, differences };
}

/** Stripe's of this organization, by our id: of one payment there may be several. */
async function recentIntents({ stripe, organization_id }: StripeAccount): Promise<Map<string, Intent[]>> {
  const gte = Math.floor(Date.now() / 1000) - (DAYS + 1) * 86_400;
  const found = new Map<string, Intent[]>();
  await asking(async () => {
    const query = { created: { gte }, limit: 100, expand: ['data.latest_charge'] };
    for await (const answer of stripe.paymentIntents.list(query, requestOptions())) {
      const intent = PaymentIntentWithCharge.parse(answer);
      const { organization, payment } = intent.metadata;
      if (organization === organization_id && payment) found.set(payment, [...(found.get(payment) ?? []), intent]);
    }
  });
  return found;
}

/** Of a payment that succeeded, what failed before is no news. */
function decisive(intents: readonly Intent[]): readonly Intent[] {
  const succeeded = intents.filter(({ status }) => status === 'succeeded');
  return succeeded.length ? succeeded : intents;
}

interface RecentPayment extends LedgerDifference {
  id: string;
  amount: number;
  currency: string;
  refunded: number;
}

const PAYMENTS = `select p.id, p.amount, p.currency, p.state, 'payment' as about, p.amount as booked,
    (select min(d.number) from payment_parts x
      join documents d on d.organization_id = x.organization_id and d.id = x.document_id
      where x.organization_id = p.organization_id and x.payment_id = p.id) as number,
    (select coalesce(sum(r.amount), 0)::bigint from refunds r
      where r.organization_id = p.organization_id and r.payment_id = p.id and r.state = 'succeeded') as refunded
  from payments p
  where p.organization_id = :id and p.gateway = 'stripe' and p.created_at > :since
    and p.created_at > app_now() - make_interval(days => :days) and p.created_at < app_now() - interval '1 hour'`;

const recentPayments = ({ knex, organization_id: id, keys }: StripeAccount): Promise<RecentPayment[]> =>
  withActor(knex, systemActor(id), async (db) => {
    const { rows } = await db.raw<{ rows: RecentPayment[] }>(PAYMENTS, { id, since: keys.connected_at, days: DAYS });
    return rows;
  });

/**
 * Whether Stripe has kept another sum of a payment than we booked, such as twice of one that was made twice. What was
 * taken back after a dispute is reversed here, and still a payment there.
 */
function differs({ id, amount, state, refunded }: RecentPayment, intents: ReadonlyMap<string, Intent[]>): boolean {
  const kept = (intents.get(id) ?? []).map(keptOf).filter((theirs) => theirs !== 0);
  if (state === 'reversed') return kept.length > 1;
  const ours = state === 'succeeded' ? amount - refunded : 0;
  return kept.reduce((sum, theirs) => sum + theirs, 0) !== ours;
}

const keptOf = ({ status, amount, currency, latest_charge }: Intent): number =>
  status === 'succeeded' ? fromStripeAmount(amount - (latest_charge?.amount_refunded ?? 0), currency) : 0;
