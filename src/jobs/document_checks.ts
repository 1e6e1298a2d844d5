import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';

/** A document of any organization that the clock looks at now. */
export interface Check {
  organization_id: string;
  document_id: string;
  type: string;
  state: string;
}

/** When it looks again; null: once the document has changed. */
export type NextCheck = Pick<Check, 'organization_id' | 'document_id'> & { at: Date | null };

/** For how long what was taken is nobody else's. */
const LEASE_MS = 15 * 60_000;

const leaseFrom = (now: Date) => new Date(now.getTime() + LEASE_MS);

/**
 * Takes documents whose time has come, of all organizations in one statement, those that have waited longest first. Two
 * ticks take different ones; what a killed process has taken comes again after the lease.
 */
export async function takeChecks(db: Knex, now: Date, most: number): Promise<Check[]> {
  const { rows } = await withActor(db, systemActor(null), (db) =>
    db.raw<{ rows: Check[] }>(
      `update document_checks c set check_at = ?
       from (select organization_id, document_id from document_checks
         where check_at <= ? and check_at < 'infinity'
         order by check_at, organization_id limit ${most} for update skip locked) due
       where c.organization_id = due.organization_id and c.document_id = due.document_id
       returning c.organization_id, c.document_id, c.type, c.state`,
      [leaseFrom(now), now],
    ),
  );
  return rows;
}

/** Notes when the documents that were taken at `now` are looked at next, except those that have changed since. */
export async function settleChecks(db: Knex, now: Date, next: readonly NextCheck[]): Promise<void> {
  if (next.length === 0) return;
  await withActor(db, systemActor(null), (db) =>
    db.raw(
      `update document_checks c set check_at = n.at
       from unnest(?::uuid[], ?::uuid[], ?::timestamptz[]) as n (organization_id, document_id, at)
       where c.organization_id = n.organization_id and c.document_id = n.document_id and c.check_at = ?`,
      [
        next.map(({ organization_id }) => organization_id),
        next.map(({ document_id }) => document_id),
        next.map(({ at }) => at?.toISOString() ?? 'infinity'),
        leaseFrom(now),
      ],
    ),
  );
}
