import Big from 'big.js';
import type { Knex } from 'knex';
import type { Act, Outcome } from '../../../acting/context.js';
import { usualInvoice } from '../../../document_types/relations.js';
import { fromMinor } from '../../../documents/content/decimals.js';
import { newId } from '../../../db/ids.js';
import { MAX_LINES } from '../../../document_types/shared/inputs.js';
import { createDocument } from '../../../documents/drafts/create.js';
import { Invalid } from '../../../errors.js';
import { addDays, today } from '../../../pages/days.js';
import { formatFor } from '../../../pages/format.js';
import { translatorFor } from '../../../pages/i18n.js';
import { contactParticipants } from '../../../subjects/participants.js';
import { clock } from '../deciding/submit_weeks.js';

interface Billable {
  entry_id: string;
  work: string;
  work_id: string;
  day: string;
  minutes: number;
  bill_rate: number | null;
  person: string;
  /** Who of the customer has approved it. */
  approved_by: string | null;
}

interface Terms {
  name: string;
  currency: string;
  locale: string;
  terms_days: number;
  asks_approval: boolean;
}

/** Makes a draft invoice of a project's approved time that no invoice has yet. @throws Invalid, NotAllowed */
export async function billTime(db: Knex.Transaction, { actor, subject }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: project_id, partner_id } = subject;
  const key = { organization_id, project_id };
  const terms = await termsOf(db, key);
  const time = await billableTime(db, key, terms);
  const recipients = (await contactParticipants(db, subject)).map(({ id }) => id);
  const issued_on = today(actor);
  const billed = linesOf(time, terms);
  const content = {
    ...{ title: terms.name, issued_on, due_on: addDays(issued_on, terms.terms_days), partial_payments: true },
    ...{
      recipients,
      project: project_id,
      lines: billed.map(({ entries: _entries, minutes: _minutes, ...line }) => line),
    },
  };
  const created_id = await createDocument(db, actor, usualInvoice.name, partner_id, {
    currency: terms.currency,
    content,
  });
  await noteBilled(db, organization_id, created_id, billed);
  const minutes = billed.reduce((sum, line) => sum + line.minutes, 0);
  return { created_id, details: { hours: clock(minutes), made: created_id } };
}

/** Each entry keeps the line that bills it, so that it can be billed again if that line doesn't. */
async function noteBilled(db: Knex.Transaction, organization_id: string, invoice_id: string, lines: BilledLine[]) {
  const pairs = lines.flatMap(({ id, entries }) => entries.map((entry) => ({ id, entry })));
  const [bound, entries] = [pairs.map(({ id }) => id), pairs.map(({ entry }) => entry)];
  await db.raw(BILLED, { organization_id, invoice_id, lines: bound, entries });
  await db('documents').where({ organization_id, id: invoice_id }).update({ bills_time: true });
}

async function termsOf(db: Knex.Transaction, key: { organization_id: string; project_id: string }): Promise<Terms> {
  const { rows } = await db.raw<{ rows: Terms[] }>(TERMS, key);
  const [terms] = rows;
  if (!terms) throw new Invalid({ form: 'This partner is no customer any more.' });
  return terms;
}

const TERMS = `select j.name, p.currency, p.locale, p.terms_days, coalesce(t.asks_approval, false) as asks_approval
  from projects j join partners p on p.organization_id = j.organization_id and p.id = j.partner_id and p.is_customer
    left join project_time t on t.organization_id = j.organization_id and t.project_id = j.id
  where j.organization_id = :organization_id and j.id = :project_id`;

/** Locked, so that nothing of it is taken by another invoice. @throws Invalid if there is none, or it has no rate */
async function billableTime(
  db: Knex.Transaction,
  key: { organization_id: string; project_id: string },
  { asks_approval }: Terms,
): Promise<Billable[]> {
  await db.raw(TAKE_RATES, key);
  const { rows } = await db.raw<{ rows: Billable[] }>(BILLABLE, { ...key, asks_approval });
  if (!rows.length)
    throw new Invalid({
      form: asks_approval ? 'There is no time that the customer has approved.' : 'There is no approved time to bill.',
    });
  const unpriced = rows.find(({ bill_rate }) => bill_rate === null);
  if (unpriced) throw new Invalid({ form: 'Set a rate for {{name}} first.' }, { name: unpriced.person });
  return rows;
}

