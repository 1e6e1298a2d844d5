/** A part of a bar: minor units, and as text. */
interface Part {
  value: number;
  label: string;
  text: string;
}

interface Bar {
  /** The outline: all of it. */
  max: number;
  solid: Part;
  /** With the solid part in it. */
  hatched: Part;
  rest: Part | null;
  /** All of it, for who doesn't see it. */
  sentence: string;
}

/** A bar with an outline, a hatched and a solid part; widths in percent. */
export interface BarView {
  /** Names its pattern on the page. */
  id: string;
  solid: number;
  hatched: number;
  sentence: string;
  legend: { part: 'solid' | 'hatched' | 'rest'; label: string; text: string }[];
}

/** Where a part is more than all, all of the bar is as long as that part. */
export function barView(id: string, { max, solid, hatched, rest, sentence }: Bar): BarView {
  const all = Math.max(max, solid.value, hatched.value, 1);
  const share = (value: number) => Math.round((Math.max(0, value) / all) * 1000) / 10;
  return {
    ...{ id, sentence, solid: share(solid.value), hatched: share(Math.max(hatched.value, solid.value)) },
    legend: [
      { part: 'solid', label: solid.label, text: solid.text },
      { part: 'hatched', label: hatched.label, text: hatched.text },
      ...(rest ? [{ part: 'rest' as const, label: rest.label, text: rest.text }] : []),
    ],
  };
}
