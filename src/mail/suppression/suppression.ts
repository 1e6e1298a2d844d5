import type { Knex } from 'knex';
import { actingAs, systemActor } from '../../db/scope.js';
import { newId } from '../../db/ids.js';
import type { Severity } from './enhanced_status.js';

/** How long a bounce counts. */
export const BOUNCE_DAYS = 60;

/** From this many points on an address gets codes only: three hard bounces, or soft ones on nine days. */
const LIMIT = 9;

const POINTS = { hard: 3, soft: 1 } as const;

interface BouncedEmail {
  organization_id: string;
  person_id: string;
  email_id: string;
}

/** Counts a bounce against a person's address; soft ones once a day, so that one bad day suppresses nobody. */
export async function recordBounce(db: Knex.Transaction, bounced: BouncedEmail, kind: Severity): Promise<void> {
  const { organization_id, person_id } = bounced;
  const today = db('bounces')
    .where({ organization_id, person_id, kind })
    .where('created_at', '>', db.raw(`app_now() - interval '1 day'`));
  if (kind === 'soft' && (await today.first('id'))) return;
  await db('bounces')
    .insert({ ...bounced, id: newId(), kind, points: POINTS[kind] })
    .onConflict(['organization_id', 'email_id'])
    .ignore();
}

/** A person's bounces of the last 60 days, and whether they complained. */
export interface Deliverability {
  points: number;
  bounced: boolean;
  complained: boolean;
}

/**
 * Why an email is suppressed; null if it may be sent. Too many bounces suppress everything but codes, which don't ask;
 * a hard bounce or a complaint suppresses optional mail.
 */
export function whySuppressed({ points, bounced, complained }: Deliverability, optional: boolean): string | null {
  if (points >= LIMIT)
    return 'Too much mail to this address came back. It is tried again after 60 days, or once staff allow it.';
  if (bounced && optional) return 'The last mail to this address came back: only what matters is still tried.';
  if (complained && optional) return 'Mail to this address was reported as spam: only what matters is still sent.';
  return null;
}

/** Whether all mail but codes is suppressed. */
export const isSuppressed = ({ points }: Pick<Deliverability, 'points'>) => points >= LIMIT;

/** Clears the bounces of a person whose mail has arrived, since their address evidently works. */
export const clearBouncesOfSender = (
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
): Promise<void> => actingAs(db, systemActor(organization_id), () => clearBounces(db, organization_id, id));

/** Clears a person's bounces once their address has changed or works again. */
export async function clearBounces(db: Knex.Transaction, organization_id: string, person_id: string): Promise<void> {
  await db('bounces').where({ organization_id, person_id }).delete();
  await db('people').where({ organization_id, id: person_id }).whereNotNull('bounced_at').update({ bounced_at: null });
}

/** Deletes bounces that no longer count, so that they no longer show either. */
export async function deleteOldBounces(db: Knex.Transaction, organization_id: string): Promise<void> {
  const expiry = db.raw(`now() - make_interval(days => ?)`, [BOUNCE_DAYS]);
  await db('bounces').where({ organization_id }).where('created_at', '<', expiry).delete();
  await db('people')
    .where({ organization_id, removed_at: null })
    .where('bounced_at', '<', expiry)
    .update({ bounced_at: null });
}
