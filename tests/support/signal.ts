/** Something that happens again and again: whoever waits hears of the next time. */
export interface Signal {
  happened(): void;
  next(): Promise<void>;
}

export function signal(): Signal {
  let wake = () => {};
  const arm = () => new Promise<void>((resolve) => (wake = resolve));
  let next = arm();
  return {
    happened() {
      const told = wake;
      next = arm();
      told();
    },
    next: () => next,
  };
}
