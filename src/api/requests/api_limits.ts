import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooMany } from '../../errors.js';
import { networkOf } from '../../input/network.js';
import { identityOf } from '../../routes/shared/guard.js';

/** Requests of one person, and wrong tokens of one address, in so many seconds; in this process. */
const REQUESTS = { points: 600, duration: 60 };
const WRONG = { points: 60, duration: 600 };

/** Limits what one person’s programs ask for, and says with every answer what is left. @throws TooMany */
export function limitedRequests({ points, duration } = REQUESTS): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration });
  return async (req, res, next) => {
    const taken = await limiter
      .consume(String(identityOf(req).user_id))
      .catch((refused: unknown) => (refused instanceof RateLimiterRes ? refused : Promise.reject(refused)));
    const seconds = Math.ceil(taken.msBeforeNext / 1000);
    res.set({
      'RateLimit-Policy': `"default";q=${points};w=${duration}`,
      'RateLimit-Limit': String(points),
      'RateLimit-Remaining': String(Math.max(0, taken.remainingPoints)),
      'RateLimit-Reset': String(seconds),
    });
    next(taken.consumedPoints > points ? new TooMany(seconds) : undefined);
  };
}

/** Who shows wrong tokens again and again waits. @throws TooMany */
export function limitedGuesses({ points, duration } = WRONG): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration });
  return async (req, res, next) => {
    const address = networkOf(req.ip ?? '');
    const before = await limiter.get(address);
    if (before && before.consumedPoints >= points) return next(new TooMany(Math.ceil(before.msBeforeNext / 1000)));
    res.once('finish', () => {
      if (res.statusCode === 401 && req.get('authorization')) void limiter.penalty(address);
    });
    next();
  };
}
