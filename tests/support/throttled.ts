import assert from 'node:assert/strict';
import type { Harbor } from './harbor.js';
import { openPortal } from './portal.js';

export type Throttled = Awaited<ReturnType<typeof openThrottled>>;

/** A portal where a person gets three emails a minute and six an hour, by a clock that only the test moves. */
export async function openThrottled() {
  const portal = await openPortal({ MAIL_PER_PERSON_MINUTE: '3', MAIL_PER_PERSON_HOUR: '6' });
  // Tomorrow, half past a minute: what is postponed is not due before the test says so.
  let clock = new Date(Math.floor(Date.now() / 3_600_000 + 24) * 3_600_000 + 630_000);
  assert.ok(portal.services.post.rate_limits);
  portal.services.post.now = () => clock;
  return {
    ...portal,
    /** Some minutes later, what is postponed is tried again, and everything is done. */
    async later(minutes: number) {
      clock = new Date(clock.getTime() + minutes * 60_000);
      await portal.runJobsNow();
      await portal.idle();
    },
    emailsTo: (home: Harbor, person_id: string) =>
      portal.look(home.organization_id, (db) => db('emails').where({ person_id }).orderBy('id').select()),
  };
}
