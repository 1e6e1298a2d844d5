import { sentence } from '../../activity/sentence.js';
import { type DescribedDifference, describeDifferences, describeProposedChanges } from '../../activity/differences.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { EventEmail } from './event_email.js';

/**
 * A line of an email that says more than its headline: what, as it was and as it is, and some words; or a sentence
 * alone.
 */
export interface Detail {
  label?: string;
  before?: string;
  after?: string;
  text?: string;
}

/** More than a reader's email needs: the page has them all. */
const MOST = 12;

/**
 * What the event is about, line by line: how a bill differs from its order, what a vendor would rather have, which
 * lines were chosen.
 */
export function eventDetails(eventEmail: EventEmail, t: Translate, format: Format): Detail[] {
  const details = allOf(eventEmail, t, format);
  const more = details.length - MOST;
  const shown = more > 0 ? [...details.slice(0, MOST), { text: t('and {{count}} more', { count: more }) }] : details;
  return [...shown, ...togetherOf(eventEmail, t, format)];
}

/** What happened before and was not told of by itself. */
function togetherOf(
  { together: { count, last }, document, reader, partner }: EventEmail,
  t: Translate,
  format: Format,
): Detail[] {
  if (count === 0) return [];
  const { type, number, currency } = document;
  const told = { type, number, currency, to: reader.partner_id ? null : partner, reader: reader.id };
  const more = count - last.length;
  return [
    { text: t('Before that, in short: {{count}} more', { count }) },
    ...last.map((event) => ({ text: sentence({ ...told, ...event }, t, format) })),
    ...(more > 0 ? [{ text: t('and {{count}} more', { count: more }) }] : []),
  ];
}

function allOf({ activity, document }: EventEmail, t: Translate, format: Format): Detail[] {
  const { action, details } = activity;
  const { type, currency, differences, proposed } = document;
  if (type === 'bill' && (action === 'submit' || action === 'resubmit'))
    return describeDifferences(differences ?? [], currency, { t, format }).map((one) =>
      detail(one, currency, t, format),
    );
  if (action === 'propose')
    return describeProposedChanges(proposed?.lines ?? [], currency, { t, format }).map((one) =>
      detail(one, currency, t, format),
    );
  if (type === 'proposal' && action === 'award') return awarded(details['chosen'], t);
  return type === 'proposal' && action === 'decline' ? [{ text: t('We hope to ask you again.') }] : [];
}

function detail(
  { what, field, before, after, amount }: DescribedDifference,
  currency: string,
  t: Translate,
  format: Format,
): Detail {
  const by = amount
    ? t(amount > 0 ? '{{amount}} more' : '{{amount}} less', { amount: format.money(Math.abs(amount), currency) })
    : null;
  const text = [field, by].filter(Boolean).join(', ');
  return { label: what, text, ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
}

function awarded(chosen: unknown, t: Translate): Detail[] {
  const lines = Array.isArray(chosen) ? chosen.filter((line) => typeof line === 'string') : [];
  return [
    ...lines.map((label) => ({ label, text: t('chosen') })),
    { text: t('Thank you for your proposal. The order follows by email.') },
  ];
}
