import type { Actor, Query } from '../../../db/scope.js';
import { LISTED, type ListedDocument } from '../../../documents/queries/list.js';

/** A document of a project, with the day of its last payment. */
export interface ProjectDocument extends ListedDocument {
  version: number;
  paid_on: string | null;
}

const PAID_ON = `(select max(p.paid_on) from payment_parts e
    join payments p on p.organization_id = e.organization_id and p.id = e.payment_id
  where e.organization_id = d.organization_id and e.document_id = d.id and e.state = 'succeeded') as paid_on`;

/** So many documents a page shows. */
export const DOCUMENTS_SHOWN = 200;

/** The newest documents of the project with this key that the reader may see, from before the id `before`; one more. */
export const projectDocuments = (
  { organization_id }: Actor,
  key: string,
  before: string | null = null,
): Query<ProjectDocument> => ({
  name: `project_documents${before ? '_before' : ''}`,
  text: `select d.version, ${PAID_ON}, ${LISTED} where d.organization_id = $1
    and d.project_id = (select id from projects where organization_id = $1 and key = $2) ${before ? 'and d.id < $3' : ''}
    order by d.id desc limit ${DOCUMENTS_SHOWN + 1}`,
  values: [organization_id, key, ...(before ? [before] : [])],
});

/** Customers to choose from. */
export const customers = ({ organization_id }: Actor): Query<{ id: string; name: string }> => ({
  name: 'customers',
  text: `select id, name from partners where organization_id = $1 and is_customer and archived_at is null
    order by name_key, id limit 1000`,
  values: [organization_id],
});
