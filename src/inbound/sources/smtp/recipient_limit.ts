/**
 * How many addresses a server may name that no message reaches: tokens that come back with time, and with each
 * message that reaches somebody.
 */
export interface RecipientLimit {
  /** Takes one; false if there is none left. */
  take(ip: string): boolean;
  /** Whether so many are gone that it is time to give back. */
  isLow(ip: string): boolean;
  give(ip: string, count: number): void;
  /** How many servers are remembered. */
  readonly size: number;
}

interface Bucket {
  left: number;
  at: number;
}

/**
 * A bucket of `most` for each server, refilled by `per_second`. At most `servers` are remembered; the one that named
 * nothing for longest goes.
 */
export function recipientLimit({ most = 200, per_second = 1, servers = 10_000, now = Date.now } = {}): RecipientLimit {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (ip: string): Bucket => {
    const key = network(ip);
    const { left, at } = buckets.get(key) ?? { left: most, at: now() };
    const bucket = { left: Math.min(most, left + ((now() - at) / 1000) * per_second), at: now() };
    buckets.delete(key);
    buckets.set(key, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > servers && oldest !== undefined) buckets.delete(oldest);
    return bucket;
  };
  return {
    take(ip) {
      const bucket = bucketOf(ip);
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    isLow: (ip) => bucketOf(ip).left < most / 2,
    give(ip, count) {
      const bucket = bucketOf(ip);
      bucket.left = Math.min(most, bucket.left + count);
    },
    get size() {
      return buckets.size;
    },
  };
}

/** Who has one IPv6 address has 2^64 of them: they count as one. */
function network(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head ? head.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(tail ?? '').split(':')].slice(0, 4).join(':');
}
