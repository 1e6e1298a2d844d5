import { types } from '../../document_types/index.js';
import type { Actor, Query } from '../../db/scope.js';
import { LISTED_COLUMNS, type ListedDocument } from './list.js';
import { DUE } from './list_clauses.js';

/** SQL rows `(type, state)`. */
type Kinds = string;

const kinds = (statesOf: (type: (typeof types)[number]) => string[]): Kinds =>
  types.flatMap((type) => statesOf(type).map((state) => `('${type.name}', '${state}')`)).join(', ');

/** In which documents wait for this side, except for a partner's payment. */
const awaiting = (side: 'staff' | 'partner') =>
  kinds(({ stateLabels, owes }) =>
    side === 'partner' && owes === 'receivable'
      ? []
      : Object.entries(stateLabels).flatMap(([state, { awaits }]) =>
          awaits === side && state !== 'draft' ? [state] : [],
        ),
  );

/** In which something is to be paid to the organization. */
const OWED = kinds(({ stateLabels, startedBy, owes }) =>
  owes === 'receivable'
    ? Object.entries(stateLabels).flatMap(([state, { awaits }]) => (awaits && awaits !== startedBy ? [state] : []))
    : [],
);

/** In which staff have begun something. */
const DRAFTS = kinds(({ startedBy, states }) => (startedBy === 'staff' ? [states[0]] : []));

const LIMIT = 20;
const BY_DUE = `${DUE}, d.id`;

/** SQL: the first documents `d` of each kind, as an index has them in this order: however many there are, few are read. */
const firstOf = (rows: Kinds, where: string, order: string, limit = LIMIT) => `
  select d.* from (values ${rows}) k (type, state) cross join lateral (
    select * from documents d where d.organization_id = $1 and d.type = k.type and d.state = k.state and ${where}
    order by ${order} limit ${limit}) d`;

const listed = (found: string, order: string) =>
  `select ${LISTED_COLUMNS} from (${found}) d order by ${order} limit ${LIMIT}`;

/** What a partner has to pay, most urgent first. */
export const owedByPartner = ({ organization_id, partner_id }: Actor): Query<ListedDocument> => ({
  name: 'partner_owes',
  text: listed(firstOf(OWED, 'd.partner_id = $2', BY_DUE), BY_DUE),
  values: [organization_id, partner_id],
});

/** What waits for a partner, most urgent first. */
export const awaitedFromPartner = ({ organization_id, partner_id }: Actor): Query<ListedDocument> => ({
  name: 'partner_moves',
  text: listed(firstOf(awaiting('partner'), 'd.partner_id = $2 and d.proposed is null', BY_DUE), BY_DUE),
  values: [organization_id, partner_id],
});

/** What is to be paid to the organization: what was due before this day, or is from then on. */
export const owedByAll = (
  { organization_id }: Actor,
  when: 'overdue' | 'later',
  day: string,
): Query<ListedDocument> => ({
  name: `owed_${when}`,
  text: listed(firstOf(OWED, `${DUE} ${when === 'overdue' ? '<' : '>='} $2`, BY_DUE), BY_DUE),
  values: [organization_id, day],
});

/** Drafts of staff, newest first. */
export const staffDrafts = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'staff_drafts',
  text: listed(firstOf(DRAFTS, 'true', 'd.id desc'), 'd.id desc'),
  values: [organization_id],
});

/** Of each kind, among how many of the newest the ones are found in which something happened last. */
const RECENT = 50;

const PROPOSED = `(select * from documents d where d.organization_id = $1 and d.proposed is not null
  order by d.id desc limit ${RECENT})`;

/** What waits for staff: approvals, differing bills, changes requested or proposed, proposals to compare. */
export const awaitedFromStaff = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'staff_moves',
  text: listed(
    `${firstOf(awaiting('staff'), 'd.proposed is null', 'd.id desc', RECENT)} union all ${PROPOSED}`,
    'd.updated_at desc',
  ),
  values: [organization_id],
});

/** What waits for partners: answers, acknowledgements, corrections. */
export const awaitedFromOthers = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'others_moves',
  text: listed(firstOf(awaiting('partner'), 'd.proposed is null', BY_DUE), BY_DUE),
  values: [organization_id],
});
