import type { Actor, Query } from '../../../db/scope.js';
import { AGREED, CREDITS, INVOICED, PREPAID } from '../../../documents/budget/budget_classes.js';
import { typesThatOwe } from '../../../document_types/relations.js';
import { isOneOf } from '../../../document_types/type_sql.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** What was agreed, invoiced and paid in a project, in one currency. Minor units, with tax. */
export interface ProjectMoney {
  currency: string;
  agreed: number;
  invoiced: number;
  paid: number;
  /** What is open, and the first day on which some of it is due; ISO 8601. */
  open: number;
  due_on: string | null;
}

const ENTRIES = 'from ledger_entries e where e.organization_id = d.organization_id and';

/** What of a retainer was taken off invoices is invoiced with them. */
const APPLIED = `coalesce((select -sum(e.amount) ${ENTRIES} e.source_id = d.id and e.document_id is not null), 0)`;
/** Payments, less what was given back. Credit that was used is no payment: it was paid before, or never invoiced. */
const PAID = `coalesce((select -sum(e.amount) ${ENTRIES} e.document_id = d.id
  and e.kind in ('payment', 'refund', 'reversal')), 0)`;
const OPEN = `coalesce((select sum(e.amount) ${ENTRIES} e.document_id = d.id), 0)`;

const RECEIVABLE = isOneOf('d.type', typesThatOwe('receivable'));

/** By currency, what was agreed, invoiced and paid in the project with this key, of the documents that its reader sees. */
export const projectMoney = ({ organization_id }: Actor, key: string): Query<ProjectMoney> => ({
  name: 'project_money',
  text: `select m.currency, coalesce(sum(m.total) filter (where m.agreed), 0)::bigint as agreed,
      (coalesce(sum(m.total * m.sign) filter (where m.invoiced), 0)
        + coalesce(sum(m.total - m.applied) filter (where m.prepaid), 0))::bigint as invoiced,
      coalesce(sum(m.paid) filter (where m.receivable), 0)::bigint as paid,
      coalesce(sum(m.open) filter (where m.receivable and m.open > 0), 0)::bigint as open,
      min(m.due_on) filter (where m.receivable and m.open > 0) as due_on
    from (
      select d.currency, d.total, d.due_on, (${AGREED}) as agreed, (${INVOICED}) as invoiced, (${PREPAID}) as prepaid,
        ${RECEIVABLE} as receivable, case when ${CREDITS} then -1 else 1 end as sign,
        case when ${PREPAID} then ${APPLIED} else 0 end as applied,
        case when ${RECEIVABLE} then ${PAID} else 0 end as paid,
        case when ${RECEIVABLE} then ${OPEN} else 0 end as open
      from (select d.* from documents d where d.organization_id = $1 and d.project_id = ${PROJECT_ID}
        order by d.id desc limit 5000) d) m
    group by m.currency order by agreed desc, m.currency`,
  values: [organization_id, key],
});
