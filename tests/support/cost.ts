/** The processor's time that work takes, in ms: others use this machine, too. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What is shorter can't be compared. */
const NOISE_MS = 25;

/**
 * How many times as long the larger input takes, at the least of a few tries, which end once it is no more than `enough`:
 * a garbage collection may fall into one measurement, not into each.
 */
export function leastGrowth<T>(work: (input: T) => unknown, [small, large]: readonly [T, T], enough: number): number {
  let ratio = Infinity;
  for (let tries = 0; tries < 4 && ratio > enough; tries++) {
    const whole = cost(() => work(large));
    const part = cost(() => work(small));
    ratio = Math.min(ratio, whole / Math.max(NOISE_MS, part));
  }
  return ratio;
}
