/** One line of JSON. */
export interface Figure {
  figure: string;
  value: number;
  unit: string;
  /** Figures that are alike: the table has one line for them. */
  group?: string;
  /** What a ratio compares with. */
  against?: string;
  /** The processor time of one page, message or act, in ms. */
  node_ms?: number;
  postgres_ms?: number;
  /** What else was counted. */
  [detail: string]: number | string | undefined;
}

/** Prints a figure on standard output. */
export function print(figure: Figure): void {
  const rounded = Object.entries(figure).map(([name, value]) => [
    name,
    typeof value === 'number' ? shortened(value) : value,
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}

const shortened = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));

/** The value below which a share of all values lies, 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/**
 * Runs two kinds of work in turns, each time changing which goes first, so that what else the machine does strikes
 * both alike. Returns what each turn gave.
 */
export async function inTurns<T>(
  turns: number,
  ours: () => Promise<T>,
  bare: () => Promise<T>,
): Promise<{ ours: T; bare: T }[]> {
  const results: { ours: T; bare: T }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const early = turn % 2 ? await bare() : await ours();
    const late = turn % 2 ? await ours() : await bare();
    results.push(turn % 2 ? { ours: late, bare: early } : { ours: early, bare: late });
  }
  return results;
}
