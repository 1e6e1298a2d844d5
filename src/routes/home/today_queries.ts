import type { Actor, Query } from '../../db/scope.js';
import { type FirstSteps, firstStepsQuery } from './first_steps.js';
import { FEED, type FeedRow } from './home_queries.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import {
  absentFrom,
  awaitedFromAbsent,
  awaitedFromOthers,
  awaitedFromStaff,
  owedByAll,
  type StaffDocument,
  staffDrafts,
} from '../../documents/queries/waiting.js';
import { askedDates, type HomeTask, tasksOf } from '../projects/tasks/home_tasks.js';
import { type Aged, agedReceivables } from '../../payments/ledger/balances.js';

/** A partner's comment that staff have not answered or acted on since. */
export interface Question {
  id: string;
  kind: string;
  number: string | null;
  author: string;
  body: string;
  created_at: Date;
  /** For whom it is to be answered, as their deputy. */
  absent: string | null;
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

// Ids are in the order of creation, so the newest comments are at the end of the primary key. 500 bound the work, and
// it ends with twenty. Only the last comment on a subject can be open.
const QUESTIONS = `select s.id, s.kind, s.number, p.name as author, left(c.body, 200) as body, c.created_at,
    ${absentFrom('s.id', '$2')} as absent
  from (select * from comments where organization_id = $1 and audience = 'shared' order by id desc limit 500) c
  cross join lateral (select * from people p
    where p.organization_id = $1 and p.id = c.person_id and p.partner_id is not null limit 1) p
  cross join lateral (select * from subjects s where s.organization_id = $1 and s.id = c.subject_id limit 1) s
  where (select n.id from comments n
      where n.organization_id = $1 and n.subject_id = c.subject_id and n.id > c.id and n.audience = 'shared' limit 1) is null
    and (select a.id from activities a
      where a.organization_id = $1 and a.subject_id = c.subject_id and a.id > c.activity_id
        and (a.side = 'staff' or (a.action = 'comment' and a.visible_to = 'both')) limit 1) is null
  order by c.id desc limit 20`;

const BOUNCED = `select s.id, s.name, s.email, s.partner_id, p.name as partner, s.bounced_at
  from (
    select * from people where organization_id = $1 and bounced_at is not null and removed_at is null
      and partner_id is not null order by bounced_at desc nulls last limit 20) s
  cross join lateral (
    select * from partners p where p.organization_id = s.organization_id and p.id = s.partner_id limit 1) p
  order by s.bounced_at desc`;

export type TodayQueries = [
  drafts: Query<StaffDocument>,
  questions: Query<Question>,
  bounced: Query<Bounced>,
  held: Query<{ held: number }>,
  overdue: Query<StaffDocument>,
  owed: Query<ListedDocument>,
  ours: Query<StaffDocument>,
  absents: Query<StaffDocument>,
  others: Query<ListedDocument>,
  aged: Query<Aged>,
  feed: Query<FeedRow>,
  tasks: Query<HomeTask>,
  asked: Query<HomeTask>,
  steps: Query<FirstSteps>,
];

/** The desk's first page, in one round trip. */
export function todayQueries(actor: Actor, day: string): TodayQueries {
  const { organization_id, person_id } = actor;
  const values = [organization_id];
  return [
    staffDrafts(actor),
    { name: 'today_questions', text: QUESTIONS, values: [...values, person_id] },
    { name: 'today_bounced', text: BOUNCED, values },
    {
      name: 'today_held',
      text: `select count(*) as held from (select from inbound_deliveries where organization_id = $1 and state = 'held' limit 100) d`,
      values,
    },
    owedByAll(actor, 'overdue', day),
    owedByAll(actor, 'later', day),
    awaitedFromStaff(actor),
    awaitedFromAbsent(actor),
    awaitedFromOthers(actor),
    agedReceivables(actor, day),
    {
      name: 'today_feed',
      text: `select ${FEED} where a.organization_id = $1 and a.action not in ('start', 'edit', 'detach', 'change_preferences') order by a.id desc limit 15`,
      values,
    },
    tasksOf(actor, day),
    askedDates(actor),
    firstStepsQuery(actor),
  ];
}
