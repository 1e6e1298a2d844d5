import type { Knex } from 'knex';
import { type EmailPreferences, PREFERENCES } from '../../activity/email_rhythm.js';
import { finds, rowOf } from '../../db/planner.js';
import { queryPrepared } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { isOneOf } from '../../document_types/type_sql.js';
import { type Meeting, MEETING } from '../invitations/meeting.js';
import { BOUNCE_DAYS, type Deliverability } from '../suppression/suppression.js';
import type { RemindedInvoice } from '../reminders/reminded_invoices.js';
import type { ReminderText } from '../reminders/reminder_wording.js';
import type { EmailedFile } from './event_files.js';
import { EMAILED_LOG, type EmailedLog } from './projects/log_email.js';
import { EMAILED_TASK, type EmailedTask } from './projects/task_email.js';
import { COMMENT_FILES, THREAD_COMMENTS, TOLD_COMMENT, type ToldThread } from './threads/thread_comments.js';
import type { PlannedCharge } from '../../activity/charging_facts.js';
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
    /** The subject was forwarded to them. */
    guest: boolean;
    locale: string;
    /** Of the PDFs that are attached, if it is another. */
    document_locale?: string | null;
    time_zone: string;
    removed_at: Date | null;
    /** They may no longer see what it is about. */
    shut_out?: boolean;
  };
  /** The reader gets it as the deputy of this person, until that day; null: for themselves. */
  absent: { name: string; until_on: string } | null;
  activity: {
    id: string;
    action: string;
    details: Record<string, unknown>;
    actor: string | null;
    /** Who did it. */
    person_id?: string | null;
    visible_to: string;
    version: number;
  };
  /** What it is about; `type`: its kind; `talks`: its partner has its conversation. */
  subject: { id: string; type: string; number: string | null; state: string; title: string; talks?: boolean };
  /** Its dates and money, if it is a document. */
  document: EmailedDocument | null;
  /** What it says of itself, if it is a task. */
  task?: EmailedTask | null;
  /** The day of a project's log that it tells of. */
  log?: EmailedLog | null;
  /** The name of the project that an event is of. */
  event_of?: string | null;
  /** When and where, if it is an event. */
  meeting?: Meeting | null;
  read_at: Date | null;
  /** The event's comment, if it has one, then up to two earlier ones. */
  comments: { author: string; body: string; created_at: Date; activity_id: string; files: number; told?: boolean }[];
  /** Of a project's comment: the thread, of which `comments` are. */
  thread?: ToldThread | null;
  /** Those on the subject, and on the event's comment. */
  files: EmailedFile[];
  /** Earlier events whose emails were merged into this one: the last few, newest first, and how many in all. */
  merged: { count: number; last: { action: string; details: Record<string, unknown>; actor: string | null }[] };
  /** The other people who will read a reply. */
  others: string[];
  /** Of a payment reminder: the invoices it tells of, and the organization’s own words. */
  reminder?: Reminder;
  /** The Message-ID, as stored, of the previous message to this reader about the subject; null for the first. */
  previous: string | null;
}

/** What a payment reminder is composed from. */
export interface Reminder {
  invoices: RemindedInvoice[];
  texts: ReminderText[];
}

/** With what decides whether it is sent, and when. */
export interface DueEmail extends EventEmail {
  /** See `whySuppressed`. */
  delivery: Deliverability & { muted: boolean };
  /** Whether other emails of its thread were postponed and wait. */
  others_wait: boolean;
  /** An earlier email of its thread could not be sent yet, and is tried again. */
  behind: boolean;
  /** The id of its reply key, if that was made for an earlier email. */
  reply_key_id: string | null;
  author: { person_id: string | null; side: string };
  /** Null: nothing was chosen. */
  preferences: EmailPreferences | null;
  /** When the last email of its thread was sent, if that was about a message which its reader hasn't answered since. */
  said_at: Date | null;
}

