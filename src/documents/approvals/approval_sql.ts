import { finds } from '../../db/planner.js';
import { quotedNames } from '../../document_types/type_sql.js';
import { staffRolesWith } from '../../subjects/permissions.js';

const CURRENCY = '(select o.currency from organizations o where o.id = d.organization_id)';

/** Whether a document `d` comes to more than one person may approve alone; another currency counts as that. */
export const TWO_APPROVALS = `coalesce((select d.total > o.two_approvals_above or d.currency <> o.currency
  from organizations o where o.id = d.organization_id and o.two_approvals_above is not null), false)`;

/** SQL, from the table on: the staff `p` who may approve a document `d`, and have had no part in it yet. */
export const APPROVERS = `people p where p.organization_id = d.organization_id and p.partner_id is null
  and p.removed_at is null and not p.pending and p.role in (${quotedNames(staffRolesWith('approving'))})
  and not (p.id = any (d.entered_by)) and p.id is distinct from d.approved_by
  and (p.approve_limit is null or (p.approve_limit >= d.total and d.currency = ${CURRENCY}))`;

/** Whether anybody is left to approve a document `d`: asked only where somebody had a part in it. */
export const OTHERS_MAY_APPROVE = `case when d.approved_by is null and d.entered_by = '{}' then true
  else ${finds(APPROVERS)} end`;
