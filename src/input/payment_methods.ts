/** The payment methods that a partner can choose from. */
export const METHODS: Record<string, PaymentMethod> = {
  card: { label: 'Card', explains: 'Charged right away.', add: 'Add a card', another: 'Another card' },
  bank_debit: {
    label: 'Bank debit',
    explains: 'Takes 3–5 business days.',
    add: 'Add a bank account',
    another: 'Another bank account',
  },
};

/** How a payment run pays. */
export const TRANSFER = 'transfer';
interface PaymentMethod {
  label: string;
  explains: string;
  /** The button that stores one. */
  add: string;
  /** Its label beside those that are stored. */
  another: string;
}

/** One that there is. @throws Error */
export function methodNamed(name: string): PaymentMethod {
  const method = METHODS[name];
  if (!method) throw new Error(`There is no payment method ${name}.`);
  return method;
}

/** How a payment was made, in words: those that staff typed are their own. */
export const methodLabel = (method: string, t: (label: string) => string): string => {
  if (method === TRANSFER) return t('Transfer');
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  return known ? t(known.label) : method;
};
