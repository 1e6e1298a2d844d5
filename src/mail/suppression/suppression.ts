import type { Knex } from 'knex';
import { setActor, systemActor } from '../../db/scope.js';
import { newId } from '../../db/ids.js';
import type { Severity } from './enhanced_status.js';

/** After so many days nothing that came back counts any more. */
export const BOUNCE_DAYS = 60;

/** From so many points on an address gets no mail but its codes: three hard bounces, or nine days with a soft one. */
const LIMIT = 9;

const POINTS = { hard: 3, soft: 1 } as const;

interface BouncedEmail {
  organization_id: string;
  person_id: string;
  email_id: string;
}

/**
 * Counts a bounce against a person's address: a hard one each time, a soft one once a day, so that one bad day shuts
 * nobody out.
 */
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

/** What stands against mail to a person. */
export interface Deliverability {
  points: number;
  bounced: boolean;
  complained: boolean;
}

/** What stands against mail to a person now, with what is older than 60 days left out. */
export async function readDeliverability(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
): Promise<Deliverability> {
  const { rows } = await db.raw<{ rows: Deliverability[] }>(
    `select coalesce((select sum(points)::int from bounces s where s.organization_id = p.organization_id and s.person_id = p.id
        and s.created_at > app_now() - make_interval(days => :days)), 0) as points,
      coalesce(p.bounced_at > app_now() - make_interval(days => :days), false) as bounced, p.complained_at is not null as complained
    from people p where p.organization_id = :organization_id and p.id = :person_id`,
    { days: BOUNCE_DAYS, organization_id, person_id },
  );
  return rows[0] ?? { points: 0, bounced: false, complained: false };
}

/**
 * Why an email need not be tried, in a sentence; null if it may go. Too many bounces stop all (codes are never asked
 * about); one of an address that is not there, or a complaint, stops what the reader need not have.
 */
export function whySuppressed({ points, bounced, complained }: Deliverability, optional: boolean): string | null {
  if (points >= LIMIT)
    return 'Too much mail to this address came back. It is tried again after 60 days, or once staff allow it.';
  if (bounced && optional) return 'The last mail to this address came back: only what matters is still tried.';
  if (complained && optional) return 'Mail to this address was reported as spam: only what matters is still sent.';
  return null;
}

/** Whether all mail but codes is stopped. */
export const isSuppressed = ({ points }: Pick<Deliverability, 'points'>) => points >= LIMIT;

/**
 * Mail from a person shows that their address is well: what came back before is forgotten. In the caller's
 * transaction, which goes on as the clock.
 */
export async function clearBouncesOfSender(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  await clearBounces(db, organization_id, id);
}

/** What came back before is forgotten: the address is another, or well again. */
export async function clearBounces(db: Knex.Transaction, organization_id: string, person_id: string): Promise<void> {
  await db('bounces').where({ organization_id, person_id }).delete();
  await db('people').where({ organization_id, id: person_id }).whereNotNull('bounced_at').update({ bounced_at: null });
}

/** Clears away what has not counted for long, so that nobody is shown as one whose mail comes back. */
export async function deleteOldBounces(db: Knex.Transaction, organization_id: string): Promise<void> {
  const over = db.raw(`now() - make_interval(days => ?)`, [BOUNCE_DAYS]);
  await db('bounces').where({ organization_id }).where('created_at', '<', over).delete();
  await db('people').where({ organization_id }).where('bounced_at', '<', over).update({ bounced_at: null });
}
