import type { Actor, Query } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { FEED, type FeedRow, OWED } from './home_queries.js';
import { DUE } from '../../documents/queries/list_clauses.js';
import { LISTED, LISTED_COLUMNS, type ListedDocument } from '../../documents/queries/list.js';
import { awaitedFromOthers, awaitedFromStaff } from '../../documents/queries/waiting.js';

/** A partner's comment that staff have not answered or acted on since. */
export interface Question {
  id: string;
  kind: string;
  number: string | null;
  author: string;
  body: string;
  created_at: Date;
}

/** A contact whose last email bounced. */
export interface Bounced {
  id: string;
  name: string;
  email: string;
  partner_id: string;
  partner: string;
  bounced_at: Date;
}

/** What is owed in a currency, by the age of the invoices in days; amounts in minor units. */
export interface Aged {
  currency: string;
  youngest: number;
  month: number;
  two_months: number;
  oldest: number;
  overdue: number;
}

const DRAFT_STATES = types
  .filter(({ startedBy }) => startedBy === 'staff')
  .map(({ name, states }) => `('${name}', '${states[0]}')`)
  .join(', ');

// The newest of each type, by its index, and then of all.
const DRAFTS = `select ${LISTED_COLUMNS} from (values ${DRAFT_STATES}) t (type, state)
  cross join lateral (select * from documents d
    where d.organization_id = $1 and d.type = t.type and d.state = t.state order by d.id desc limit 20) d
  order by d.id desc limit 20`;

// Ids are in the order of creation, so the newest comments are at the end of the primary key. 500 bound the work. Only
// the last comment on a subject can be open.
const QUESTIONS = `select s.id, s.kind, s.number, p.name as author, left(c.body, 200) as body, c.created_at
  from (
    select distinct on (subject_id) * from (
      select * from comments where organization_id = $1 and audience = 'shared' order by id desc limit 500) newest
    order by subject_id, id desc) c
  cross join lateral (select * from people p
    where p.organization_id = $1 and p.id = c.person_id and p.partner_id is not null limit 1) p
  cross join lateral (select * from subjects s where s.organization_id = $1 and s.id = c.subject_id limit 1) s
  where (select a.id from activities a
    where a.organization_id = $1 and a.subject_id = c.subject_id and a.id > c.activity_id
      and (a.side = 'staff' or (a.action = 'comment' and a.visible_to = 'both')) limit 1) is null
  order by c.id desc limit 20`;

const BOUNCED = `select s.id, s.name, s.email, s.partner_id, p.name as partner, s.bounced_at from people s
  join partners p on p.organization_id = s.organization_id and p.id = s.partner_id
  where s.organization_id = $1 and s.bounced_at is not null and s.removed_at is null order by s.bounced_at desc limit 20`;

const sum = (name: string, condition: string) =>
  `coalesce(sum(open) filter (where ${condition}), 0)::bigint as ${name}`;
const AGED = `select currency, ${sum('youngest', 'age <= 30')}, ${sum('month', 'age between 31 and 60')}, ${sum('two_months', 'age between 61 and 90')},
    ${sum('oldest', 'age > 90')}, ${sum('overdue', 'late')}
  from (select e.currency, e.amount as open, $2::date - d.issued_on as age, coalesce(d.due_on < $2::date, false) as late
    from documents d join ledger_entries e on e.organization_id = d.organization_id and e.document_id = d.id
    where d.organization_id = $1 and (${OWED})) owed
  group by currency order by sum(open) desc`;

export type TodayQueries = [
  drafts: Query<ListedDocument>,
  questions: Query<Question>,
  bounced: Query<Bounced>,
  held: Query<{ held: number }>,
  overdue: Query<ListedDocument>,
  owed: Query<ListedDocument>,
  ours: Query<ListedDocument>,
  others: Query<ListedDocument>,
  aged: Query<Aged>,
  feed: Query<FeedRow>,
];

/** The desk's first page, in one round trip. */
export function todayQueries(actor: Actor, day: string): TodayQueries {
  const { organization_id } = actor;
  const owed = (condition: string) =>
    `select ${LISTED} where d.organization_id = $1 and (${OWED}) and ${condition} order by ${DUE}, d.id limit 20`;
  const [values, dated] = [[organization_id], [organization_id, day]];
  return [
    { name: 'today_drafts', text: DRAFTS, values },
    { name: 'today_questions', text: QUESTIONS, values },
    { name: 'today_bounced', text: BOUNCED, values },
    {
      name: 'today_held',
      text: `select count(*) as held from (select from inbound_deliveries where organization_id = $1 and state = 'held' limit 100) d`,
      values,
    },
    { name: 'today_overdue', text: owed(`${DUE} < $2`), values: dated },
    { name: 'today_waiting', text: owed(`${DUE} >= $2`), values: dated },
    awaitedFromStaff(actor),
    awaitedFromOthers(actor),
    { name: 'today_aged', text: AGED, values: dated },
    {
      name: 'today_feed',
      text: `select ${FEED} where a.organization_id = $1 and a.action not in ('start', 'edit', 'detach') order by a.id desc limit 15`,
      values,
    },
  ];
}
