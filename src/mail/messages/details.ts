import { sentence } from '../../activity/sentence.js';
import { changesIn, type DescribedDifference, describeDifferences } from '../../activity/difference.js';
import { paymentFacts } from '../../activity/payment_facts.js';
import { subscriptionFacts } from '../../activity/subscription_facts.js';
import { has, typeNamed } from '../../document_types/index.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import { meetingDetails } from '../invitations/meeting_text.js';
import { chargeDetails, mandateDetails } from './charging_details.js';
import { taskDetails } from './projects/task_email.js';
import type { EmailedDocument, EventEmail } from './event_email.js';

/** A line below an email's headline: a label with its old and new values, or a sentence on its own. */
export interface Detail {
  label?: string;
  before?: string;
  after?: string;
  text?: string;
  /** Where its label leads. */
  url?: string;
}

/** The page shows the rest. */
const MAX_DETAILS = 12;

/** The details of an event, such as the differences between a bill and its order, and the events merged into it. */
export function eventDetails(eventEmail: EventEmail, t: Translate, format: Format): Detail[] {
  const details = detailsOf(eventEmail, t, format);
  return [...withMore(details.slice(0, MAX_DETAILS), details.length, t), ...mergedEvents(eventEmail, t, format)];
}

const withMore = (shown: Detail[], total: number, t: Translate): Detail[] =>
  total > shown.length ? [...shown, { text: t('and {{count}} more', { count: total - shown.length }) }] : shown;

/** The earlier events whose emails were merged into this one. */
function mergedEvents(
  { merged: { count, last }, subject, document, reader, partner }: EventEmail,
  t: Translate,
  format: Format,
): Detail[] {
  if (count === 0) return [];
  const { type, number } = subject;
  const currency = document?.currency ?? null;
  const context = { type, number, currency, to: reader.partner_id ? null : partner, reader: reader.id };
  const sentences = last.map((event) => ({ text: sentence({ ...context, ...event }, t, format) }));
  return [{ text: t('Before that, in short: {{count}} more', { count }) }, ...withMore(sentences, count, t)];
}

function detailsOf(event: EventEmail, t: Translate, format: Format): Detail[] {
  const { activity, document, reader } = event;
  if (event.task) return taskDetails(event, t, format);
  if (event.meeting) return meetingDetails(event, t, format);
  if (!document) return [...subscriptionFacts(activity.details, { t, format }), ...mandateDetails(event, t, format)];
  const charged = chargeDetails(event, document, t, format);
  if (charged.length && activity.action !== 'revise') return charged;
  const { action, details } = activity;
  const { type, currency, differences, proposed } = document;
  const changes = (all: DescribedDifference[]) => all.map((one) => changeDetail(one, currency, t, format));
  const { actions, answers } = typeNamed(type);
  const { effect } = actions[action] ?? {};
  if (effect === 'match') return changes(describeDifferences(differences ?? [], 'billed', currency, { t, format }));
  const revised = changesIn(details);
  if (revised)
    return [...describeDifferences(revised, 'versions', currency, { t, format }).map(revisedDetail), ...charged];
  if (action === 'propose') return changes(describeDifferences(proposed ?? [], 'proposed', currency, { t, format }));
  const paid = paymentFacts(details, currency, { t, format });
  if (paid.length)
    return [...vendorsNumber(document, reader, t), ...paid].map(({ label, value }) => ({ label, after: value }));
  if (effect === 'order') return awardedLines(details['chosen'], t);
  return answers && action === 'decline' ? [{ text: t('We hope to ask you again.') }] : [];
}

/** What the vendor knows the bill by. */
const vendorsNumber = (
  { type, reference }: EmailedDocument,
  { partner_id }: EventEmail['reader'],
  t: Translate,
): { label: string; value: string }[] =>
  has(typeNamed(type), 'their_number') && reference
    ? [{ label: t(partner_id ? 'Your invoice number' : 'Vendor’s number'), value: reference }]
    : [];

/** The line comes before what of it changed: "Oak desk: price". */
const revisedDetail = ({ what, field, before, after }: DescribedDifference): Detail => ({
  label: [what, field].filter(Boolean).join(': '),
  before: before ?? '–',
  after: after ?? '–',
});

function changeDetail(
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

function awardedLines(chosen: unknown, t: Translate): Detail[] {
  const lines = Array.isArray(chosen) ? chosen.filter((line) => typeof line === 'string') : [];
  return [
    ...lines.map((label) => ({ label, text: t('chosen') })),
    { text: t('Thank you for your proposal. The order follows by email.') },
  ];
}