export interface EmailedDocument {
  type: string;
  state: string;
  currency: string;
  due_on: string | null;
  /** The other side's own number of it. */
  reference: string;
  total: number;
  open: number;
  pay_on: string | null;
  differences: Difference[] | null;
  /** The changes a vendor currently proposes. */
  proposed?: Difference[] | null;
  /** When it is charged automatically, and what to; null: it isn’t. */
  charge?: PlannedCharge | null;
}

const CHARGE = `(select json_build_object('method', g.method, 'brand', g.brand, 'last_four', g.last_four,
    'charge_on', g.charge_on, 'max_amount', g.max_amount, 'attempts', g.attempts)
  from scheduled_charges g where g.organization_id = $1 and g.document_id = d.id and g.state = 'scheduled')`;

const DOCUMENT = `case when d.id is not null then json_build_object(
  'type', d.type, 'state', d.state, 'currency', d.currency, 'due_on', d.due_on, 'reference', d.reference,
  'total', d.total, 'pay_on', d.pay_on,
  'differences', d.differences, 'proposed', d.proposed, 'charge', ${CHARGE},
  'open', coalesce((
    select case when ${isOneOf('d.type', typesThatOwe('payable'))} then -sum(amount) else sum(amount) end from ledger_entries l
    where l.organization_id = $1 and l.document_id = d.id and l.created_at <= a.created_at), 0)) end`;

const EVENT_OF = `case when s.kind = 'event' then (
    select j.name from events v join projects j on j.organization_id = v.organization_id and j.id = v.project_id
    where v.organization_id = $1 and v.id = s.id) end`;

const SHOWN_COMMENTER = `shown_author($1, r.partner_id, s.id, s.kind, 'comment', p.id, p.name)`;
const SHOWN_PERSON = `shown_author($1, r.partner_id, s.id, s.kind, null, p.id, p.name)`;

const shownDetails = (row: string) => `shown_details($1, r.partner_id, s.id, s.kind, ${row}.action, ${row}.details)`;

// What was said to another partner, whose it was before, is none of this reader's.
const COMMENTS = `select json_agg(c) from (
  select ${SHOWN_COMMENTER} as author, c.body, c.created_at, c.activity_id,
    (select count(*)::int from files f where f.organization_id = $1 and f.comment_id = c.id) as files
  from comments c cross join ${rowOf('people', 'c.person_id')} p
  where c.organization_id = $1 and c.subject_id = s.id and c.activity_id <= a.id
    and case when a.action = 'add_person' and c.activity_id = a.id and a.details ->> 'person_id' = r.id::text then true
      else (r.partner_id is null or (c.partner_id = r.partner_id and s.talks))
        and c.audience in ('shared', case when r.partner_id is null then 'staff' when not r.guest then 'partner' end) end
  order by c.id desc limit 3) c`;

// The comment is among the newest.
const FILES = `select json_agg(f order by f.id) from (
  select f.id, f.name, f.size, f.content_type, f.sha256, f.comment_id is not null as said,
    f.created_at = a.created_at as fresh
  from files f
  where f.organization_id = $1 and f.subject_id = s.id and f.version is null and f.withdrawn_by is null
    and (f.held_by is null or (f.held_by = 'project_file' and f.created_at = a.created_at and a.visible_to = 'both'))
    and (f.comment_id is null or f.comment_id = (
    select id from (
      select c.id, c.activity_id, c.audience, c.partner_id from comments c
      where c.organization_id = $1 and c.subject_id = s.id and c.activity_id <= a.id order by c.id desc limit 3) c
    where c.activity_id = a.id and (r.partner_id is null or c.partner_id = r.partner_id)
      and c.audience in ('shared', case when r.partner_id is null then 'staff' else 'partner' end) limit 1))
  order by f.id desc limit 30) f`;

