import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { TooMany } from '../../errors.js';
import { networkOf } from '../../input/network.js';
import { identityOf } from '../shared/guard.js';
import { TOTAL_FACTOR } from '../shared/uploads.js';

/** How much of something one person, and one address, may do in so many seconds. */
interface Rate {
  person: number;
  address: number;
  seconds: number;
}

/**
 * Limits what is done again and again, in this process: what `cost` says of a request, by who asks and from where. Only
 * who is over the limit is refused. An address may be that of many people.
 * @throws TooMany
 */
export function limited({ person, address, seconds }: Rate, cost: (req: Request) => number): RequestHandler {
  const people = new RateLimiterMemory({ points: person, duration: seconds });
  const addresses = new RateLimiterMemory({ points: address, duration: seconds });
  return async (req, _res, next) => {
    const points = cost(req);
    if (points === 0) return next();
    const who = identityOf(req).user_id;
    try {
      if (who) await people.consume(who, points);
      await addresses.consume(networkOf(req.ip ?? ''), points);
      next();
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      next(new TooMany(seconds));
    }
  };
}

/** Files of a form, in started megabytes, and one for the form. What announces too many isn't read at all. */
export function uploadCost(req: Request): number {
  if (req.method !== 'POST' || !req.is('multipart/form-data')) return 0;
  const size = Number(req.get('Content-Length') ?? 0);
  const tooMuch = size > TOTAL_FACTOR * Number(req.app.get('max file bytes'));
  return 1 + (tooMuch ? 0 : Math.ceil(size / 2 ** 20));
}
