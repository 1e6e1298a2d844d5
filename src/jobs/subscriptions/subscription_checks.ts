import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';

/** What the clock looks at: when periods begin, or when invoices are charged. */
type Checks = 'subscription_checks' | 'charge_checks';

/** A subscription of any organization that the clock looks at now. */
export interface SubscriptionCheck {
  organization_id: string;
  subscription_id: string;
}

/** For how long what was taken is nobody else's. */
const LEASE_MS = 15 * 60_000;

const leaseFrom = (now: Date) => new Date(now.getTime() + LEASE_MS);

/** Takes those whose time has come, of all organizations. Two workers take different ones; see document_checks.ts. */
export async function takeChecks(db: Knex, checks: Checks, now: Date, most: number): Promise<SubscriptionCheck[]> {
  const { rows } = await withActor(db, systemActor(null), (db) =>
    db.raw<{ rows: SubscriptionCheck[] }>(
      `update ${checks} c set check_at = ?
       from (select organization_id, subscription_id from ${checks}
         where check_at <= ? and check_at < 'infinity'
         order by check_at, organization_id limit ${most} for update skip locked) due
       where c.organization_id = due.organization_id and c.subscription_id = due.subscription_id
       returning c.organization_id, c.subscription_id`,
      [leaseFrom(now), now],
    ),
  );
  return rows;
}

/** Notes when one that was taken at `now` is looked at next, unless it has changed since; null: once it changes. */
export async function settleCheck(
  db: Knex,
  checks: Checks,
  now: Date,
  check: SubscriptionCheck & { at: Date | null },
): Promise<void> {
  const { organization_id, subscription_id, at } = check;
  const next = at?.toISOString() ?? 'infinity';
  await withActor(db, systemActor(null), (db) =>
    db(checks)
      .where({ organization_id, subscription_id, check_at: leaseFrom(now) })
      .update({ check_at: next }),
  );
}
