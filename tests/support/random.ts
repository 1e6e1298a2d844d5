/** Numbers from 0 up to a bound, the same ones for the same seed. */
export type Random = (bound: number) => number;

/** Mulberry32: small, and neighbouring seeds have nothing in common. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** So many of a list's items, chosen by chance. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, items.length) }, () => left.splice(random(left.length), 1)).flat();
}
