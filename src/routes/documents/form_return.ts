import type { VersionDifference } from '../../documents/acting/stale.js';

/**
 * What a form brought back: which action it was, what was typed, what was wrong, and, after a 409, what had changed.
 */
export interface FormState {
  action: string;
  input: Record<string, unknown>;
  errors: Record<string, string>;
  changes: VersionDifference[] | null;
}
