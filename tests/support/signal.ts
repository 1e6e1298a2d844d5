/** Something that happens again and again: `next` waits for the next time. */
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
      const waiting = wake;
      next = arm();
      waiting();
    },
    next: () => next,
  };
}
