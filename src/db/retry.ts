// 40P01: deadlock detected; 40001: serialization failure; 26000, 42P05, 0A000: a prepared statement that does not fit
// (see scope.ts; from then on they are sent whole). All undo the whole transaction, so that it can be begun anew.
const UNDONE = new Set(['40P01', '40001', '26000', '42P05', '0A000']);
const TRIES = 4;

/** Does the work; again, a few times, if the database undid it for a reason that passes. Other errors pass. */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const undone = error instanceof Error && 'code' in error && UNDONE.has(String(error.code));
      if (!undone || attempt >= TRIES) throw error;
    }
  }
}
