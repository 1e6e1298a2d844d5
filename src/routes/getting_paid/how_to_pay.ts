import { typeNamed } from '../../document_types/index.js';
import { paymentNow } from '../../documents/queries/payment_instructions.js';
import { shownAddress } from '../../input/email_address.js';
import type { Link } from '../../pages/views/components.js';
import { isOffered } from '../../subjects/may.js';
import type { DocumentContext } from '../documents/action_views.js';

/** Said above a document that nobody can pay. */
export interface HowToPay {
  title: string;
  text: string;
  link: Link | null;
}

/** Null where the document is not to be paid, or says how. */
export function howToPay({ page, actor, slug, i18n: { t } }: DocumentContext): HowToPay | null {
  const { type, snapshot, open, paying, online, currency, from_party } = page;
  const owed = typeNamed(type).owes === 'receivable' && snapshot !== null && open > 0 && !paying;
  if (!owed || online || paymentNow(page, t)) return null;
  const { name, email } = from_party;
  if (!isOffered(actor, 'desk'))
    return {
      title: t('Where to pay'),
      text: t('Ask {{name}} where to send the payment.', { name }),
      link: email ? { href: `mailto:${email}`, label: shownAddress(email) } : null,
    };
  const page_url = `/${slug}/settings/organization/getting-paid`;
  return {
    title: t('Your customer can’t see how to pay'),
    text: t('There is no bank account for {{currency}}, and online payment is off.', { currency }),
    link: isOffered(actor, 'administration') ? { href: page_url, label: t('Add a bank account') } : null,
  };
}