/** Rates that were set only after the time was approved. */
const TAKE_RATES = `update time_costs c set cost_rate = coalesce(c.cost_rate, r.cost), bill_rate = r.bill
  from (select distinct e.person_id from time_costs c
      join time_entries e on e.organization_id = c.organization_id and e.id = c.entry_id
      where c.organization_id = :organization_id and c.project_id = :project_id and c.approved
        and c.invoice_id is null and c.bill_rate is null) p
    cross join lateral time_rate(:organization_id, :project_id, p.person_id) r
    cross join lateral (select e.id from time_entries e where e.organization_id = :organization_id
      and e.project_id = :project_id and e.person_id = p.person_id) e
  where c.organization_id = :organization_id and c.entry_id = e.id and c.project_id = :project_id and c.approved
    and c.invoice_id is null and c.bill_rate is null and r.bill is not null`;

/** So many entries an invoice takes at most; the rest is billed with the next one. */
const MOST = 5000;

const BILLABLE = `select c.entry_id, coalesce(t.title, a.name) as work, coalesce(c.task_id, c.activity_id) as work_id,
    e.day::text as day, c.minutes, c.bill_rate::float8 as bill_rate, p.name as person,
    (select a.name from people a where a.organization_id = c.organization_id and a.id = c.accepted_by) as approved_by
  from time_costs c
    join time_entries e on e.organization_id = c.organization_id and e.id = c.entry_id
    join people p on p.organization_id = e.organization_id and p.id = e.person_id
    left join tasks t on t.organization_id = c.organization_id and t.id = c.task_id
    left join project_activities a on a.organization_id = c.organization_id and a.id = c.activity_id
  where c.organization_id = :organization_id and c.project_id = :project_id and c.approved and c.invoice_id is null
    and (c.accepted or not :asks_approval)
  order by c.entry_id limit ${MOST} for update of c`;

const BILLED = `update time_costs c set line_id = n.line_id, invoice_id = :invoice_id
  from unnest(:lines::uuid[], :entries::uuid[]) n (line_id, entry_id)
  where c.organization_id = :organization_id and c.entry_id = n.entry_id`;

interface BilledLine {
  id: string;
  description: string;
  unit: string;
  quantity: string;
  unit_price: string;
  minutes: number;
  entries: string[];
}

/** A line for each task, rate and who approved it: its hours, exact to four decimals, and on which days they were. */
function linesOf(time: readonly Billable[], { currency, locale }: Terms): BilledLine[] {
  const groups = new Map<string, Billable[]>();
  for (const entry of time) {
    const key = `${entry.work_id} ${entry.bill_rate} ${entry.approved_by}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].slice(0, MAX_LINES).map((entries) => {
    const minutes = entries.reduce((sum, entry) => sum + entry.minutes, 0);
    return {
      ...{ id: newId(), description: describe(entries, locale), unit: 'h', minutes },
      quantity: Big(minutes).div(60).round(4).toString(),
      unit_price: fromMinor(entries[0]?.bill_rate ?? 0, currency),
      entries: entries.map(({ entry_id }) => entry_id),
    };
  });
}

/** What was done, when, and who approved it, in the customer's language. */
function describe(entries: readonly Billable[], locale: string): string {
  const format = formatFor({ locale, time_zone: 'UTC' });
  const days = entries.map(({ day }) => day).toSorted();
  const [from, until] = [days[0] ?? '', days.at(-1) ?? ''];
  const when = from === until ? format.date(from) : `${format.date(from)} – ${format.date(until)}`;
  const [first] = entries;
  const name = first?.approved_by;
  const approved = name && translatorFor(locale)('Approved by {{name}}.', { name });
  return [first?.work, when, approved].filter(Boolean).join('\n');
}
