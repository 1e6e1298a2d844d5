/**
 * Does `work` on what it is called with: at once if it is idle, or else with all that comes until the work under way is
 * done, in that order. If it fails for several, each is tried alone, so that one bad can't fail the others.
 */
export function together<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  most: number,
): (item: Item) => Promise<Result> {
  let busy = false;
  const waiting: { item: Item; settle: (result: Promise<Result>) => void }[] = [];
  const next = async () => {
    const group = waiting.splice(0, most);
    busy = group.length > 0;
    if (!busy) return;
    const results = await settled(
      work,
      group.map(({ item }) => item),
    );
    for (const [i, { settle }] of group.entries())
      settle(results[i] ?? Promise.reject(new Error('There is no result')));
    void next();
  };
  return (item) => {
    const result = new Promise<Result>((settle) => waiting.push({ item, settle }));
    if (!busy) void next();
    return result;
  };
}

/** The result of each item, when all are there. */
async function settled<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  items: Item[],
): Promise<Promise<Result>[]> {
  try {
    return (await work(items)).map((result) => Promise.resolve(result));
  } catch (error) {
    if (items.length === 1) return [refused(error)];
    const alone: Promise<Result>[] = [];
    for (const item of items) alone.push(...(await settled(work, [item])));
    return alone;
  }
}

/** Rejected, but no unhandled rejection until somebody takes it. */
function refused(error: unknown): Promise<never> {
  const rejection = Promise.reject(error);
  rejection.catch(() => {});
  return rejection;
}
