type Outcome<Result> = { result: Result } | { error: unknown };

interface Waiting<Item, Result> {
  item: Item;
  settle: (outcome: Outcome<Result>) => void;
}

/**
 * Does `work` on what it is called with: at once if it is idle, or else with all that comes until the work under way is
 * done, in that order. If it fails for several, each is tried alone, so that one bad can't fail the others.
 */
export function together<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  most: number,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let busy = false;
  const workOn = async () => {
    busy = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, most);
      const done = await outcomes(
        work,
        group.map(({ item }) => item),
      );
      for (const [i, { settle }] of group.entries()) settle(done[i] ?? { error: new Error('There is no result.') });
    }
    busy = false;
  };
  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, settle: (one) => ('error' in one ? reject(one.error) : resolve(one.result)) });
      if (!busy) void workOn();
    });
}

/** How to settle each item's promise, once all are done. */
async function outcomes<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  items: Item[],
): Promise<Outcome<Result>[]> {
  try {
    return (await work(items)).map((result) => ({ result }));
  } catch (error) {
    if (items.length === 1) return [{ error }];
    const alone: Outcome<Result>[] = [];
    for (const item of items) alone.push(...(await outcomes(work, [item])));
    return alone;
  }
}
