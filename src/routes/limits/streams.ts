import type { RequestHandler } from 'express';
import { TooMany } from '../../errors.js';
import { networkOf } from '../../input/network.js';
import { identityOf } from '../shared/guard.js';

/** Each open page keeps one. */
const MOST = { person: 30, address: 2000 };
/** A browser that was refused asks again after so many seconds. */
const LATER = 30;

/** Limits the streams of live pages that one person, and one address, keeps open in this process. @throws TooMany */
export function limitedStreams(most = MOST): RequestHandler {
  const open = new Map<string, number>();
  const count = (key: string, by: number) => {
    const now = (open.get(key) ?? 0) + by;
    if (now > 0) open.set(key, now);
    else open.delete(key);
  };
  return (req, res, next) => {
    if (!req.path.endsWith('/live')) return next();
    const { user_id } = identityOf(req);
    const keys = { person: user_id ? `person ${user_id}` : null, address: `address ${networkOf(req.ip ?? '')}` };
    const full = (key: string | null, limit: number) => key !== null && (open.get(key) ?? 0) >= limit;
    if (full(keys.person, most.person) || full(keys.address, most.address)) return next(new TooMany(LATER));
    const held = [keys.person, keys.address].flatMap((key) => key ?? []);
    held.forEach((key) => count(key, 1));
    res.once('close', () => held.forEach((key) => count(key, -1)));
    next();
  };
}
