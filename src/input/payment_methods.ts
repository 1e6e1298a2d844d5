/** The payment methods that a partner can choose from. */
export const METHODS: Record<string, { label: string; explains: string }> = {
  card: { label: 'Card', explains: 'Paid at once.' },
  bank_debit: { label: 'Bank debit', explains: 'Takes a few days to arrive.' },
};

/** How a payment was made, in words: those that staff typed are their own. */
export const methodLabel = (method: string, t: (label: string) => string): string => {
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  return known ? t(known.label) : method;
};
