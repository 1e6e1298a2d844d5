/**
 * Variables that are probably meant for us and that we don't know: their names are nearly those of ours. Others belong
 * to other programs. Returns each with the setting that was probably meant.
 */
export function misspelt(given: readonly string[], known: readonly string[]): [name: string, meant: string][] {
  return given
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((setting) => isNearly(plain(name), plain(setting)));
      return meant ? [[name, meant] as [string, string]] : [];
    });
}

const plain = (name: string) => name.toUpperCase().replace(/[_-]/g, '');

/** Short names are near to many words: one slip at most. */
const isNearly = (name: string, setting: string) => {
  if (Math.min(name.length, setting.length) < 4) return false;
  return slips(name, setting) <= (setting.length > 7 ? 2 : 1);
};

/** How many letters are wrong, missing, added or swapped with the next (optimal string alignment). */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + same,
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
