import { types } from '../../document_types/index.js';
import type { Actor, Query } from '../../db/scope.js';
import { ONLINE } from '../content/document.js';
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

/** In which something is to be paid to a partner. */
const PAYABLE = kinds(({ owes, actions }) => (owes === 'payable' ? [...(actions['record_payment']?.from ?? [])] : []));

/** In which staff have begun something. */
const DRAFTS = kinds(({ startedBy, states }) => (startedBy === 'staff' ? [states[0]] : []));

const LIMIT = 20;
/** Of a project's documents, among so many of the newest. */
const OF_PROJECT = 500;
const BY_DUE = `${DUE}, d.id`;

/** SQL: the first documents `d` of each kind, as an index has them in this order: however many there are, few are read. */
const firstOf = (rows: Kinds, where: string, order: string, limit = LIMIT) => `
  select d.* from (values ${rows}) k (type, state) cross join lateral (
    select * from documents d where d.organization_id = $1 and d.type = k.type and d.state = k.state and ${where}
    order by ${order} limit ${limit}) d`;

const listed = (found: string, order: string, columns = LISTED_COLUMNS) =>
  `select ${columns} from (${found}) d order by ${order} limit ${LIMIT}`;

/** What a member of the staff sees to. `absent`: for whom, as their deputy. */
export interface StaffDocument extends ListedDocument {
  absent: string | null;
}

/** SQL: the name of the member who is away and takes part in a subject, if `reader` is their deputy and takes none. */
export const absentFrom = (subject: string, reader: string): string => `case
  when (select count(*) from deputizing($1, ${reader})) > 0 then (
    select p.name from people p where p.organization_id = $1 and p.id = acting_for($1, ${reader}, ${subject})) end`;

const staffColumns = (reader: string) => `${LISTED_COLUMNS}, ${absentFrom('d.id', reader)} as absent`;

/** What a partner has to pay. */
export interface OwedDocument extends ListedDocument {
  /** A gateway takes it. */
  online: boolean;
}

/** What a partner has to pay, most urgent first. */
export const owedByPartner = ({ organization_id, partner_id }: Actor): Query<OwedDocument> => ({
  name: 'partner_owes',
  text: listed(firstOf(OWED, 'd.partner_id = $2', BY_DUE), BY_DUE, `${LISTED_COLUMNS}, ${ONLINE} as online`),
  values: [organization_id, partner_id],
});

const BY_PAY_DAY = 'd.pay_on, d.id';

/** What a partner will be paid, soonest first. */
export const owedToPartner = ({ organization_id, partner_id }: Actor): Query<ListedDocument> => ({
  name: 'owed_to_partner',
  text: listed(firstOf(PAYABLE, 'd.partner_id = $2 and d.pay_on is not null', BY_PAY_DAY), BY_PAY_DAY),
  values: [organization_id, partner_id],
});

/** What waits for a partner, most urgent first. */
export const awaitedFromPartner = ({ organization_id, partner_id }: Actor): Query<ListedDocument> => ({
  name: 'partner_moves',
  text: listed(firstOf(awaiting('partner'), 'd.partner_id = $2 and d.proposed is null', BY_DUE), BY_DUE),
  values: [organization_id, partner_id],
});

/** A document that waits for somebody, and whether they sign it. */
export interface AwaitedInProject extends ListedDocument {
  signature_required: boolean;
}

/** Of the documents of the project with this key, what waits for its reader's side, most urgent first. */
export const awaitedInProject = ({ organization_id, side }: Actor, key: string): Query<AwaitedInProject> => ({
  name: `project_moves_of_${side === 'staff' ? 'staff' : 'partners'}`,
  text: listed(
    `select d.* from (
      select * from documents d where d.organization_id = $1
        and d.project_id = (select id from projects where organization_id = $1 and key = $2)
      order by d.id desc limit ${OF_PROJECT}) d
    where (d.type, d.state) in (${awaiting(side === 'staff' ? 'staff' : 'partner')}) and d.proposed is null`,
    BY_DUE,
    `${LISTED_COLUMNS}, d.signature_required`,
  ),
  values: [organization_id, key],
});

/** What is to be paid to the organization: what was due before this day, or is from then on. */
export const owedByAll = (
  { organization_id, person_id }: Actor,
  when: 'overdue' | 'later',
  day: string,
): Query<StaffDocument> => ({
  name: `owed_${when}`,
  text: listed(firstOf(OWED, `${DUE} ${when === 'overdue' ? '<' : '>='} $2`, BY_DUE), BY_DUE, staffColumns('$3')),
  values: [organization_id, day, person_id],
});

/** Drafts of staff, newest first. */
export const staffDrafts = ({ organization_id, person_id }: Actor): Query<StaffDocument> => ({
  name: 'staff_drafts',
  text: listed(firstOf(DRAFTS, 'true', 'd.id desc'), 'd.id desc', staffColumns('$2')),
  values: [organization_id, person_id],
});

/** Of each kind, among how many of the newest the ones are found in which something happened last. */
const RECENT = 50;

const proposed = (where: string) => `(
  select * from documents d where d.organization_id = $1 and d.proposed is not null and ${where}
  order by d.id desc limit ${RECENT})`;

const staffMoves = (where: string) =>
  `${firstOf(awaiting('staff'), `d.proposed is null and ${where}`, 'd.id desc', RECENT)} union all ${proposed(where)}`;

/** What waits for staff: approvals, differing bills, changes requested or proposed, proposals to compare. */
export const awaitedFromStaff = ({ organization_id, person_id }: Actor): Query<StaffDocument> => ({
  name: 'staff_moves',
  text: listed(staffMoves('true'), 'd.updated_at desc', staffColumns('$2')),
  values: [organization_id, person_id],
});

// Begins with who is away: for who is nobody's deputy there is nothing to read.
const ABSENT_MOVES = `select d.* from deputizing($1, $2) b
  cross join lateral (${staffMoves('d.organization_id = b.organization_id')}) d
  where b.person_id = acting_for($1, $2, d.id)`;

/** Of that, what waits for somebody who is away, for their deputy: however much else waits. */
export const awaitedFromAbsent = ({ organization_id, person_id }: Actor): Query<StaffDocument> => ({
  name: 'absent_moves',
  text: listed(ABSENT_MOVES, 'd.updated_at desc', staffColumns('$2')),
  values: [organization_id, person_id],
});

/** What waits for partners: answers, acknowledgements, corrections. */
export const awaitedFromOthers = ({ organization_id }: Actor): Query<ListedDocument> => ({
  name: 'others_moves',
  text: listed(firstOf(awaiting('partner'), 'd.proposed is null', BY_DUE), BY_DUE),
  values: [organization_id],
});
