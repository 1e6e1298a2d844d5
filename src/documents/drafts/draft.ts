import type { ContentInput } from '../../document_types/shared/inputs.js';
import { type DocumentType, has } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { type ContentWithTotals, withTotals } from '../content/content.js';

/** What a draft holds. */
export interface Draft {
  content: ContentWithTotals;
  /** Ids of contacts, not checked yet; null: unchanged. */
  recipient_ids: string[] | null;
  /** Not checked yet; null: none; undefined: unchanged. */
  project_id: string | null | undefined;
}

/**
 * The draft of an author's input. A partner's own document has no recipients or project of their choosing; only types
 * with choices have lines that may not count.
 * @throws Invalid if its total is below zero, or too large to be exact
 */
export function toDraft(
  { recipients, project, lines, ...fields }: ContentInput,
  currency: string,
  type: DocumentType,
): Draft {
  const plain = has(type, 'choices') ? {} : ({ choice: '', picked: true } as const);
  const counted = lines.map((line) => ({ ...line, ...plain, refused: false }));
  const content = withTotals({ ...fields, currency, lines: counted });
  if (![content.total, ...content.lines.map(({ amount }) => amount)].every(Number.isSafeInteger) || content.total < 0)
    throw new Invalid({ form: 'The total must be a positive amount.' });
  const own = type.startedBy === 'partner';
  return { content, recipient_ids: own ? null : recipients, project_id: own ? undefined : project };
}
