import type { Knex } from 'knex';
import type { Act, Outcome, Subject } from '../../acting/context.js';
import { typeNamed } from '../../document_types/index.js';
import { recountItem } from '../../documents/budget/recount_budget.js';
import { Invalid } from '../../errors.js';
import { budgetActions } from '../../subjects/project/budget_actions.js';
import { findGroup } from './budget_groups.js';
import { pricesOf } from './budget_item.js';
import { insertItem } from './budget_items.js';
import { budgetCurrency, findItem } from './find_item.js';

interface PlacedLine {
  type: string;
  currency: string;
  partner_id: string | null;
  description: string;
  unit: string;
  quantity: string;
  unit_price: string;
}

/**
 * Says which item a document's line is of, or makes a new item of a group of it: what was agreed or ordered outside of the budget.
 * @throws Invalid
 */
export async function placeLine(
  db: Knex.Transaction,
  { subject, input, activity_id }: Act,
): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id } = subject;
  const { document: document_id, line: line_id, to } = budgetActions.place_line.asks.parse(input);
  const line = await findLine(db, subject, document_id, line_id);
  const group: { id: string } | undefined = await db('budget_groups').where({ organization_id, id: to }).first('id');
  const item_id = group
    ? await itemOfLine(db, subject, { line, group: to, added_by: activity_id })
    : (await findItem(db, subject, to)).id;
  await db('budget_lines')
    .insert({ organization_id, document_id, line_id, item_id })
    .onConflict(['organization_id', 'document_id', 'line_id'])
    .ignore();
  await recountItem(db, { organization_id, id: item_id });
  return { details: { name: line.description.slice(0, 200), placed: item_id } };
}

async function findLine(
  db: Knex.Transaction,
  { organization_id, id: project_id }: Subject,
  document_id: string,
  line_id: string,
): Promise<PlacedLine> {
  const found: PlacedLine | undefined = await db('lines as l')
    .join('documents as d', (on) => on.on('d.organization_id', 'l.organization_id').on('d.id', 'l.document_id'))
    .where({ 'l.organization_id': organization_id, 'l.document_id': document_id, 'l.id': line_id })
    .where({ 'd.project_id': project_id })
    .first('d.type', 'd.currency', 'd.partner_id', 'l.description', 'l.unit', 'l.quantity', 'l.unit_price');
  if (!found) throw new Invalid({ form: 'This line is no longer there.' });
  return found;
}

/** What a customer pays is its price, what a vendor gets its cost. */
async function itemOfLine(
  db: Knex.Transaction,
  subject: Subject,
  { line, group, added_by }: { line: PlacedLine; group: string; added_by: string },
): Promise<string> {
  const { id: group_id } = await findGroup(db, subject, group);
  const currency = await budgetCurrency(db, subject);
  if (line.currency !== currency)
    throw new Invalid({ form: 'This line is in {{currency}}: choose an item for it.' }, { currency: line.currency });
  const { quantity, unit } = line;
  const ofVendor = typeNamed(line.type).partner === 'vendor';
  const amount = Number(line.unit_price) < 0 ? '0' : line.unit_price;
  const prices = pricesOf(ofVendor ? { quantity, unit_cost: amount } : { quantity, unit_price: amount }, currency);
  const [first = ''] = line.description.split('\n');
  const vendor_id = ofVendor ? line.partner_id : null;
  return insertItem(db, subject, {
    ...{ group_id, name: first.slice(0, 200), unit, vendor_id, task_id: null, added_by },
    ...prices,
  });
}