const OTHERS = `select json_agg(name order by partner_id nulls first, id) from (
  select distinct on (name) name, partner_id, id from (
    select ${SHOWN_PERSON} as name, p.partner_id, p.id
  from participants x cross join ${rowOf('people', 'x.person_id')} p
  where x.organization_id = $1 and x.subject_id = s.id and p.removed_at is null and p.id <> r.id
    and (p.partner_id is null or p.partner_id = coalesce(r.partner_id, s.partner_id)) and not (r.guest and p.guest)
    and (a.visible_to = 'both' or ((a.visible_to = 'staff') = (p.partner_id is null) and not p.guest))) o) o`;

const MERGED = `select json_build_object('count', count(*)::int, 'last', coalesce(
    json_agg(json_build_object('action', action, 'details', details, 'actor', actor) order by id desc)
      filter (where nth <= 8), '[]'))
  from (
    select b.id, b.action, ${shownDetails('b')} as details,
      shown_author($1, r.partner_id, s.id, s.kind, b.action, b.person_id, q.name) as actor,
      row_number() over (order by b.id desc) as nth
    from emails m
    cross join ${rowOf('activities', 'm.activity_id')} b
    left join ${rowOf('people', 'b.person_id')} q on true
    where m.organization_id = $1 and m.merged_into = e.id and m.subject_id = e.subject_id
      and (r.partner_id is null or a.action = any ('{lose,uninvite}') or may_be_told($1, s.id, r.id, b.action))) t`;

const READER = `'id', r.id, 'name', r.name, 'partner_id', r.partner_id, 'guest', r.guest, 'locale', r.locale,
    'document_locale', r.document_locale, 'time_zone', r.time_zone, 'removed_at', r.removed_at,
    'shut_out', r.partner_id is not null and case when a.action = any ('{lose,uninvite}')
      then a.partner_id is distinct from r.partner_id
      else not may_be_told($1, s.id, r.id, a.action)
        or (s.kind = 'task' and a.partner_id is distinct from r.partner_id) end`;

// Who has no part in it any more isn't told what became of it.
const TITLE = `case when a.action = any ('{lose,uninvite}') and a.details ->> 'title' is not null then a.details ->> 'title'
    else s.title end`;

const MUTED = finds(`participants x
  where x.organization_id = $1 and x.subject_id = s.id and x.person_id = r.id and x.muted_at is not null`);

const DELIVERY = `'muted', ${MUTED},
    'points', coalesce((
      select sum(points)::int from bounces b where b.organization_id = $1 and b.person_id = r.id
        and b.created_at > app_now() - interval '${BOUNCE_DAYS} days'), 0),
    'bounced', coalesce(r.bounced_at > app_now() - interval '${BOUNCE_DAYS} days', false),
    'complained', r.complained_at is not null`;

const OTHERS_WAIT = finds(`emails b
  where b.organization_id = $1 and b.person_id = r.id and b.subject_id = s.id
    and b.state = 'queued' and b.postponed_at is not null and b.id <> e.id`);

/**
 * So long what follows an email that can't be sent waits for it; then it goes first. Written as a sum, so that the planner
 * looks in the thread, not among all that was queued since.
 */
const BEHIND = finds(`emails b
  where b.organization_id = $1 and b.person_id = r.id and b.subject_id = s.id
    and b.state = 'queued' and b.detail <> '' and b.id < e.id and b.created_at + interval '1 hour' > now()`);

/** The member of the staff who takes part, and whose deputy the reader is, unless they take part themselves. */
const ABSENT = `case when r.partner_id is null then (
  select json_build_object('name', q.name, 'until_on', b.until_on) from deputizing($1, r.id) b
    join participants x on x.organization_id = $1 and x.subject_id = s.id and x.person_id = b.person_id
    cross join ${rowOf('people', 'b.person_id')} q
  where not ${finds(`participants y
    where y.organization_id = $1 and y.subject_id = s.id and y.person_id = r.id`)} limit 1) end`;

const REPLY_KEY = `(select k.id from reply_keys k where k.organization_id = $1 and k.subject_id = s.id
    and k.person_id = r.id and not k.retired and k.audience = case when a.visible_to = 'both' then 'shared'
      when r.partner_id is null then 'staff' else 'partner' end)`;

