import type { Lifecycle, SubjectAction } from '../document_types/index.js';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';
import { jobLabel } from '../subjects/job_words.js';
import { lifecycleOf } from '../subjects/lifecycles.js';
import { MODULES } from '../subjects/modules.js';

import { isAmong } from './named.js';
import { togetherIn } from './payment_facts.js';
import type { Activity } from './record.js';

/** An activity with its subject's kind (`type`), number and currency, and its author's name. */
interface SentenceInput extends Pick<Activity, 'action' | 'details'> {
  type: string | null;
  number: string | null;
  currency: string | null;
  actor: string | null;
  /** The partner's name, for staff; null for the partner, who reads "you". */
  to: string | null;
  /** On the subject's own page it is "this invoice", without its number. */
  here?: boolean;
  /** The reader's person id: a document forwarded to them was forwarded to "you". */
  reader?: string | null;
  /** Its author reads what they did themselves. */
  own?: boolean;
}

// Activities that are no action of a document type.
const OTHER: Record<string, string> = {
  start: '{{actor}} started a draft',
  set_up: '{{actor}} set up {{name}}',
  add_staff: '{{name}} joined',
  invite: '{{actor}} invited {{name}}',
  renew_invitation: '{{name}} got a new invitation',
  ask_invitation: '{{name}} asked for a new invitation',
  withdraw_invitation: '{{actor}} withdrew the invitation of {{name}}',
  activate: '{{name}} activated their account',
  change_access: '{{actor}} changed what {{name}} may use',
  ask_module: '{{actor}} asked to use {{module}}',
  make_contact: '{{actor}} made {{name}} a contact',
  set_portal: '{{actor}} changed what the portal shows',
  publish_terms: '{{actor}} published version {{version}} of the portal terms',
  publish_privacy: '{{actor}} published version {{version}} of the privacy notice',
  accept_terms: '{{name}} accepted the updated terms',
  archive_partner: '{{actor}} archived {{name}}',
  restore_partner: '{{actor}} restored {{name}}',
  start_import: '{{actor}} uploaded {{name}} to import',
  match_import: '{{actor}} matched the columns of {{name}}',
  run_import: '{{actor}} imported {{name}}',
  undo_import: '{{actor}} undid the import of {{name}}',
  change_identity: '{{actor}} edited the organization’s name and branding',
  set_numbering: '{{actor}} changed how documents are numbered',
  set_security_policy: '{{actor}} changed the security settings',
  set_reminders: '{{actor}} changed when payment reminders go out',
  set_reminder_texts: '{{actor}} changed the wording of payment reminders',
  set_late_charges: '{{actor}} changed what late payment costs',
  set_partner_late_charges: '{{actor}} changed what late payment costs {{name}}',
  send_statement: '{{actor}} sent {{name}} a statement of account from {{from_on}} to {{until_on}} ({{people}})',
  start_statements: '{{actor}} turned on monthly statements',
  stop_statements: '{{actor}} turned off monthly statements',
  choose_statements: '{{actor}} chose when {{name}} gets statements',
  stop_reminders: '{{actor}} stopped payment reminders to {{name}}',
  resume_reminders: '{{actor}} turned payment reminders to {{name}} on again',
  add_tax: '{{actor}} added the tax {{name}}',
  change_tax: '{{actor}} changed the tax {{name}}',
  remove_tax: '{{actor}} removed the tax {{name}}',
  set_default_taxes: '{{actor}} changed the tax suggested for new customers',
  set_accounting: '{{actor}} changed the accounts for the accountant’s exports',
  set_partner_taxes: '{{actor}} set the taxes of {{name}}',
  add_item: '{{actor}} added the item {{name}}',
  change_item: '{{actor}} changed the item {{name}}',
  archive_item: '{{actor}} archived the item {{name}}',
  restore_item: '{{actor}} restored the item {{name}}',
  change_role: '{{actor}} changed the role of {{name}}',
  change_limits: '{{actor}} changed the limits of {{name}}',
  remove_member: '{{actor}} ended the access of {{name}}',
  set_absence: '{{deputy}} is the deputy of {{name}} from {{from_on}} to {{until_on}}',
  cancel_absence: '{{deputy}} is no longer the deputy of {{name}}',
  end_absence: '{{name}} is back',
  add_partner: '{{actor}} added {{name}}',
  change_partner: '{{actor}} changed the details of {{name}}',
  add_contact: '{{actor}} added {{name}} as a contact',
  change_contact: '{{actor}} changed the details of {{name}}',
  remove_contact: '{{actor}} removed {{name}}',
  change_own_profile: '{{name}} changed their profile',
  change_preferences: '{{name}} changed their preferences',
  add_rates: '{{actor}} added exchange rates',
  change_payment_details: '{{actor}} changed what invoices say of the organization',
  add_payment_account: '{{actor}} added an account for customers to pay to',
  remove_payment_account: '{{actor}} removed an account that customers paid to',
  connect_stripe: '{{actor}} turned on online payment with Stripe',
  change_stripe: '{{actor}} changed the keys for Stripe',
  disconnect_stripe: '{{actor}} turned off online payment with Stripe',
  add_webhook: '{{actor}} added a webhook to {{name}}',
  change_webhook: '{{actor}} changed the webhook to {{name}}',
  pause_webhook: '{{actor}} paused the webhook to {{name}}',
  resume_webhook: '{{actor}} resumed the webhook to {{name}}',
  rotate_webhook: '{{actor}} rotated the secret of the webhook to {{name}}',
  remove_webhook: '{{actor}} removed the webhook to {{name}}',
  stop_webhook: 'The webhook to {{name}} was turned off',
  store_method: '{{actor}} saved a payment method of {{name}}: {{brand}} ending in {{last_four}}',
  remove_method: '{{actor}} removed a payment method of {{name}}: {{brand}} ending in {{last_four}}',
  detach_method: 'A payment method of {{name}} was removed at Stripe: {{brand}} ending in {{last_four}}',
  default_method: '{{actor}} made another payment method of {{name}} the default: {{brand}} ending in {{last_four}}',
  agree_charging: '{{actor}} turned on automatic payment of {{name}} ({{number}})',
  end_charging: '{{actor}} turned off automatic payment of {{name}} ({{number}})',
  lose_charging: 'Automatic payment of {{name}} ({{number}}) has ended',
  set_online_methods: '{{actor}} changed how customers can pay online',
  allow_bank_debit: '{{actor}} allowed bank debit for {{name}}',
  refuse_bank_debit: '{{actor}} no longer allows bank debit for {{name}}',
  fresh_link: 'A fresh link to {{document}}',
  place_mail: '{{actor}} placed a message that had been held',
  file_mail: '{{actor}} filed a message from {{from}}: {{subject}}',
  set_aside_mail: '{{actor}} set a message aside',
  send_test: '{{actor}} sent a test email to {{email}}',
  retry_job: '{{actor}} retried the background job “{{job}}”',
  drop_job: '{{actor}} dropped the background job “{{job}}”',
  refuse_mail: '{{actor}} refused a message from {{from}}',
  replay_mail: '{{actor}} had a message decided anew',
  add_address: '{{name}} also writes from {{email}}',
  remove_address: '{{email}} is no address of {{name}} any more',
  begin_project: '{{actor}} began the project {{name}}',
  make_feed: '{{name}} made an address for their calendar',
  end_feed: '{{name}} ended the address for their calendar',
  begin_task: '{{actor}} added the task {{title}}',
  save_template: '{{actor}} saved the project template {{name}}',
  rename_template: '{{actor}} renamed a project template to {{name}}',
  delete_template: '{{actor}} deleted the project template {{name}}',
  add_day_off: '{{actor}} added days off from {{starts_on}}: {{name}}',
  remove_day_off: '{{actor}} removed days off from {{starts_on}}: {{name}}',
  set_time_rates: '{{actor}} changed rates and closed periods of time',
  set_defaults: '{{actor}} changed what {{name}} begin with',
  bounce: 'An email to {{name}} came back',
  undelivered: 'An email to {{name}} could not be delivered',
  mute: '{{actor}} asked for fewer emails about {{document}}',
  unmute: '{{actor}} wants all emails about {{document}} again',
  choose_emails: '{{actor}} changed which emails they get',
  trust_address: '{{actor}} lets mail to {{name}} go out again',
  complain: 'An email to {{name}} was reported as spam',
  change_profile: '{{actor}} changed the profile of {{name}}',
  confirm_profile: '{{actor}} confirmed the profile of {{name}}',
  change_bank_account: '{{actor}} changed the bank details of {{name}}',
  remove_bank_account: '{{actor}} removed a bank account of {{name}}',
  show_bank_account: '{{actor}} viewed the bank account ending in {{ending}} of {{name}}',
  add_partner_file: '{{actor}} added a document to the profile of {{name}}',
  expire_partner_file: 'A document of {{name}} expires on {{valid_until}}',
  erase_person: '{{actor}} erased the data of a person',
  ask_erasure: '{{name}} asked to have their data erased',
  download_data: '{{actor}} downloaded the data of {{name}}',
  download_own_data: '{{name}} downloaded their data',
  import_statement: '{{actor}} imported the bank statement {{name}}',
  ignored_bank_entry: '{{actor}} ignored an entry of a bank statement',
  open_bank_entry: '{{actor}} opened an entry of a bank statement again',
  create_payment_run: '{{actor}} created a payment run',
  export_payment_run: '{{actor}} created the file of a payment run',
  record_payment_run: '{{actor}} recorded a payment run',
  cancel_payment_run: '{{actor}} canceled a payment run',
  find_differences: 'The ledger doesn’t match {{numbers}}',
  ask_bank_change: '{{actor}} wrote about other bank details',
};

