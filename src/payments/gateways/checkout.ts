import type { Database } from '../../db/database.js';
import { addJob } from '../../db/jobs.js';
import { systemActor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import type { Gateway, GatewayPayment, StoredMethod } from './gateway.js';
import { type Gateways, openGateways } from './gateways.js';

/** What opens the pages of gateways. `base_url`: ours, where they send browsers back to. */
export interface Checkout {
  db: Pick<Database, 'knex'>;
  gateways: Gateways;
  base_url: string;
}

/** Opens pages of the gateways that there are here. */
export const checkoutOf = (
  db: Pick<Database, 'knex'>,
  config: Parameters<typeof openGateways>[1] & { base_url: string },
  secrets: readonly string[],
): Checkout => ({ db, gateways: openGateways(db, config, secrets), base_url: config.base_url });

/**
 * The gateway's page for a payment that was started, the same each time; our own page of the payment once it is decided,
 * or if a stored method is charged (`chargeStored`), for which nothing more is asked.
 * It is asked outside of the transaction that started the payment: no lock waits for a gateway.
 * `store`: its payer wants to keep the method, which counts until the page is open.
 * @throws GatewayUnavailable
 */
export async function openCheckout(
  { db, gateways, base_url }: Checkout,
  organization_id: string,
  id: string,
  store = false,
): Promise<string> {
  const started = await readStarted(db, organization_id, id, store);
  const { state, path, payment, stored } = started;
  if (state !== 'started') return path;
  if (stored) return `${path}?returned`;
  await endEarlier(db, gateways, organization_id, id);
  const asked = { ...payment, return_url: `${base_url}${path}` };
  const gateway = gateways(started.gateway);
  const { url, reference } = await gateway.start(asked, started.store);
  if (await keepReference(db, asked, reference, { state: 'started' })) return url;
  await endUnneeded(gateway, asked, reference);
  return path;
}

/** Returns false if the payment is no longer in this state. What was charged is noted in any. */
async function keepReference(
  db: Pick<Database, 'knex'>,
  { organization_id, id }: GatewayPayment,
  gateway_reference: string,
  only: { state?: 'started' } = {},
): Promise<boolean> {
  const changed = await withActor(db.knex, systemActor(organization_id), (db) =>
    db('payments')
      .where({ organization_id, id, ...only })
      .update({ gateway_reference }),
  );
  return changed > 0;
}

/** Ends the page of a payment that was decided while it was opened. If it was completed, its event tells. */
async function endUnneeded(gateway: Gateway, payment: GatewayPayment, reference: string): Promise<void> {
  try {
    await gateway.cancel(payment, reference);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}

/**
 * Charges the stored method of a payment that was started, once: the gateway knows the payment by its id. A job's. What
 * is no longer owed, or paid elsewhere this moment, fails instead.
 */
export async function chargeStored({ db, gateways, base_url }: Checkout, organization_id: string, id: string) {
  const { state, gateway, path, payment, stored } = await readStarted(db, organization_id, id);
  if (state !== 'started' || !stored) return;
  const asked = { ...payment, return_url: `${base_url}${path}` };
  try {
    await requireOwed(db, organization_id, id);
    await endEarlier(db, gateways, organization_id, id);
    await keepReference(db, asked, await gateways(gateway).charge(asked, stored));
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    await failUncharged(db, asked, error);
  }
}

/** @throws Conflict if less is open of a document than the payment would pay */
async function requireOwed(db: Pick<Database, 'knex'>, organization_id: string, id: string): Promise<void> {
  const { rows } = await withActor(db.knex, systemActor(organization_id), (db) =>
    db.raw<{ rows: unknown[] }>(OVERPAID, { organization_id, id }),
  );
  if (rows.length) throw new Conflict('This has changed in the meantime.');
}

const OVERPAID = `select x.document_id from payment_parts x
  where x.organization_id = :organization_id and x.payment_id = :id and x.amount > (
    select coalesce(sum(e.amount), 0) from ledger_entries e
    where e.organization_id = x.organization_id and e.document_id = x.document_id)
  limit 1`;

function failUncharged(db: Pick<Database, 'knex'>, payment: GatewayPayment, why: Conflict): Promise<void> {
  const { organization_id, id: payment_id, amount, currency } = payment;
  const reason = why.sentence.replace('{{currency}}', currency);
  const about = { organization_id, payment_id, amount, currency, reason };
  const event = { ...about, id: `kept-${payment_id}`, type: 'payment.failed' as const };
  return withActor(db.knex, systemActor(organization_id), (db) => addJob(db, 'gateway_event', { event }));
}

/**
 * Ends pages on which the same documents could still be paid, so that nobody pays twice.
 * @throws Conflict if one of them was completed, which its event will tell
 */
async function endEarlier(
  db: Pick<Database, 'knex'>,
  gateways: Gateways,
  organization_id: string,
  id: string,
): Promise<void> {
  const { rows } = await withActor(db.knex, systemActor(organization_id), (db) =>
    db.raw<{ rows: Earlier[] }>(EARLIER, { organization_id, id }),
  );
  for (const { gateway, gateway_reference, ...payment } of rows)
    await gateways(gateway).cancel({ ...payment, organization_id }, gateway_reference);
}

interface Earlier {
  id: string;
  gateway: string;
  gateway_reference: string;
}

// Gateways end pages themselves a day after these were opened, which may be long after the payment was begun.
const EARLIER = `select distinct p.id, p.gateway, p.gateway_reference
  from payment_parts mine
    join payment_parts x on x.organization_id = mine.organization_id and x.document_id = mine.document_id
    join payments p on p.organization_id = x.organization_id and p.id = x.payment_id
  where mine.organization_id = :organization_id and mine.payment_id = :id and p.id <> :id
    and p.state = 'cancelled' and p.gateway_reference <> '' and p.created_at > app_now() - interval '7 days'
  limit 20`;

interface Started {
  state: string;
  gateway: string;
  path: string;
  payment: Omit<GatewayPayment, 'return_url'>;
  /** What is charged. */
  stored: StoredMethod | null;
  /** Whether a method that is typed on its page is kept. */
  store: boolean;
}

/** Notes the wish to keep its method before the page is opened: the page is the same each time. @throws NotFound */
async function readStarted(
  db: Pick<Database, 'knex'>,
  organization_id: string,
  id: string,
  store = false,
): Promise<Started> {
  const row = await withActor(db.knex, systemActor(organization_id), async (db) => {
    const unopened = db('payments').where({ organization_id, id, state: 'started', gateway_reference: '' });
    if (store) await unopened.update({ store });
    const { rows } = await db.raw(STARTED, { organization_id, id });
    return rows[0];
  });
  if (!row) throw new NotFound();
  const { state, gateway, slug, partner_id, partner, email, amount, currency, method, about, lines } = row;
  const customer = { partner_id, name: partner, email: email ?? '' };
  const payment = { organization_id, id, amount, currency, method, about, lines, customer };
  return { state, gateway, path: `/${slug}/payments/${id}`, payment, stored: row.stored, store: row.store };
}

const STARTED = `select p.state, p.store, p.gateway, p.amount, p.currency, p.method, p.partner_id, o.slug,
    c.name as partner, w.email, x.about, x.lines, (
      select json_build_object('reference', s.reference, 'method', s.method, 'brand', s.brand,
        'last_four', s.last_four, 'expires', s.expires)
      from payment_methods s where s.organization_id = p.organization_id and s.id = p.stored_id) as stored
  from payments p
    cross join lateral (
      select string_agg(coalesce(d.number, ''), ', ' order by d.number) as about,
        json_agg(json_build_object('name', coalesce(d.number, ''), 'amount', x.amount) order by d.number)
          filter (where x.amount > 0) as lines
      from payment_parts x join documents d on d.organization_id = x.organization_id and d.id = x.document_id
      where x.organization_id = p.organization_id and x.payment_id = p.id) x
    join organizations o on o.id = p.organization_id
    join partners c on c.organization_id = p.organization_id and c.id = p.partner_id
    left join people w on w.organization_id = p.organization_id and w.id = p.person_id
  where p.organization_id = :organization_id and p.id = :id`;
