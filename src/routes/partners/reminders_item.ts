import type { Actor } from '../../db/scope.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';
import type { PartnerRow } from './partner_queries.js';

/** Whether a customer is reminded of payments, and what late payment costs: views/partners/reminders.ejs. */
export interface RemindersItem {
  label: string;
  late_charges: string;
  /** Null for whom may not change them. */
  late_charges_url: string | null;
  /** What the button does; null for whom may not. */
  change: { action: string; label: string; stop: 'yes' | 'no' } | null;
}

const LATE_CHARGES = { '': 'As for all customers', own: 'Own terms', none: 'None' } as const;

/** Null for a vendor. */
export function remindersItem(partner: PartnerRow, url: string, actor: Actor): RemindersItem | null {
  const { t, format } = i18nOf(actor);
  const { is_customer, reminders_stopped_at: at, reminders_stopped_by: by } = partner;
  if (!is_customer) return null;
  const action = `${url}/reminders`;
  const changes = isOffered(actor, { permits: 'invoicing' });
  const charges = {
    late_charges: t(LATE_CHARGES[partner.late_charges ?? '']),
    late_charges_url: changes ? `${url}/late-charges` : null,
  };
  const stops = { action, label: t('Stop reminders'), stop: 'yes' as const };
  if (!at) return { ...charges, label: t('Sent'), change: changes ? stops : null };
  return {
    ...charges,
    label: t('Stopped by {{name}}, {{date}}', { name: by ?? t('Someone'), date: format.when(at).text }),
    change: changes ? { action, label: t('Send reminders again'), stop: 'no' } : null,
  };
}
