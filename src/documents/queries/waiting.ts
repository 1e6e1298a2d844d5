import { types } from '../../document_types/index.js';
import { quotedNames } from '../../document_types/type_sql.js';
import type { Actor, Query } from '../../db/scope.js';
import { LISTED, type ListedDocument } from './list.js';

/** SQL: the documents `d` that this side must act on, except those that a partner has to pay. */
const awaitsSql = (side: 'staff' | 'partner') =>
  types
    .flatMap(({ name, stateLabels, owes }) => {
      const states = Object.entries(stateLabels).filter(
        ([state, { awaits }]) => awaits === side && state !== 'draft' && !(side === 'partner' && owes === 'receivable'),
      );
      return states.length
        ? [`(d.type = '${name}' and d.state in (${quotedNames(states.map(([state]) => state))}))`]
        : [];
    })
    .join(' or ');

const LIMIT = 20;

/** What waits for a partner, most urgent first. */
export const awaitedFromPartner = ({ organization_id, partner_id }: Actor): Query<ListedDocument> => ({
  name: 'partner_moves',
  text: `select ${LISTED} where d.organization_id = $1 and d.partner_id = $2 and (${awaitsSql('partner')})
    order by d.due_on nulls last, d.id limit ${LIMIT}`,
  values: [organization_id, partner_id],
});

/** What waits for staff: approvals, differing bills, changes requested or proposed, proposals to compare. */
export const awaitedFromStaff = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'staff_moves',
  text: `select ${LISTED} where d.organization_id = $1 and (${awaitsSql('staff')} or d.proposed is not null)
    order by d.updated_at desc limit ${LIMIT}`,
  values: [organization_id],
});

/** What waits for partners: answers, acknowledgements, corrections. */
export const awaitedFromOthers = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'others_moves',
  text: `select ${LISTED} where d.organization_id = $1 and (${awaitsSql('partner')}) and d.proposed is null
    order by d.due_on nulls last, d.id limit ${LIMIT}`,
  values: [organization_id],
});
