import type { Knex } from 'knex';
import { DateTime, IANAZone } from 'luxon';
import { type Actor, retry, systemActor, withActor } from '../../db/scope.js';
import { addDays, today } from '../../pages/days.js';
import { throwAll } from '../tick.js';
import { findStatementReaders, sendMonthlyStatement } from '../../payments/statements/send_statement.js';
import type { Period } from '../../payments/statements/statement.js';

/** From this hour on, in the organization's time zone. */
const MORNING_HOUR = 9;
/** So many days into the month they are made up for, if no worker was there. */
const LAST_DAY = 10;
const BATCH = 200;
const NOBODY = '00000000-0000-0000-0000-000000000000';

interface Account {
  partner_id: string;
  name: string;
  currency: string;
}

/** On the first of each month, emails customers who get one the statement of the month before. `now` is for tests. */
export async function sendMonthlyStatements(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  const organizations: { id: string; time_zone: string }[] = await db('organizations').select('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const zone = IANAZone.isValidZone(time_zone) ? time_zone : 'UTC';
    const local = DateTime.fromJSDate(now, { zone });
    if (local.day > LAST_DAY || (local.day === 1 && local.hour < MORNING_HOUR)) continue;
    const system = { ...systemActor(id, null, now), time_zone: zone };
    await sendOf(db, system, id, monthBefore(today(system)), errors);
  }
  throwAll(errors);
}

function monthBefore(day: string): Period {
  const to = addDays(`${day.slice(0, 8)}01`, -1);
  return { from: `${to.slice(0, 8)}01`, to };
}

/** One that fails keeps no other from its turn, and is tried again in an hour. */
async function sendOf(
  db: Knex,
  system: Actor,
  organization_id: string,
  period: Period,
  errors: unknown[],
): Promise<void> {
  let accounts: Account[] = [];
  do {
    accounts = await withActor(db, system, (db) => accountsToTell(db, organization_id, period, accounts.at(-1)));
    for (const account of accounts)
      await retry(() => sendOne(db, system, organization_id, account, period)).catch((error: unknown) =>
        errors.push(error),
      );
  } while (accounts.length === BATCH);
}

const sendOne = (db: Knex, system: Actor, organization_id: string, account: Account, period: Period) =>
  withActor(db, system, async (db) => {
    const readers = await findStatementReaders(db, organization_id, account.partner_id);
    await sendMonthlyStatement(db, system, { ...account, period, readers });
  });

/** Accounts with a balance that moved in these days, or is not zero, whose statement has not gone yet; a page at a time. */
const accountsToTell = async (
  db: Knex.Transaction,
  organization_id: string,
  { from, to }: Period,
  last: Account | undefined,
) => {
  const { rows } = await db.raw<{ rows: Account[] }>(
    `select p.id as partner_id, p.name, b.currency
     from partners p
       join organizations o on o.id = p.organization_id
       join balances b on b.organization_id = p.organization_id and b.partner_id = p.id
     where p.organization_id = :organization_id and (p.id, b.currency) > (:last::uuid, :currency) and p.is_customer
       and coalesce(p.monthly_statements, o.monthly_statements)
       and not exists (select from statement_emails s
         where s.organization_id = p.organization_id and s.partner_id = p.id and s.currency = b.currency
           and s.from_on = :from and s.to_on = :to and s.sent_by is null)
       and (b.amount <> 0 or (select true from ledger_entries e
         where e.organization_id = p.organization_id and e.partner_id = p.id and e.currency = b.currency
           and e.created_at >= :from::date::timestamp at time zone o.time_zone
           and e.created_at < (:to::date + 1)::timestamp at time zone o.time_zone limit 1))
     order by p.id, b.currency limit ${BATCH}`,
    { organization_id, from, to, last: last?.partner_id ?? NOBODY, currency: last?.currency ?? '' },
  );
  return rows;
};
