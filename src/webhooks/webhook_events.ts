/** What webhooks tell of, as the SQL function webhook_event() names it from an action. */
export const EVENTS = [
  ['sent', 'Sent'],
  ['submitted', 'Submitted by a vendor'],
  ['revised', 'Revised'],
  ['viewed', 'Viewed'],
  ['accepted', 'Accepted'],
  ['changes_requested', 'Changes requested'],
  ['declined', 'Declined'],
  ['approved', 'Approved'],
  ['expired', 'Expired'],
  ['canceled', 'Voided, canceled or withdrawn'],
  ['paid', 'Payment received or made'],
  ['payment_failed', 'Payment failed or reversed'],
  ['refunded', 'Refunded'],
  ['reminded', 'Reminder sent'],
  ['commented', 'New message'],
  ['changed', 'Any other change'],
] as const;

/** Those that are ticked to begin with: what other programs act on. */
export const USUAL_EVENTS: ReadonlySet<string> = new Set(['sent', 'accepted', 'declined', 'paid', 'commented']);
