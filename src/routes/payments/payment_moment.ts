import { typeNamed } from '../../document_types/index.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { methodLabel } from '../../input/payment_methods.js';
import type { Moment, Receipt } from '../../pages/views/components.js';
import { methodTitle } from '../../payments/methods/stored_methods.js';
import type { PaymentPage } from './payment_queries.js';

/** How a payment is shown: as its receipt; whether its reader made it; where to look again while it is under way. */
interface Shown {
  receipt: Receipt;
  mine: boolean;
  again: string | null;
}

/** What came of a payment that arrived, is on its way, or is under way; null for any other. */
export function paymentMoment(payment: PaymentPage, shown: Shown, i18n: I18n): Moment | null {
  const { receipt, again } = shown;
  const common = { kicker: receipt.title, facts: factsOf(payment, shown, i18n).join(' · '), again };
  if (again) return { ...common, ...working(shown, i18n) };
  if (payment.state === 'processing') {
    const facts = [receipt.amount, ...factsOf(payment, shown, i18n)].join(' · ');
    return { ...common, facts, ...onItsWay(payment, shown, i18n) };
  }
  if (payment.state === 'succeeded') return { ...common, ...arrived(payment, shown, i18n) };
  return null;
}

type Said = Pick<Moment, 'seal' | 'title' | 'steps' | 'text'>;

const working = ({ receipt: { amount } }: Shown, { t }: I18n): Said => ({
  seal: 'working',
  title: t('Processing {{amount}}', { amount }),
  steps: [],
  text: t('You won’t be charged twice. You can close this page; we’ll email your receipt.'),
});

function arrived({ payer }: PaymentPage, { receipt, mine }: Shown, { t }: I18n): Said {
  const { amount } = receipt;
  return {
    seal: 'good',
    title: mine
      ? t('You paid {{amount}}', { amount })
      : t('{{name}} paid {{amount}}', { name: payer ?? receipt.payer.name, amount }),
    steps: [],
    text: mine ? t('We’ve emailed you the receipt.') : null,
  };
}

function onItsWay({ kind, method }: PaymentPage, { receipt, mine }: Shown, { t }: I18n): Said {
  const title = mine ? t('Your payment is on its way') : t('This payment is on its way');
  const ours = typeNamed(kind).owes === 'receivable';
  const arrival = ours ? t('The receipt comes by email once it arrives.') : null;
  if (!ours || method !== 'bank_debit') return { seal: 'waiting', title, steps: [], text: arrival };
  const steps: Moment['steps'] = [
    { state: 'done', title: t('The payment was authorized'), text: t('Nothing else to do.') },
    { state: 'now', title: t('The bank transfers it'), text: t('Takes 3–5 business days.') },
    { state: 'later', title: t('{{name}} receives it', { name: receipt.payee.name }), text: arrival ?? '' },
  ];
  return { seal: 'waiting', title, steps, text: null };
}

/** When, how, and by whom, where the title doesn't say it. */
function factsOf({ paid_on, day, method, stored, payer }: PaymentPage, { mine }: Shown, { t, format }: I18n): string[] {
  const how = stored ? methodTitle(stored, t) : methodLabel(method, t);
  return [format.date(paid_on ?? day), how, ...(payer && mine ? [payer] : [])];
}
