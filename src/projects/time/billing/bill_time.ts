import Big from 'big.js';
import type { Knex } from 'knex';
import type { Act, Outcome } from '../../../acting/context.js';
import { usualInvoice } from '../../../document_types/relations.js';
import { fromMinor } from '../../../documents/content/decimals.js';
import { createDocument } from '../../../documents/drafts/create.js';
import { Invalid } from '../../../errors.js';
import { addDays, today } from '../../../pages/days.js';
import { contactParticipants } from '../../../subjects/participants.js';
import { clock } from '../deciding/submit_weeks.js';

interface Billable {
  entry_id: string;
  work: string;
  work_id: string;
  minutes: number;
  bill_rate: number | null;
  person: string;
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
  const content = {
    ...{ title: terms.name, issued_on, due_on: addDays(issued_on, terms.terms_days), partial_payments: true },
    ...{ recipients, project: project_id, lines: linesOf(time, terms.currency, 'h') },
  };
  const created_id = await createDocument(db, actor, usualInvoice.name, partner_id, {
    currency: terms.currency,
    content,
  });
  const ids = time.map(({ entry_id }) => entry_id);
  await db('time_costs').where({ organization_id }).whereIn('entry_id', ids).update({ invoice_id: created_id });
  const minutes = time.reduce((sum, entry) => sum + entry.minutes, 0);
  return { created_id, details: { hours: clock(minutes), made: created_id } };
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
  const { rows } = await db.raw<{ rows: Billable[] }>(BILLABLE, { ...key, asks_approval });
  if (!rows.length)
    throw new Invalid({
      form: asks_approval ? 'There is no time that the customer has approved.' : 'There is no approved time to bill.',
    });
  const unpriced = rows.find(({ bill_rate }) => bill_rate === null);
  if (unpriced) throw new Invalid({ form: 'Set a rate for {{name}} first.' }, { name: unpriced.person });
  return rows;
}

/** So many entries an invoice takes at most; the rest is billed with the next one. */
const MOST = 5000;

const BILLABLE = `select c.entry_id, coalesce(t.title, a.name) as work, coalesce(c.task_id, c.activity_id) as work_id,
    c.minutes, c.bill_rate::float8 as bill_rate, p.name as person
  from time_costs c
    join time_entries e on e.organization_id = c.organization_id and e.id = c.entry_id
    join people p on p.organization_id = e.organization_id and p.id = e.person_id
    left join tasks t on t.organization_id = c.organization_id and t.id = c.task_id
    left join project_activities a on a.organization_id = c.organization_id and a.id = c.activity_id
  where c.organization_id = :organization_id and c.project_id = :project_id and c.approved and c.invoice_id is null
    and (c.accepted or not :asks_approval)
  order by c.entry_id limit ${MOST} for update of c`;

/** A line for each task and rate: its hours, exact to four decimals. */
function linesOf(time: readonly Billable[], currency: string, unit: string) {
  const groups = new Map<string, { description: string; minutes: number; rate: number }>();
  for (const { work, work_id, minutes, bill_rate } of time) {
    const rate = bill_rate ?? 0;
    const group = groups.get(`${work_id} ${rate}`) ?? { description: work, minutes: 0, rate };
    groups.set(`${work_id} ${rate}`, { ...group, minutes: group.minutes + minutes });
  }
  return [...groups.values()].map(({ description, minutes, rate }) => ({
    ...{ description, unit, unit_price: fromMinor(rate, currency) },
    quantity: Big(minutes).div(60).round(4).toString(),
  }));
}
