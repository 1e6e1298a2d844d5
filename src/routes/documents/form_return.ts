import type { Change } from '../../documents/acting/stale.js';

/**
 * What a form brought back: which action it was, what was typed, what was wrong, and, after a 409, what had changed.
 */
export interface Returned {
  action: string;
  input: Record<string, unknown>;
  errors: Record<string, string>;
  changes: Change[] | null;
}
