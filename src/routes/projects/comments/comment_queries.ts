import { COMMENT, jsonRows, type PageComment } from '../../../conversation/conversation.js';
import { finds, rowOf } from '../../../db/planner.js';
import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** Somebody for whom a comment was meant. `by`: who notified them of it afterwards; null: its author. Times ISO 8601. */
interface Tag {
  id: string;
  name: string;
  by: string | null;
  by_name: string | null;
  /** Of who notified them. */
  by_partner: string | null;
  at: string;
}

export interface ThreadComment extends PageComment {
  tags: Tag[];
  /** It was meant for its reader, who hasn't seen it. */
  unread: boolean;
}

/** A thread of a project's comments: the first one, and some that answer, the oldest first. */
export interface Thread {
  id: string;
  title: string;
  audience: PageComment['audience'];
  /** How many answer, in all. */
  replies: number;
  /** The newest comment. */
  last_id: string;
  task: { number: string; title: string } | null;
  /** Who wrote in it or was tagged. */
  people: string[];
  comments: ThreadComment[];
}

/** What the threads are narrowed to. */
export const FILTERS = ['all', 'tagged', 'files'] as const;
export type Filter = (typeof FILTERS)[number];

/** Threads on a page; of each so many answers, and of one that is looked at so many more. */
export const PAGE = 12;
const FEW = 4;
const MANY = 30;

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const MOST_TAGGED = 200;

const TAGS = jsonRows(
  `select y.person_id as id, q.name, y.notified_by as by, w.name as by_name, w.partner_id as by_partner, y.created_at as at
  from comment_tags y
    cross join ${rowOf('people', 'y.person_id')} q
    left join ${rowOf('people', 'y.notified_by')} w on true
  where y.organization_id = $1 and y.comment_id = x.id limit 100`,
  'r.at, r.name',
);

const UNREAD = finds(`notifications n
  where n.organization_id = $1 and n.activity_id = x.activity_id and n.person_id = $3 and n.read_at is null`);

const comments = (answers: string) =>
  jsonRows(
    `select ${COMMENT}, ${TAGS} as tags, ${UNREAD} as unread
    from (
      (select * from comments where organization_id = $1 and id = t.id)
      union all (select * from comments where organization_id = $1 and thread_id = t.id order by id desc limit ${answers})
      ) x
      join people p on p.organization_id = x.organization_id and p.id = x.person_id`,
    'r.id',
  );

const threads = (which: string, answers: string) => `select t.id, t.title, t.audience, t.replies, t.last_id,
    (select json_build_object('number', k.number, 'title', k.title) from tasks k
      where k.organization_id = $1 and k.id = t.about_id) as task,
    array(select y.person_id from thread_people y
      where y.organization_id = $1 and y.thread_id = t.id order by y.person_id limit 100) as people,
    ${comments(answers)} as comments
  from (${which}) t order by t.last_id desc`;

// None if its conversation is hidden from the reader, who isn't asked about each comment then.
const SUBJECT_ID = `(select s.id from subjects s where s.organization_id = $1 and s.id = ${PROJECT_ID})`;

const newest = (narrowed: string) => `select * from comments c
  where c.organization_id = $1 and c.subject_id = ${SUBJECT_ID} and c.thread_id is null and c.last_id < $4 ${narrowed}
  order by c.last_id desc limit ${PAGE + 1}`;

// Those of staff alone are not even looked at for a partner: there may be many.
const SHARED = `and c.audience <> 'staff'`;

const lists = (shared: string): Readonly<Record<Filter, string>> => ({
  all: newest(shared),
  files: newest(`and c.has_files ${shared}`),
  tagged: `select c.* from (
      select y.thread_id from thread_people y
      where y.organization_id = $1 and y.person_id = $3 and y.subject_id = ${SUBJECT_ID} and y.tagged
      order by y.thread_id desc limit ${MOST_TAGGED}) y
    cross join ${rowOf('comments', 'y.thread_id')} c
    where c.last_id < $4 order by c.last_id desc limit ${PAGE + 1}`,
});

/** A page of the threads of the project with this key, those with the newest comments first; one more tells of the next. */
export const projectThreads = (
  { organization_id, person_id, partner_id }: Actor,
  key: string,
  filter: Filter,
  before: string | null,
): Query<Thread> => ({
  name: `project_threads_${filter}${partner_id ? '_of_partner' : ''}`,
  text: threads(lists(partner_id ? SHARED : '')[filter], String(FEW)),
  values: [organization_id, key, person_id, before ?? LAST],
});

// Its newest answers, and those up to the comment that is looked at.
const ONE = threads(
  `select c.* from (
      select case when thread_id is null then id else thread_id end as id from comments
      where organization_id = $1 and subject_id = ${SUBJECT_ID} and id = $4) y
    cross join ${rowOf('comments', 'y.id')} c`,
  `${MANY}) union (select * from comments where organization_id = $1 and thread_id = t.id and id <= $4
      order by id desc limit ${MANY}`,
);

/** The thread in which a comment stands, with what stands before it. */
export const threadOf = ({ organization_id, person_id }: Actor, key: string, comment_id: string): Query<Thread> => ({
  name: 'project_thread',
  text: ONE,
  values: [organization_id, key, person_id, comment_id],
});

/** A task that a thread may be about. */
export interface TaskChoice {
  id: string;
  number: string;
  title: string;
}

export const taskChoices = ({ organization_id }: Actor, key: string): Query<TaskChoice> => ({
  name: 'project_task_choices',
  text: `select t.id, t.number, t.title from tasks t
    where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.state in ('open', 'started')
    order by t.position limit 100`,
  values: [organization_id, key],
});
