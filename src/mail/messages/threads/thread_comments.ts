import { rowOf } from '../../../db/planner.js';

/** The comment that an email tells of, in a thread of comments: of a project. */
export interface ToldThread {
  comment_id: string;
  /** Who wrote the comment: an answer by email reaches them. */
  author: string;
  /** What the thread is called; '' if it has no name. */
  title: string;
}

// Not `coalesce`, by which a row under row security is not found by its index.
const ROOT = 'case when c.thread_id is null then c.id else c.thread_id end';

/** SQL: `v`, the comment of the activity `a` on the subject `s`, if it stands in a thread and the reader `r` may read it. */
export const TOLD_COMMENT = `lateral (
    select c.id, ${ROOT} as root, p.name as author, h.title
    from comments c
    cross join ${rowOf('people', 'c.person_id')} p
    cross join ${rowOf('comments', ROOT)} h
    where s.kind = 'project' and a.action in ('comment', 'notify', 'share_mail')
      and c.organization_id = $1 and c.id = (a.details ->> 'comment')::uuid
      and c.audience in ('shared', case when r.partner_id is null then 'staff' else 'partner' end) limit 1) v`;

/** SQL: that comment, and up to two before it in its thread, the newest first. They have the same readers. */
export const THREAD_COMMENTS = `select json_agg(c) from (
  select p.name as author, c.body, c.created_at, c.activity_id, c.id = v.id as told,
    (select count(*)::int from files f where f.organization_id = $1 and f.comment_id = c.id) as files
  from (
    (select * from comments where organization_id = $1 and id = v.id)
    union all (select * from comments where organization_id = $1 and id = v.root and v.root <> v.id)
    union all (select * from comments where organization_id = $1 and thread_id = v.root and id < v.id
      order by id desc limit 2)) c
  cross join ${rowOf('people', 'c.person_id')} p
  order by c.id desc limit 3) c`;

/** SQL: the files of that comment. */
export const COMMENT_FILES = `select json_agg(f order by f.id) from (
  select f.id, f.name, f.size, f.content_type, f.sha256, true as said, true as fresh
  from files f where f.organization_id = $1 and f.comment_id = v.id order by f.id desc limit 30) f`;
