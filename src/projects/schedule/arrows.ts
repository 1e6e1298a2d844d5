import type { Dependency } from './scheduled_task.js';

/** Where a task's bar is drawn: its edges and its middle. */
export interface Place {
  start: number;
  end: number;
  middle: number;
}

/** Paths from the end of each task to the start of what waits for it; only between bars that are drawn. */
export const arrowsBetween = (waits: readonly Dependency[], places: ReadonlyMap<string, Place>): string[] =>
  waits.flatMap(({ task_id, after_id }) => {
    const [from, to] = [places.get(after_id), places.get(task_id)];
    return from && to ? [arrow(from, to)] : [];
  });

function arrow(from: Place, to: Place): string {
  const down = to.middle > from.middle;
  const tip = to.middle + (down ? -8 : 8);
  const into = to.start + 4.5;
  if (into >= from.end + 2) return `M${from.end} ${from.middle}H${into}V${tip}`;
  // It begins before the other ends: around both bars.
  const between = from.middle + (down ? 16 : -16);
  return `M${from.end} ${from.middle}h5V${between}H${into}V${tip}`;
}
