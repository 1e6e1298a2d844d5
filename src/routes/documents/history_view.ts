import { sentence } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { typeNamed } from '../../document_types/index.js';
import { METHODS } from '../../payments/payments.js';

/** What happened, to this reader; what was said stands in the conversation instead. */
export function timelineView(page: DocumentPage, actor: Actor, { t, format }: I18n) {
  const { type, number, currency } = page;
  const joined = page.activities.findIndex(
    ({ action, details }) => action === 'forward' && details['person_id'] === actor.person_id,
  );
  return page.activities.flatMap((activity, index) => {
    // What was said stands in the conversation, what is billed beside the sheet.
    if (activity.action === 'comment' || activity.action === 'count') return [];
    // What went out before somebody forwarded the document to this reader was not sent to them.
    const to = actor.side === 'staff' || index < joined ? (page.to_party?.name ?? t('vendors')) : null;
    const { reason } = activity.details;
    const detail = typeof reason !== 'string' ? null : activity.action === 'failed' ? t(reason) : reason;
    const told = { ...activity, type, number, currency, to, here: true, reader: actor.person_id };
    return [{ sentence: sentence(told, t, format), at: new Date(activity.created_at), detail }];
  });
}

/**
 * What was paid, and what is not owed any more without having been paid; minor units. And, while a payment is under
 * way, how much of it.
 */
export function settlementsView(
  { type, number, total, open, currency, payments, activities }: DocumentPage,
  { t, format }: I18n,
) {
  const sum = (state: string) =>
    payments.filter((payment) => payment.state === state).reduce((all, { amount }) => all + amount, 0);
  const paid = sum('succeeded');
  const coming = sum('processing');
  const { owes } = typeNamed(type);
  const credits = activities.filter(({ action }) => action === 'apply_credit' || action === 'credit');
  const applied = credits.reduce((all, { details }) => all + Number(details['amount'] ?? 0), 0);
  // A bill is owed from its approval on; what never was owed was not given up either.
  const dropped =
    number && (owes === 'receivable' || owes === 'credit')
      ? Math.max(0, total - paid - applied - Math.max(0, open))
      : 0;
  return {
    paid,
    applied,
    dropped,
    dropped_label: owes === 'credit' ? t('Used') : t('No longer due'),
    ...(coming ? { move: t('A payment of {{amount}} is on its way', { amount: format.money(coming, currency) }) } : {}),
  };
}

const DAYS_A_SETBACK_IS_NEWS = 3;

/** The last payment, if it failed a short while ago and is still owed. */
export function setbackView(
  { payments, open, paying, currency }: DocumentPage,
  { side, now = new Date() }: Actor,
  { t, format }: I18n,
) {
  const last = payments.at(-1);
  if (last?.state !== 'failed' || open <= 0 || paying) return null;
  if (now.getTime() - Date.parse(last.created_at) > DAYS_A_SETBACK_IS_NEWS * 86_400_000) return null;
  const what = t('The payment of {{amount}} did not go through', { amount: format.money(last.amount, currency) });
  return {
    what,
    why: last.failure ? t(last.failure) : null,
    next: side === 'partner' ? t('Nothing was paid. You can try again, or in another way.') : null,
  };
}

const PAYMENT_STATES: Record<string, [string, string]> = {
  processing: ['On its way', 'waiting'],
  succeeded: ['Received', 'good'],
  failed: ['Did not go through', 'late'],
};

export function paymentView(
  { amount, method, state, failure, created_at }: DocumentPage['payments'][number],
  { t }: I18n,
) {
  const [label = state, tone = 'quiet'] = PAYMENT_STATES[state] ?? [];
  return {
    label: { text: t(METHODS[method]?.label ?? method), sub: failure ? t(failure) : null },
    amount,
    state_label: t(label),
    tone,
    at: new Date(created_at),
  };
}

const DELIVERY_STATES: Record<string, [string, string]> = {
  queued: ['Waiting to be sent', 'quiet'],
  accepted: ['Sent', 'waiting'],
  delivered: ['Delivered', 'good'],
  bounced: ['Came back', 'late'],
  failed: ['Could not be sent', 'late'],
  skipped: ['Not sent', 'quiet'],
};

/** The last email to one reader: what became of it, and when they had first looked at the document. */
export function deliveryView(
  { name, email, state, detail, created_at, viewed_at }: DocumentPage['deliveries'][number],
  { t, format }: I18n,
) {
  const [label = state, tone = 'quiet'] = DELIVERY_STATES[state] ?? [];
  const looked = viewed_at && t('Opened {{when}}', { when: format.dateTime(new Date(viewed_at)) });
  // Why an email was not sent is our own sentence; why it came back is another server's.
  const words = state === 'skipped' ? t(detail) : ['bounced', 'failed'].includes(state) ? detail : (looked ?? '');
  return { name, email, state, state_label: t(label), tone, detail: words, at: new Date(created_at) };
}
