import type { Knex } from 'knex';
import { newId } from '../../../db/ids.js';
import { type Actor, withActor } from '../../../db/scope.js';
import { type DocumentType, has } from '../../../document_types/index.js';
import { isForSeveral } from '../../../document_types/relations.js';
import { MAX_LINES } from '../../../document_types/shared/inputs.js';
import { createDocument } from '../../../documents/drafts/create.js';
import { Invalid } from '../../../errors.js';
import { addDays, today } from '../../../pages/days.js';
import type { ProjectHead } from '../../project_head.js';
import type { MadeLine } from './made_lines.js';

/** How long an offer is valid, and a vendor has to answer, unless staff say otherwise. */
const DAYS_TO_ANSWER = 14;

type Project = Pick<ProjectHead, 'organization_id' | 'id' | 'name' | 'partner_id' | 'currency'>;

/**
 * Drafts of these lines: one for the customer, or one for each vendor; `vendor`: of items that name none. Each line is
 * noted as its item's. Returns the drafts' ids. @throws Invalid
 */
export async function makeDocuments(
  db: Knex,
  actor: Actor,
  { project, type, lines, vendor }: { project: Project; type: DocumentType; lines: MadeLine[]; vendor: string | null },
): Promise<string[]> {
  if (!lines.length) throw new Invalid({ form: 'Nothing of these items is left for it.' });
  const ids: string[] = [];
  for (const [partner_id, own] of byPartner(project, type, lines, vendor))
    ids.push(await makeDocument(db, actor, { project, type, lines: own, partner_id }));
  return ids;
}

/** @throws Invalid */
function byPartner(
  project: Project,
  type: DocumentType,
  lines: MadeLine[],
  vendor: string | null,
): Map<string | null, MadeLine[]> {
  if (type.partner === 'customer') return new Map([[project.partner_id, lines]]);
  if (isForSeveral(type)) return new Map([[null, lines]]);
  const found = new Map<string | null, MadeLine[]>();
  for (const line of lines) {
    const partner_id = line.row.vendor_id ?? vendor;
    if (!partner_id) throw new Invalid({ vendor: 'Choose the vendor of items that have none.' });
    found.set(partner_id, [...(found.get(partner_id) ?? []), line]);
  }
  return found;
}

interface Making {
  project: Project;
  type: DocumentType;
  lines: MadeLine[];
  partner_id: string | null;
}

function makeDocument(db: Knex, actor: Actor, making: Making): Promise<string> {
  const { project, type, lines, partner_id } = making;
  if (lines.length > MAX_LINES)
    throw new Invalid({ form: 'A document has at most {{most}} lines: choose fewer items.' }, { most: MAX_LINES });
  const { organization_id, currency } = project;
  return withActor(db, actor, async (db) => {
    const made = lines.map((line) => ({ ...line, id: newId() }));
    const content = {
      ...(await usualFields(db, actor, making)),
      title: project.name,
      project: project.id,
      lines: made.map(({ id, row, quantity, unit_price }) => ({
        ...{ id, description: row.name, unit: row.unit, quantity, unit_price },
        group_name: type.partner === 'customer' ? row.group : '',
      })),
      items: made.map(({ row }) => row.catalog_id ?? null),
    };
    const document_id = await createDocument(db, actor, type.name, partner_id, { currency, content });
    const links = made.map(({ id, row, follows }) => ({
      ...{ organization_id, document_id, line_id: id, item_id: row.id },
      moves: !follows,
    }));
    await db('budget_lines').insert(links);
    return document_id;
  });
}

/** Its dates, texts and recipients, as a new document's form begins with them. */
async function usualFields(db: Knex.Transaction, actor: Actor, { project, type, lines, partner_id }: Making) {
  const { organization_id } = project;
  const partner: { terms_days: number } | undefined = partner_id
    ? await db('partners').where({ organization_id, id: partner_id }).first('terms_days')
    : undefined;
  const defaults = await db('type_defaults').where({ organization_id, type: type.name }).first('terms', 'note');
  const issued_on = today(actor);
  const vendors = [...new Set(lines.flatMap(({ row }) => row.vendor_id ?? []))];
  return {
    issued_on,
    due_on: addDays(issued_on, type.owes ? (partner?.terms_days ?? 30) : DAYS_TO_ANSWER),
    terms: defaults?.terms ?? '',
    note: defaults?.note ?? '',
    partial_payments: has(type, 'partial_payments'),
    recipients: await recipients(db, project, partner_id ? [partner_id] : vendors),
  };
}

/** Of each partner who takes part in the project, or else its first contact. */
async function recipients(
  db: Knex.Transaction,
  { organization_id, id }: Project,
  partners: string[],
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select p.id from unnest(?::uuid[]) as n (id)
      cross join lateral (
        select p.id, coalesce((select true from participants x where x.organization_id = p.organization_id
            and x.subject_id = ? and x.person_id = p.id limit 1), false) as takes_part
        from people p where p.organization_id = ? and p.partner_id = n.id and p.removed_at is null and not p.guest
        order by 2 desc, p.id limit 1) p`,
    [partners, id, organization_id],
  );
  return rows.map(({ id }) => id);
}
