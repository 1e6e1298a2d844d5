import { methodNamed } from '../../input/payment_methods.js';
import type { DialogForm } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import {
  type StoredMethodItem,
  storedMethodItem,
  type StoredMethodRow,
} from '../../payments/methods/stored_methods.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';

/** What a partner has stored, with what can be done about it. */
interface PaymentMethodsInput {
  title: string;
  text: string;
  methods: ListedMethod[];
  /** Where a further one is begun; it posts method. */
  action: string;
  /** What can be added: the form's value and its button's label. */
  adds: { value: string; label: string }[];
}

interface ListedMethod extends StoredMethodItem {
  stored: string;
  /** Null for the default, and for an expired card. */
  default_url: string | null;
  remove: DialogForm;
}

export const paymentMethodsView = defineView<PaymentMethodsInput>('payment_methods/list');

export function paymentMethodList(
  { actor, membership }: RequestContext,
  stored: readonly StoredMethodRow[],
  offered: readonly string[],
): PaymentMethodsInput {
  const { t, format } = i18nOf(actor);
  const url = `/${membership.slug}/payment-methods`;
  const partner = membership.partner ?? '';
  return {
    title: t('Payment methods'),
    text: t('Saved for {{partner}}. Anyone there who can pay {{organization}} can use them.', {
      partner,
      organization: membership.organization,
    }),
    action: url,
    adds: offered.map((value) => ({ value, label: t(methodNamed(value).add) })),
    methods: stored.map((row) => {
      const { id, is_default, expired, stored_by: name, created_at } = row;
      return {
        ...storedMethodItem(row, t, format),
        stored: t('Added by {{name}}, {{date}}', { name, date: format.when(created_at).text }),
        default_url: is_default || expired ? null : `${url}/${id}/default`,
        remove: { action: `${url}/${id}/remove`, fields: [], button: t('Remove'), style: 'danger' as const },
      };
    }),
  };
}
