import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, type Query, queryPrepared, setActor, systemActor } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { Invalid, NotFound } from '../../errors.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { requireMay } from '../../subjects/may.js';
import type { Period } from './statement.js';

/** A statement that goes out by email. */
interface StatementToSend {
  partner_id: string;
  period: Period;
  currency: string;
  message: string;
  /** The contacts who get it. */
  recipients: readonly string[];
}

/** Emails a statement of account to contacts, and records that. @throws NotFound, NotAllowed, Invalid */
export async function sendStatement(db: Knex.Transaction, actor: Actor, sent: StatementToSend): Promise<void> {
  const { organization_id, person_id } = actor;
  if (!organization_id) throw new NotFound();
  const partner = await db('partners').where({ organization_id, id: sent.partner_id }).first();
  if (!partner) throw new NotFound();
  requireMay(actor, { permits: partner.is_customer ? 'invoicing' : 'paying' });
  const all = await findStatementReaders(db, organization_id, sent.partner_id);
  const readers = all.filter(({ id }) => sent.recipients.includes(id));
  if (!readers.length) throw new Invalid({ recipient: 'Choose at least one person.' });
  await queueStatement(db, actor, { ...sent, name: partner.name, readers, sent_by: person_id });
}

interface Reader {
  id: string;
  name: string;
  email: string;
  role: string;
}

const modulesOf = (owes: 'receivable' | 'payable') => typesThatOwe(owes).map(({ module }) => module);

/** The contacts of a partner who may see all that it owes and is owed. */
export const statementReaders = (organization_id: string | null, partner_id: string): Query<Reader> => ({
  name: 'statement_readers',
  text: `select w.id, w.name, w.email, w.role from partners p
      join people w on w.organization_id = p.organization_id and w.partner_id = p.id
    where p.organization_id = $1 and p.id = $2 and w.removed_at is null and not w.guest and (w.modules is null or (
      (not p.is_customer or w.modules @> $3::text[]) and (not p.is_vendor or w.modules @> $4::text[])))
    order by w.id limit 200`,
  values: [organization_id, partner_id, modulesOf('receivable'), modulesOf('payable')],
});

/** The same, in a transaction. */
export function findStatementReaders(
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string,
): Promise<Reader[]> {
  const { text, values = [] } = statementReaders(organization_id, partner_id);
  return queryPrepared(db, text, values);
}

interface Queued extends StatementToSend {
  name: string;
  readers: readonly Reader[];
  sent_by: string | null;
}

/** The one that goes by itself, unless it has gone before. As the system. Returns whether it goes. */
export const sendMonthlyStatement = (
  db: Knex.Transaction,
  actor: Actor,
  statement: Omit<Queued, 'sent_by' | 'message' | 'recipients'>,
): Promise<boolean> => queueStatement(db, actor, { ...statement, message: '', recipients: [], sent_by: null });

async function queueStatement(db: Knex.Transaction, actor: Actor, statement: Queued): Promise<boolean> {
  const { organization_id } = actor;
  const { partner_id, period, currency, message, name, readers, sent_by } = statement;
  if (!organization_id) throw new NotFound();
  await setActor(db, systemActor(organization_id, actor.person_id, actor.now));
  const [row] = await db('statement_emails')
    .insert({
      ...{ organization_id, id: newId(), partner_id, currency, message, sent_by },
      ...{ from_on: period.from, to_on: period.to },
    })
    .onConflict()
    .ignore()
    .returning('id');
  if (!row) return false;
  if (!readers.length) return false;
  const people = readers.map((reader) => reader.name).join(', ');
  const details = { name, people, from_on: period.from, until_on: period.to };
  await record(db, actor, { action: 'send_statement', partner_id, details, visible_to: 'staff' });
  const about = { organization_id, kind: 'statement' as const, activity_id: null, subject_id: null, cause_id: row.id };
  for (const { id: person_id, email: to_address } of readers) await queueEmail(db, { ...about, person_id, to_address });
  return true;
}
