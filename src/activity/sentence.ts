import { typeNamed } from '../document_types/index.js';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';
import type { Activity } from './record.js';

/** What an activity is told with: its document's type, number and currency, and the name of the one who did it. */
export interface SentenceInput extends Pick<Activity, 'action' | 'details'> {
  type: string | null;
  number: string | null;
  currency: string | null;
  actor: string | null;
  /** The partner's name, for a reader on our side; to the partner themselves it is "you". */
  to: string | null;
  /** On the document's own page its number stands above: "this invoice". */
  here?: boolean;
  /** The reader's person id: what was forwarded to them was forwarded to "you". */
  reader?: string | null;
}

// What happens to things that are not documents.
const OTHER: Record<string, string> = {
  start: '{{actor}} started a draft',
  set_up: '{{actor}} set up {{name}}',
  add_staff: '{{name}} joined',
  add_partner: '{{actor}} added {{name}}',
  change_partner: '{{actor}} changed the details of {{name}}',
  add_contact: '{{actor}} added {{name}} as a contact',
  change_contact: '{{actor}} changed the details of {{name}}',
  remove_contact: '{{actor}} removed {{name}}',
  fresh_link: 'A fresh link to {{document}}',
  place_mail: '{{actor}} placed a message that had been held',
  file_mail: '{{actor}} filed a message from {{from}}: {{subject}}',
  set_aside_mail: '{{actor}} set a message aside',
  send_test: '{{actor}} sent a test email to {{email}}',
  refuse_mail: '{{actor}} refused a message from {{from}}',
  replay_mail: '{{actor}} had a message decided anew',
  add_address: '{{name}} also writes from {{email}}',
  remove_address: '{{email}} is no address of {{name}} any more',
  begin_project: '{{actor}} began the project {{name}}',
  change_project: '{{actor}} changed the project {{name}}',
  set_defaults: '{{actor}} changed what {{name}} begin with',
  bounce: 'An email to {{name}} came back',
  undelivered: 'An email to {{name}} could not be delivered',
  mute: '{{actor}} asked for fewer emails about {{document}}',
  unmute: '{{actor}} wants all emails about {{document}} again',
  trust_address: '{{actor}} lets mail to {{name}} go out again',
  complain: 'An email to {{name}} was reported as spam',
};

/** "invoice INV-0042", in the reader's language. */
export const documentLabel = (t: Translate, type: string, number: string | null) =>
  t(`${typeNamed(type).label.toLowerCase()} {{number}}`, { number: number ?? t('(draft)') }).trim();

/** For the start of a line. */
export const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** "Maya Chen paid $500.00 of invoice INV-0042": the same sentence in the timeline, on the desk and in the email. */
export function sentence(told: SentenceInput, t: Translate, format: Format): string {
  const said =
    (told.type ? typeNamed(told.type).actions[told.action]?.summary : undefined) ??
    OTHER[told.action] ??
    '{{actor}} did something';
  const mine = told.reader && told.details['person_id'] === told.reader;
  const says = mine ? said.replace(/\{\{name\}\}$/, 'you') : said;
  const amount = told.details['amount'];
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(told.details))
    if (typeof value === 'string') words[name] = /^\d{4}-\d\d-\d\d$/.test(value) ? format.date(value) : value;
  const told_so = t(says, {
    ...words,
    actor: told.actor ?? t('Someone'),
    to: told.to ?? t('you'),
    document: told.type
      ? told.here
        ? t(`this ${typeNamed(told.type).label.toLowerCase()}`)
        : documentLabel(t, told.type, told.number)
      : '',
    amount: typeof amount === 'number' && told.currency ? format.money(amount, told.currency) : '',
  });
  // Some begin with their document.
  return capital(told_so);
}
