// Each in time that grows with the length of the line alone: what repeats has a limit, or begins where nothing like it
// is before.
const MASKS: [RegExp, string][] = [
  // Name and password in an address, like smtp://user:password@host.
  [/:\/\/[^\s/"@]{1,200}@/g, '://•••@'],
  // Email addresses keep their domain; reply addresses hold a key.
  [/(?<![\w.+%-])([\w+%])[\w.+%-]{0,90}@(?=[\w-])/g, '$1•••@'],
  // Tokens, and their hashes. Ids have 36 characters.
  [/(?<![\w-])[\w-]{40,}/g, '…'],
  // Keys of Stripe.
  [/\b(sk|rk|whsec)_\w+/g, '$1_…'],
  // IBANs, also in groups.
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, '•••'],
  // The links that open something, whatever the length of what they hold.
  [/\/(in|link|unsubscribe|invitation|calendar)\/[\w.-]+/g, '/$1/…'],
];

/** A line of the log without what opens something, or where somebody can be reached. */
export const masked = (line: string): string =>
  MASKS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), line);
