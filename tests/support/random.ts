/** Numbers from 0 up to a bound, the same ones for the same seed. */
export type Random = (bound: number) => number;

/** A linear congruential generator (Numerical Recipes): enough to choose, and the same on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