/** The details that are days (ISO 8601). */
const DAYS = new Set([
  ...[
    'day',
    'due_on',
    'delivery_on',
    'pay_on',
    'promised_on',
    'valid_until',
    'from_on',
    'on',
    'until_on',
    'ends_on',
    'starts_on',
  ],
]);

/** "invoice INV-0042", in the reader's language. */
export function subjectLabel(t: Translate, kind: string, number: string | null): string {
  const { label, unnumbered } = lifecycleOf(kind);
  if (unnumbered) return t(`the ${label.toLowerCase()}`);
  return t(`${label.toLowerCase()} {{number}}`, { number: number ?? t('(draft)') }).trim();
}

/** "Invoice INV-0042", as a heading or a cell says it: in some languages without the article that a sentence needs. */
export function subjectTitle(t: Translate, kind: string, number: string | null): string {
  const { label, unnumbered } = lifecycleOf(kind);
  return unnumbered ? t(label) : t(`${label} {{number}}`, { number: number ?? t('(draft)') }).trim();
}

/** With a capital first letter, for the start of a line. */
export const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** "Maya Chen paid $500.00 of invoice INV-0042": one sentence for the timeline, the desk and the email. */
export function sentence(input: SentenceInput, t: Translate, format: Format): string {
  const { details, currency } = input;
  const lifecycle = input.type ? lifecycleOf(input.type) : undefined;
  const amount = details['amount'];
  const values: Record<string, string> = {};
  for (const name of Object.keys(details)) {
    const value = details[name];
    if (typeof value === 'string') values[name] = DAYS.has(name) ? format.date(value) : value;
    if (name === 'module') values[name] = t(moduleLabel(value));
    if (name === 'job') values[name] = t(jobLabel(value));
  }
  values['actor'] = authorName(input.actor, details, t);
  values['to'] = input.to ?? '';
  values['document'] = input.type ? mention(input.type, input, t) : '';
  const together = input.here ? null : togetherIn(details);
  if (together) values['document'] = format.list([values['document'], ...others(together, input.number)]);
  const paid = together ? together.reduce((sum, part) => sum + part.amount, 0) : amount;
  values['amount'] = typeof paid === 'number' && currency ? format.money(paid, currency) : '';
  // Some begin with their subject.
  const summary = summaryOf(input, lifecycle);
  return capital(t(input.to === null ? summary.replace('{{to}}', 'you') : summary, values));
}

