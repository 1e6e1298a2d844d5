import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { isOneOf } from '../../document_types/type_sql.js';
import type { DueEmail, Reminder } from '../messages/event_email.js';
import { remindedInvoices } from './reminded_invoices.js';
import type { ReminderText } from './reminder_wording.js';

const REMINDS = `a.action in ('remind', 'charge_late') and ${isOneOf('s.kind', typesThatOwe('receivable'))}`;
const JOINED = 'It is told in one email with other invoices.';

// What another worker has begun to send is left to it.
const JOIN = `update emails e set state = 'skipped', detail = $4, merged_into = $3
  from activities a, subjects s
  where e.organization_id = $1 and e.person_id = $2 and e.state = 'queued' and e.kind = 'event' and e.id <> $3
    and (e.tries = 0 or e.id = any($5::uuid[]))
    and a.organization_id = $1 and a.id = e.activity_id and s.organization_id = $1 and s.id = e.subject_id
    and ${REMINDS}
  returning e.id`;

const TEXTS = 'select step, language, body from reminder_texts where organization_id = $1';

/** What became of the reminders that were about to go: those that go with their invoices, and why the others don't. */
interface JoinedReminders {
  reminders: Map<string, Reminder>;
  left: Map<string, string>;
}

/**
 * Makes one email for each reader of all the payment reminders and late charges that wait for them: that of the invoice
 * which is due first tells of the others. Their threads are locked, see `lockThreads`.
 */
export async function joinReminders(
  db: Knex.Transaction,
  organization_id: string,
  going: readonly DueEmail[],
): Promise<JoinedReminders> {
  const due = going.filter(isPaymentReminder).toSorted(byDueDay);
  const joined: JoinedReminders = { reminders: new Map(), left: new Map() };
  if (!due.length) return joined;
  const leading = due.filter((event, i) => due.findIndex(({ reader }) => reader.id === event.reader.id) === i);
  const ids = due.map(({ email }) => email.id);
  for (const { email, reader } of leading)
    await queryPrepared(db, JOIN, [organization_id, reader.id, email.id, JOINED, ids]);
  for (const { email } of due) if (!leading.some((one) => one.email.id === email.id)) joined.left.set(email.id, JOINED);
  const leaders = leading.map(({ email }) => email.id);
  const [invoices, texts] = await Promise.all([
    remindedInvoices(db, organization_id, leaders),
    queryPrepared<ReminderText>(db, TEXTS, [organization_id]),
  ]);
  for (const id of leaders) {
    const own = invoices.filter(({ told_by }) => told_by === id);
    if (own.length) joined.reminders.set(id, { invoices: own, texts });
    else joined.left.set(id, 'It was paid first.');
  }
  return joined;
}

const RECEIVABLE = new Set<string>(typesThatOwe('receivable').map(({ name }) => name));

const isPaymentReminder = ({ activity, subject }: DueEmail) =>
  (activity.action === 'remind' || activity.action === 'charge_late') && RECEIVABLE.has(subject.type);

const byDueDay = (a: DueEmail, b: DueEmail) =>
  (a.document?.due_on ?? '').localeCompare(b.document?.due_on ?? '') || a.email.id.localeCompare(b.email.id);
