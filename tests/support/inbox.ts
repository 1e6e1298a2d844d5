import assert from 'node:assert/strict';
import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';

/**
 * What came by mail for an organization, what was decided about it, and what was posted. The portal is opened later
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
  /** What the comments say, in order. */
  const bodies = async (home: Harbor) => (await comments(home)).map(({ body }) => String(body));
  /** So many messages have come; all of them are decided. */
  const decided = async (home: Harbor, count = 1) => {
    await portal().idle();
    const rows = await deliveries(home);
    assert.ok(rows.length >= count, `${rows.length} messages of ${count} have come`);
    assert.ok(
      rows.every(({ state }) => state !== 'pending'),
      'a message is not decided',
    );
    return rows;
  };
  return { deliveries, comments, bodies, decided };
}