/** The numbers of the other documents that were paid at once. */
const others = (together: readonly { number: string }[], own: string | null) =>
  together.map(({ number }) => number).filter((number) => number !== own);

const moduleLabel = (name: unknown): string => MODULES.find((module) => module.name === name)?.label ?? '';

/** "June Bell", or as a deputy "June Bell, for Tom Reyes". */
export function authorName(name: string | null, details: Activity['details'], t: Translate): string {
  const absent = details['for_id'] && details['for'];
  const author = name ?? t('Someone');
  return typeof absent === 'string' ? t('{{name}}, for {{absent}}', { name: author, absent }) : author;
}

/** "this invoice" on its own page, elsewhere "invoice INV-0042", or “Wiring”. */
function mention(kind: string, { number, here, details: { title } }: SentenceInput, t: Translate): string {
  const { label, titled } = lifecycleOf(kind);
  if (here) return t(`this ${label.toLowerCase()}`);
  return titled && typeof title === 'string' ? t('“{{title}}”', { title }) : subjectLabel(t, kind, number);
}

function summaryOf({ action, details, reader, own }: SentenceInput, lifecycle: Lifecycle | undefined): string {
  const found: Partial<SubjectAction> = lifecycle?.actions[action] ?? { summary: OTHER[action] ?? '' };
  const { summary, summaryToNamed, summaryToAuthor, summaryOf: of = {} } = found;
  const named = reader && isAmong(details, reader) ? summaryToNamed : undefined;
  const [, special] = Object.entries(of).find(([name]) => typeof details[name] === 'string') ?? [];
  return (own ? summaryToAuthor : undefined) ?? named ?? special ?? (summary || '{{actor}} did something');
}
