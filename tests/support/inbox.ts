import type { Harbor, Portal } from './portal.js';
import { until } from './until.js';

/**
 * What came by mail for an organization, what was decided about it, and what was said. The portal is opened later
 * than this is called.
 */
export function inbox(portal: () => Portal) {
  const deliveries = (home: Harbor) =>
    portal().look(home.organization_id, (db) =>
      db('inbound_deliveries').where({ organization_id: home.organization_id }).orderBy('id').select(),
    );
  const comments = (home: Harbor) =>
    portal().look(home.organization_id, (db) =>
      db('comments').where({ organization_id: home.organization_id }).orderBy('id').select(),
    );
  /** Waits until so many messages have come, and all of them are decided. */
  const decided = (home: Harbor, count = 1) =>
    until('the decision', async () => {
      const rows = await deliveries(home);
      return rows.length >= count && rows.every(({ state }) => state !== 'pending') && rows;
    });
  return { deliveries, comments, decided };
}
