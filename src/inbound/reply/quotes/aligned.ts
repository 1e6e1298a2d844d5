/** More differences than this are not aligned: nobody answers with so many words inside a quote. */
const MAX_DIFFERENCES = 800;

/**
 * For each word of `written`, whether it is one of `sent`, in the order of both (Myers' greedy difference algorithm):
 * a word that was sent once and is written twice was added once. Null if too much differs.
 */
export function alignedWords(sent: readonly string[], written: readonly string[]): boolean[] | null {
  const trace = differences(sent, written);
  if (!trace) return null;
  const matched = written.map(() => false);
  let [x, y] = [sent.length, written.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d];
    if (!reach) break;
    const k = x - y;
    const down = k === -d || (k !== d && at(reach, d, k - 1) < at(reach, d, k + 1));
    const [fromX, fromK] = down ? [at(reach, d, k + 1), k + 1] : [at(reach, d, k - 1), k - 1];
    const [startX, startY] = d === 0 ? [0, 0] : down ? [fromX, fromX - k] : [fromX + 1, fromX + 1 - k];
    while (x > startX && y > startY) {
      matched[y - 1] = true;
      x -= 1;
      y -= 1;
    }
    [x, y] = [fromX, fromX - fromK];
  }
  return matched;
}

/** How far each diagonal reached before the d-th difference: index d holds the diagonals -d-1 to d+1. */
function differences(sent: readonly string[], written: readonly string[]): Int32Array[] | null {
  const trace: Int32Array[] = [];
  let reach = new Int32Array(3);
  for (let d = 0; d <= MAX_DIFFERENCES; d++) {
    trace.push(reach);
    const next = new Int32Array(2 * d + 5);
    for (let k = -d; k <= d; k += 2) {
      let x = d === 0 ? 0 : startOf(reach, d, k);
      let y = x - k;
      while (x < sent.length && y < written.length && sent[x] === written[y]) {
        x += 1;
        y += 1;
      }
      next[k + d + 2] = x;
      if (x >= sent.length && y >= written.length) return trace;
    }
    reach = next;
  }
  return null;
}

function startOf(reach: Int32Array, d: number, k: number): number {
  const down = k === -d || (k !== d && at(reach, d, k - 1) < at(reach, d, k + 1));
  return down ? at(reach, d, k + 1) : at(reach, d, k - 1) + 1;
}

const at = (reach: Int32Array, d: number, k: number) => reach[k + d + 1] ?? 0;
