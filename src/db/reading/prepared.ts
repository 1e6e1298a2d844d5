const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

// Prepared on another connection; prepared here by somebody else.
const LOST_BY_POOLER = new Set(['26000', '42P05']);
// Prepared before a column was added to its table.
const OUTDATED = '0A000';

/** Whether a pooler in between has given a statement's connection to somebody else. */
export const isLostByPooler = (error: unknown) => LOST_BY_POOLER.has(codeOf(error));

/** Whether a query failed for nothing but being prepared: sent with its text, it works. */
export const isLostStatement = (error: unknown) => isLostByPooler(error) || codeOf(error) === OUTDATED;

const unprepared = new WeakSet<object>();

/** Whether the queries of a pool are prepared by name, or else sent with their text. */
export const isPreparing = (pool: object) => !unprepared.has(pool);

/** For all queries of a pool from now on: behind a pooler that loses prepared statements. */
export function stopPreparing(pool: object): void {
  unprepared.add(pool);
}
