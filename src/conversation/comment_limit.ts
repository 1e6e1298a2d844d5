import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../db/scope.js';
import { Invalid } from '../errors.js';
import { formatFor } from '../pages/format.js';

/** How many messages a guest, perhaps a stranger, may write in an hour, to one process: each is emailed to others. */
const MOST = 30;
const limiter = new RateLimiterMemory({ points: MOST, duration: 3600 });

/** Counts a message that a guest writes in the portal. @throws Invalid if there were too many */
export async function limitComments(actor: Actor): Promise<void> {
  try {
    await limiter.consume(String(actor.person_id));
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const when = formatFor(actor).dateTime(new Date(Date.now() + refused.msBeforeNext));
    throw new Invalid(
      { text: 'You’ve written {{count}} messages in an hour. Try again {{when}}.' },
      { count: MOST, when },
    );
  }
}
