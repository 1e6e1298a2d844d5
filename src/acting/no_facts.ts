/** What no action of a subject without content, dates and money depends on. */
export const NO_FACTS = {
  ...{
    due_on: null,
    sent_on: null,
    reminded_on: null,
    reminders: 0,
    reminder_days: [],
    promised_on: null,
    disputed_on: null,
  },
  ...{ open: 0, credit: 0, left: 0, online: false, paying: false, partial_payments: false },
  ...{ signature_required: false, reference_required: false, changes_proposed: false },
  ...{ version: 0, sha256: '', seen: '', started_by: 'staff' as const },
};
