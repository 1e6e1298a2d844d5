/** What the jobs of an organization do, in words; those of the installation are in the log alone. */
const WORDS: Readonly<Record<string, string>> = {
  send_email: 'Send an email',
  send_awaited_email: 'Send an email',
  make_small: 'Make a smaller copy of a picture',
  make_pdf: 'Make a PDF',
  seal_pdf: 'Seal a signed PDF',
  charge_stored: 'Charge a stored payment method',
  refund_payment: 'Refund a payment',
  forget_method: 'Remove a payment method from the payment provider',
  erase_person: 'Erase a person’s data',
  work_import: 'Import a table',
};

/** A job's task in words, to be translated. */
export const jobLabel = (task: unknown): string => WORDS[String(task)] ?? 'A background job';
