import assert from 'node:assert/strict';
import type { Harbor } from './harbor.js';
import { openPortal } from './portal.js';

/** So much later than it would be is due what waits. */
export const HELD_MS = 86_400_000;

// However slow the machine, nothing is tried again before the test says so.
const HOLD_WHAT_WAITS = `
  create function hold_what_waits() returns trigger language plpgsql as $$ begin
    if new.run_at > now() then new.run_at = new.run_at + ${HELD_MS} * interval '1 millisecond'; end if;
    return new; end $$;
  create trigger hold_new before insert on graphile_worker._private_jobs
    for each row execute function hold_what_waits();
  create trigger hold_put_off before update of run_at on graphile_worker._private_jobs
    for each row when (new.run_at is distinct from old.run_at) execute function hold_what_waits()`;

export type Throttled = Awaited<ReturnType<typeof openThrottled>>;

/**
 * A portal where a person gets three emails a minute and six an hour, by a clock that only the test moves; and what waits
 * is due only when the test says so.
 */
export async function openThrottled() {
  const portal = await openPortal({ MAIL_PER_PERSON_MINUTE: '3', MAIL_PER_PERSON_HOUR: '6' });
  await portal.knex.raw(HOLD_WHAT_WAITS);
  // Tomorrow, half past a minute: what is postponed is not due before the test says so.
  let clock = new Date(Math.floor(Date.now() / 3_600_000 + 24) * 3_600_000 + 630_000);
  assert.ok(portal.services.post.rate_limits);
  portal.services.post.now = () => clock;
  return {
    ...portal,
    /** Once all is done: some minutes later, what is postponed is tried again, and everything is done. */
    async later(minutes: number) {
      // What is under way belongs to the minute that ends.
      await portal.idle();
      clock = new Date(clock.getTime() + minutes * 60_000);
      await portal.runJobsNow();
      await portal.idle();
    },
    emailsTo: (home: Harbor, person_id: string) =>
      portal.look(home.organization_id, (db) => db('emails').where({ person_id }).orderBy('id').select()),
  };
}
