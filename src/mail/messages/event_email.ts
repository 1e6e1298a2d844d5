import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { isOneOf } from '../../document_types/type_sql.js';
import type { Difference } from '../../activity/difference.js';

/** Everything an event's email is composed from, read when it is sent. Amounts in minor units, dates as ISO 8601. */
export interface EventEmail {
  email: { id: string; message_id: string; to_address: string; created_at: Date; state: string };
  organization: { id: string; slug: string; name: string; email: string; accent: string };
  /** The partner's name. */
  partner: string | null;
  reader: {
    id: string;
    name: string;
    partner_id: string | null;
    locale: string;
    time_zone: string;
    removed_at: Date | null;
  };
  activity: {
    id: string;
    action: string;
    details: Record<string, unknown>;
    actor: string | null;
    visible_to: string;
    version: number;
  };
  /** What it is about; `type`: its kind. */
  subject: { id: string; type: string; number: string | null; state: string; title: string };
  /** Its dates and money, if it is a document. */
  document: EmailedDocument | null;
  read_at: Date | null;
  /** The event's comment, if it has one, then up to two earlier ones. */
  comments: { author: string; body: string; created_at: Date; activity_id: string; files: number }[];
  /** Earlier events whose emails were merged into this one: the last few, newest first, and how many in all. */
  merged: { count: number; last: { action: string; details: Record<string, unknown>; actor: string | null }[] };
  /** The other people who will read a reply. */
  others: string[];
  /** The Message-ID, as stored, of the previous message to this reader about the subject; null for the first. */
  previous: string | null;
}

export interface EmailedDocument {
  type: string;
  state: string;
  currency: string;
  due_on: string | null;
  total: number;
  open: number;
  pay_on: string | null;
  differences: Difference[] | null;
  /** The changes a vendor currently proposes. */
  proposed?: Difference[] | null;
}

const SUBJECT = `json_build_object('id', s.id, 'type', s.kind, 'number', s.number, 'state', s.state, 'title', s.title)`;

const DOCUMENT = `case when d.id is not null then json_build_object(
  'type', d.type, 'state', d.state, 'currency', d.currency, 'due_on', d.due_on, 'total', d.total, 'pay_on', d.pay_on,
  'differences', d.differences, 'proposed', d.proposed,
  'open', coalesce((
    select case when ${isOneOf('d.type', typesThatOwe('payable'))} then -sum(amount) else sum(amount) end from ledger_entries l
    where l.organization_id = d.organization_id and l.document_id = d.id and l.created_at <= a.created_at), 0)) end`;

const COMMENTS = `select json_agg(c) from (
  select p.name as author, c.body, c.created_at, c.activity_id,
    (select count(*)::int from files f where f.organization_id = c.organization_id and f.comment_id = c.id) as files
  from comments c join people p on p.organization_id = c.organization_id and p.id = c.person_id
  where c.organization_id = s.organization_id and c.subject_id = s.id and c.activity_id <= a.id
    and c.audience in ('shared', case when r.partner_id is null then 'staff' else 'partner' end)
  order by c.id desc limit 3) c`;

const OTHERS = `select json_agg(p.name order by p.partner_id nulls first, p.id)
  from participants x
  join people p on p.organization_id = x.organization_id and p.id = x.person_id
  where x.organization_id = s.organization_id and x.subject_id = s.id and p.removed_at is null and p.id <> r.id
    and (p.partner_id is null or p.partner_id = s.partner_id)
    and (a.visible_to = 'both' or (a.visible_to = 'staff') = (p.partner_id is null))`;

const MERGED = `select json_build_object('count', count(*)::int, 'last', coalesce(
    json_agg(json_build_object('action', action, 'details', details, 'actor', actor) order by id desc)
      filter (where nth <= 8), '[]'))
  from (
    select b.id, b.action, b.details, q.name as actor, row_number() over (order by b.id desc) as nth
    from emails m
    join activities b on b.organization_id = m.organization_id and b.id = m.activity_id
    left join people q on q.organization_id = b.organization_id and q.id = b.person_id
    where m.organization_id = e.organization_id and m.merged_into = e.id) t`;

const EVENT_EMAIL = `select
    row_to_json(e) as email, row_to_json(o) as organization, row_to_json(r) as reader, c.name as partner,
    json_build_object('id', a.id, 'action', a.action, 'details', a.details, 'visible_to', a.visible_to,
      'version', a.version, 'actor', w.name) as activity,
    ${SUBJECT} as subject, ${DOCUMENT} as document,
    (select read_at from notifications n where n.organization_id = e.organization_id
      and n.activity_id = e.activity_id and n.person_id = e.person_id) as read_at,
    coalesce((${COMMENTS}), '[]') as comments,
    coalesce((${OTHERS}), '[]') as others,
    (${MERGED}) as merged,
    (select b.message_id from emails b where b.organization_id = e.organization_id
      and b.subject_id = e.subject_id and b.person_id = e.person_id and b.id < e.id
      and b.state in ('accepted', 'delivered') order by b.id desc limit 1) as previous
  from emails e
  join organizations o on o.id = e.organization_id
  join people r on r.organization_id = e.organization_id and r.id = e.person_id
  join activities a on a.organization_id = e.organization_id and a.id = e.activity_id
  join subjects s on s.organization_id = e.organization_id and s.id = e.subject_id
  left join documents d on d.organization_id = e.organization_id and d.id = e.subject_id
  left join partners c on c.organization_id = s.organization_id and c.id = s.partner_id
  left join people w on w.organization_id = a.organization_id and w.id = a.person_id
  where e.organization_id = $1 and e.id = $2`;

/** Reads an event's email; undefined for other kinds. A prepared statement, since planning costs more than running. */
export async function readEventEmail(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
): Promise<EventEmail | undefined> {
  const [eventEmail] = await queryPrepared<EventEmail>(db, EVENT_EMAIL, [organization_id, email_id]);
  return eventEmail;
}
