import type { Values } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';

/** Why something was decided about a message, as it is stored. */
export interface StoredReason {
  /** In English, or as somebody typed it. */
  reason: string;
  /** What it is translated by; '' if it is as somebody typed it. */
  reason_sentence: string;
  reason_values: Values;
}

/** The reason in the reader's language. */
export function reasonText({ reason, reason_sentence, reason_values }: StoredReason, t: Translate): string {
  if (!reason_sentence) return t(reason);
  const values = Object.entries(reason_values).map(([name, value]) => [
    name,
    typeof value === 'object' ? t(value.text) : value,
  ]);
  return t(reason_sentence, Object.fromEntries(values));
}
