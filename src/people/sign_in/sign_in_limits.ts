import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

const HOUR = 3600;

/** How often one IP address may ask for codes, and type wrong ones, in an hour. Whose address is asked for doesn't count. */
const [CODES, WRONG_CODES, CHALLENGES] = [60, 300, 300];

export interface SignInLimits {
  /** Counts a request for a code. Returns whether it is within the limit. */
  mayAsk(remote_ip: string): Promise<boolean>;
  /** Counts a request for a passkey's challenge. */
  mayChallenge(remote_ip: string): Promise<boolean>;
  mayGuess(remote_ip: string): Promise<boolean>;
  countWrong(remote_ip: string): Promise<unknown>;
}

/** The limits of those who sign in, across all processes. */
export function signInLimits(pool: pg.Pool): SignInLimits {
  // Drops the name of the library's prepared statements: a pooler in transaction mode does not support them.
  const storeClient = {
    query: ({ text, values }: { text: string; values: unknown[] }) => pool.query({ text, values }),
  };
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      ...{ storeClient, storeType: 'client', tableName: 'rate_limits', tableCreated: true },
      ...{ clearExpiredByTimeout: false, keyPrefix, points, duration: HOUR },
    });
  const [codes, wrong] = [limiter('sign-in-ip', CODES), limiter('wrong-code-ip', WRONG_CODES)];
  return {
    mayAsk: (remote_ip) => take(codes, remote_ip),
    mayChallenge: (remote_ip) => take(limiter('passkey-ip', CHALLENGES), remote_ip),
    mayGuess: async (remote_ip) => ((await wrong.get(networkOf(remote_ip)))?.consumedPoints ?? 0) < WRONG_CODES,
    countWrong: (remote_ip) => take(wrong, remote_ip),
  };
}

const take = (limiter: RateLimiterPostgres, remote_ip: string): Promise<boolean> =>
  limiter.consume(networkOf(remote_ip)).then(
    () => true,
    (refused: unknown) => {
      if (refused instanceof RateLimiterRes) return false;
      throw refused;
    },
  );

/** An IPv4 address, or the network of an IPv6 one (/64): a customer is given at least that. */
const networkOf = (remote_ip: string): string =>
  /^(?:::ffff:)?[\d.]+$/i.test(remote_ip) ? remote_ip : remote_ip.split(':').slice(0, 4).join(':');
