import { causeSentence, chargeSentence } from '../../activity/charging_facts.js';
import type { Actor } from '../../db/scope.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';

/** "We’ll charge Visa ending in 4242 on December 4, 2026: $120.00. Nothing to do."; null: nothing is to be said. */
export function chargeView({ charge, open, paying, currency }: DocumentPage, actor: Actor, i18n: I18n): string | null {
  if (!charge || open <= 0 || paying || actor.guest) return null;
  const staff = actor.side === 'staff';
  if (charge.state === 'scheduled') return chargeSentence(charge, { open, currency }, staff, i18n);
  if (!charge.cause) return null;
  const why = causeSentence(charge.cause, charge.max_amount, currency, i18n);
  return i18n.t('This invoice won’t be charged automatically. {{why}}', { why });
}
