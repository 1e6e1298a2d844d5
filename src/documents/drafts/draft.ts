import type { ContentInput } from '../../document_types/shared/inputs.js';
import { type DocumentType, has } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { codePoint, undrawable } from '../../pages/fonts/drawable.js';
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
 * @throws Invalid if its total is below zero, or too large to be exact; by path what can't be printed
 */
export function toDraft(
  { recipients, project, lines, ...fields }: ContentInput,
  currency: string,
  type: DocumentType,
): Draft {
  refuseUndrawable({ lines, ...fields });
  const plain = has(type, 'choices') ? {} : ({ choice: '', picked: true } as const);
  const counted = lines.map((line) => ({ ...line, ...plain, refused: false }));
  const content = withTotals({ ...fields, currency, lines: counted });
  if (![content.total, ...content.lines.map(({ amount }) => amount)].every(Number.isSafeInteger) || content.total < 0)
    throw new Invalid({ form: 'The total must be a positive amount.' });
  const own = type.startedBy === 'partner';
  return { content, recipient_ids: own ? null : recipients, project_id: own ? undefined : project };
}

/** @throws Invalid for each text with characters that no font of ours draws */
function refuseUndrawable({
  title,
  reference,
  note,
  terms,
  lines,
}: Omit<ContentInput, 'recipients' | 'project'>): void {
  const texts = {
    ...{ title, reference, note, terms },
    ...Object.fromEntries(
      lines.flatMap(({ description, group_name, unit }, n) => [
        [`lines.${n}.description`, `${group_name} ${description}`],
        [`lines.${n}.unit`, unit],
      ]),
    ),
  };
  const missing = new Set(undrawable(Object.values(texts).join(' ')));
  if (!missing.size) return;
  const wrong = Object.entries(texts).filter(([, text]) => undrawable(text).length);
  const characters = [...missing].slice(0, 10).map((one) => `${one} (${codePoint(one)})`);
  throw new Invalid(Object.fromEntries(wrong.map(([path]) => [`content.${path}`, CANNOT_PRINT])), {
    characters: characters.join(', '),
  });
}

const CANNOT_PRINT = 'These characters can’t be printed: {{characters}}. Use others.';