const PREVIOUS = `(select b.message_id from emails b where b.organization_id = $1
    and b.subject_id = s.id and b.person_id = r.id and b.id < e.id
    and b.state in ('accepted', 'delivered') order by b.id desc limit 1)`;

const CHOSEN = `(select row_to_json(f) from (
    select ${PREFERENCES} from email_preferences where organization_id = $1 and person_id = r.id) f)`;

// Who writes a lot seldom has not answered among the last.
const SAID_AT = `(select b.accepted_at from (
      select b.accepted_at, b.activity_id from emails b
      where b.organization_id = $1 and b.subject_id = s.id and b.person_id = r.id and b.id < e.id
        and b.state in ('accepted', 'delivered') order by b.id desc limit 1) b
    cross join ${rowOf('activities', 'b.activity_id')} x
    where x.action = 'comment' and not coalesce((
      select true from (
        select c.person_id, c.created_at from comments c
        where c.organization_id = $1 and c.subject_id = s.id order by c.id desc limit 20) c
      where c.person_id = r.id and c.created_at > b.accepted_at limit 1), false))`;

const EVENT_EMAILS = `select
    json_build_object('id', e.id, 'message_id', e.message_id, 'to_address', e.to_address,
      'created_at', e.created_at, 'state', e.state) as email,
    json_build_object('id', o.id, 'slug', o.slug, 'name', o.name, 'email', o.email, 'accent', o.accent) as organization,
    json_build_object(${READER}) as reader, c.name as partner,
    json_build_object('id', a.id, 'action', a.action, 'details', ${shownDetails('a')}, 'visible_to', a.visible_to,
      'version', a.version, 'person_id', a.person_id,
      'actor', shown_author($1, r.partner_id, s.id, s.kind, a.action, a.person_id, w.name)) as activity,
    json_build_object('id', s.id, 'type', s.kind, 'number', s.number, 'state', s.state, 'title', ${TITLE},
      'talks', s.talks) as subject,
    ${DOCUMENT} as document, ${EMAILED_TASK} as task, ${EMAILED_LOG} as log, ${EVENT_OF} as event_of,
    ${MEETING} as meeting,
    (select read_at from notifications n
      where n.organization_id = $1 and n.activity_id = a.id and n.person_id = r.id) as read_at,
    json_build_object(${DELIVERY}) as delivery, ${OTHERS_WAIT} as others_wait, ${BEHIND} as behind,
    ${REPLY_KEY} as reply_key_id, ${ABSENT} as absent,
    json_build_object('person_id', a.person_id, 'side', a.side) as author, ${CHOSEN} as preferences,
    ${SAID_AT} as said_at,
    case when v.id is null then null else json_build_object('comment_id', v.id, 'author', v.author, 'title', v.title) end
      as thread,
    coalesce(case when v.id is null then (${COMMENTS}) else (${THREAD_COMMENTS}) end, '[]') as comments,
    coalesce(case when v.id is null then (${FILES}) else (${COMMENT_FILES}) end, '[]') as files,
    coalesce((${OTHERS}), '[]') as others,
    (${MERGED}) as merged, ${PREVIOUS} as previous
  from unnest($2::uuid[]) as wanted (id)
  cross join lateral (select * from organizations where id = $1 limit 1) o
  cross join ${rowOf('emails', 'wanted.id')} e
  cross join ${rowOf('people', 'e.person_id')} r
  cross join ${rowOf('activities', 'e.activity_id')} a
  cross join ${rowOf('subjects', 'e.subject_id')} s
  left join ${rowOf('documents', 's.id')} d on true
  left join ${rowOf('partners', 's.partner_id')} c on true
  left join ${rowOf('people', 'a.person_id')} w on true
  left join ${TOLD_COMMENT} on true`;

/** Reads the emails of events; other kinds are left out. In no order. */
export const readEventEmails = (
  db: Knex.Transaction,
  organization_id: string,
  email_ids: readonly string[],
): Promise<DueEmail[]> => queryPrepared(db, EVENT_EMAILS, [organization_id, email_ids]);
