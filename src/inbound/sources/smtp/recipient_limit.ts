import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../../input/network.js';

/**
 * Limits how many recipients a server may name without delivering to any, so that addresses can't be guessed. One that
 * is delivered to is given back. At most `servers` are remembered; the least recently active is dropped.
 */
export class RecipientLimit {
  private readonly keys = new Set<string>();
  private readonly limiter: RateLimiterMemory;
  private readonly points: number;
  private readonly servers: number;

  constructor({ points = 200, seconds = 200, servers = 10_000 } = {}) {
    this.limiter = new RateLimiterMemory({ points, duration: seconds });
    this.points = points;
    this.servers = servers;
  }

  /** Counts one recipient; false if the server has reached its limit. */
  async take(ip: string): Promise<boolean> {
    const key = this.keyOf(ip);
    return this.limiter.consume(key).then(
      () => true,
      async () => {
        // Refused tries don't count, or else giving back would have no effect after many of them.
        await this.limiter.reward(key);
        return false;
      },
    );
  }

  /** Whether so much is used up that it is worth finding out what to give back. */
  async isLow(ip: string): Promise<boolean> {
    return (await this.used(this.keyOf(ip))) > this.points / 2;
  }

  async give(ip: string, count: number): Promise<void> {
    const key = this.keyOf(ip);
    await this.limiter.reward(key, Math.min(count, await this.used(key)));
  }

  /** How many servers are remembered. */
  get size(): number {
    return this.keys.size;
  }

  private async used(key: string): Promise<number> {
    return (await this.limiter.get(key))?.consumedPoints ?? 0;
  }

  private keyOf(ip: string): string {
    const key = networkOf(ip);
    this.keys.delete(key);
    this.keys.add(key);
    const [oldest] = this.keys;
    if (this.keys.size > this.servers && oldest !== undefined) {
      this.keys.delete(oldest);
      void this.limiter.delete(oldest);
    }
    return key;
  }
}
