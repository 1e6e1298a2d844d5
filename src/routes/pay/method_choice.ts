import type { I18n } from '../../documents/queries/sheet.js';
import { methodNamed } from '../../input/payment_methods.js';
import type { Choice } from '../../pages/views/components.js';
import { offeredMethods } from '../../payments/methods/offered_methods.js';
import { storedMethodItem, type StoredMethodRow, usableMethods } from '../../payments/methods/stored_methods.js';
import type { PayableDocument } from './payable_queries.js';

/**
 * How documents can be paid at once, as far as all of them allow it: with what is stored, the default first, or with
 * another card or account.
 */
export function methodChoices(
  documents: readonly PayableDocument[],
  gateway: string | null,
  stored: readonly StoredMethodRow[],
  { t, format }: I18n,
): Choice[] {
  const offered = offeredMethods(documents.map(({ currency, methods }) => ({ gateway, currency, methods })));
  const usable = usableMethods(stored, offered).map((row) => storedMethodItem(row, t, format));
  const others = offered.map((name) => {
    const { label, another, explains } = methodNamed(name);
    const known = usable.some(({ method }) => method === name);
    return { value: name, label: t(known ? another : label), hint: t(explains) };
  });
  return [...usable.map(({ id, title, text }) => ({ value: id, label: title, hint: text })), ...others];
}
