import type { Knex } from 'knex';
import { type ProfileChange, profileChangesIn } from '../../activity/profile_changes.js';

/** So many activities are looked through for what somebody has missed. */
const LOOKED_AT = 20;

interface Of {
  organization_id: string;
  id: string;
}

/** What was changed of a partner's details since they were as in `seen`, the newest last. As the system. */
export async function profileChangesSince(
  db: Knex.Transaction,
  { organization_id, id: partner_id }: Of,
  seen: string,
): Promise<ProfileChange[]> {
  const rows: { details: Record<string, unknown> }[] = await db('activities')
    .where({ organization_id, partner_id })
    .orderBy('id', 'desc')
    .limit(LOOKED_AT)
    .select('details');
  const last = rows.findIndex(({ details }) => details['seen'] === seen);
  const missed = last < 0 ? rows.slice(0, 1) : rows.slice(0, last + 1);
  return missed.toReversed().flatMap(({ details }) => profileChangesIn(details));
}
