import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

const HOUR = 3600;
const PER_ADDRESS = 5;
const PER_IP = 60;

export type SignInLimits = (address: string, remote_ip: string) => Promise<boolean>;

/**
 * Limits requests for sign-in codes per hour, by email address and by IP address, across all processes. Returns a
 * function that counts a request and returns whether it is within both limits.
 */
export function signInLimits(pool: pg.Pool): SignInLimits {
  // Drops the name of the library's prepared statements: a pooler in transaction mode does not support them.
  const storeClient = {
    query: ({ text, values }: { text: string; values: unknown[] }) => pool.query({ text, values }),
  };
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      ...{
        storeClient,
        storeType: 'client',
        tableName: 'rate_limits',
        tableCreated: true,
        clearExpiredByTimeout: false,
      },
      ...{ keyPrefix, points, duration: HOUR },
    });
  const [byAddress, byIp] = [limiter('sign-in-address', PER_ADDRESS), limiter('sign-in-ip', PER_IP)];
  const take = (one: RateLimiterPostgres, key: string) =>
    one.consume(key).then(
      () => true,
      (refused: unknown) => {
        if (refused instanceof RateLimiterRes) return false;
        throw refused;
      },
    );
  return async (address, remote_ip) =>
    (await Promise.all([take(byAddress, address), take(byIp, remote_ip)])).every(Boolean);
}
