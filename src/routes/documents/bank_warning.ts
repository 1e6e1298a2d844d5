import type { Actor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';

/** For so many days after a change of bank details staff who pay are warned. */
const CHANGE_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * What staff should know before they pay this: that the partner's bank details are other ones since a few days, or that
 * a message asks for such. Each a sentence; none for partners, and on what is not paid to them.
 */
export function bankWarnings(page: DocumentPage, actor: Actor, { t, format }: I18n, now = new Date()): string[] {
  if (actor.side !== 'staff' || typeNamed(page.type).owes !== 'payable') return [];
  const since = new Date(now.getTime() - CHANGE_DAYS * DAY_MS).toISOString();
  const recent = page.bank_notices.filter(
    ({ action, created_at }) => action === 'ask_bank_change' || new Date(created_at).toISOString() > since,
  );
  const values = (notice: DocumentPage['bank_notices'][number]) => ({
    name: notice.actor ?? '',
    partner: page.to_party?.name ?? '',
    date: format.date(format.today(new Date(notice.created_at))),
  });
  const changed = recent.find(({ action }) => action !== 'ask_bank_change');
  const asked = recent.find(({ action }) => action === 'ask_bank_change');
  return [
    ...(changed ? [t('{{name}} changed the bank details of {{partner}} on {{date}}.', values(changed))] : []),
    ...(asked ? [t('A message from {{name}} on {{date}} asks for other bank details.', values(asked))] : []),
  ];
}
