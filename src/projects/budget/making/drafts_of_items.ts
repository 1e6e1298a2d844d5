import type { Knex } from 'knex';
import type { Actor } from '../../../db/scope.js';
import type { DocumentType } from '../../../document_types/index.js';
import { Invalid } from '../../../errors.js';

/** Locks items, so that two who make documents of them at the same time come one after the other. */
export const lockItems = (db: Knex, { organization_id }: Actor, ids: readonly string[]): Promise<unknown> =>
  db('budget_items').where({ organization_id }).whereIn('id', ids).orderBy('id').forNoKeyUpdate().select('id');

/**
 * Refuses to make a second draft of the same items, which would take them twice once both are sent.
 * @throws Invalid that names an item
 */
export async function refuseDrafted(
  db: Knex,
  { organization_id }: Actor,
  { name: type, draft }: DocumentType,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(DRAFTED, {
    ...{ organization_id, type, draft: draft ?? '', ids },
  });
  const [found] = rows;
  if (found)
    throw new Invalid(
      { anyway: 'There is a draft with “{{name}}” already. Send or discard it first, or tick this to make another.' },
      found,
    );
}

const DRAFTED = `select i.name from unnest(:ids::uuid[]) x (id)
    cross join lateral (select i.name from budget_items i
      where i.organization_id = :organization_id and i.id = x.id limit 1) i
    cross join lateral (select from budget_lines b
      cross join lateral (select d.type, d.state from documents d
        where d.organization_id = b.organization_id and d.id = b.document_id limit 1) d
      cross join lateral (select from lines l where l.organization_id = b.organization_id
        and l.document_id = b.document_id and l.id = b.line_id limit 1) l
      where b.organization_id = :organization_id and b.item_id = x.id and d.type = :type and d.state = :draft
      limit 1) b
  limit 1`;
