import {
  causeSentence,
  chargedMethod,
  chargeSentence,
  failedChargeIn,
  mandateIn,
  mandateLines,
} from '../../activity/charging_facts.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { Detail } from './details.js';
import type { EmailedDocument, EventEmail } from './event_email.js';

type Event = Pick<EventEmail, 'activity' | 'reader' | 'partner'>;

const ENDED = {
  asked: '{{method}} won’t be charged any more.',
  removed: '{{method}} was removed.',
  expired: '{{method}} has expired.',
} as const;

/** What an email says of automatic payment: what was agreed, or that it has ended. */
export function mandateDetails({ activity, reader }: Event, t: Translate, format: Format): Detail[] {
  const event = mandateIn(activity.details);
  if (!event) return [];
  const { mandate, ended, numbers } = event;
  const lines = mandateLines(mandate, { t, format }).map(([label, after]) => ({ label, after }));
  if (!ended) return [...lines, { text: mandate.words }];
  const left = reader.partner_id ? t('Please pay by hand') : t('To be paid by hand');
  return [
    { text: t(ENDED[ended], { method: chargedMethod(mandate, t) }) },
    ...(numbers.length ? [{ label: left, after: format.list(numbers) }] : []),
  ];
}

/** What an invoice's email says of its automatic payment: when it is charged, that this failed, or that it is not. */
export function chargeDetails(event: Event, document: EmailedDocument, t: Translate, format: Format): Detail[] {
  const { activity, reader, partner } = event;
  const { action, details } = activity;
  const staff = !reader.partner_id;
  const { charge, currency } = document;
  if (reader.guest) return [];
  if ((action === 'send' || action === 'revise') && charge)
    return [{ text: chargeSentence(charge, document, staff, { t, format }) }];
  const { cause, limit } = details;
  if (action === 'stop_charge' && typeof cause === 'string')
    return [{ text: causeSentence(cause, Number(limit), currency, { t, format }) }];
  const failed = failedChargeIn(details);
  if (!failed) return [];
  const given_up = staff
    ? t('It won’t be tried again. {{partner}} was asked to pay it.', { partner: partner ?? '' })
    : t('We won’t try again. Please pay this invoice.');
  return [
    { label: t('Payment method'), after: chargedMethod(failed, t) },
    failed.next_on ? { label: t('Next try'), after: format.date(failed.next_on) } : { text: given_up },
  ];
}
