import type { StoredReason } from '../mail/mail_room/reason_text.js';

/** A conversation, with who takes part in it, what happened and what became of its emails. Times are ISO 8601. */
export interface Conversation {
  comments: PageComment[];
  activities: {
    id: string;
    action: string;
    details: Record<string, unknown>;
    actor: string | null;
    /** Its author's. */
    side: string;
    created_at: string;
  }[];
  participants: Participant[];
  /** Of each contact: the last email to them. */
  deliveries: {
    id: string;
    name: string;
    email: string;
    state: string;
    detail: string;
    created_at: string;
    viewed_at: string | null;
    /** Whether it went to the person's current address. */
    current: boolean;
  }[];
  /** Emails that seem to be about it and wait for staff. */
  held: (StoredReason & { id: string; from_name: string; from_address: string })[];
  /** Those on the subject itself; others are on its comments. */
  files: PageFile[];
}

interface Participant {
  id: string;
  name: string;
  email: string;
  partner_id: string | null;
  partner: string | null;
  /** It was forwarded to them. */
  guest: boolean;
}

export interface PageFile {
  id: string;
  name: string;
  size: number;
  content_type: string;
}

export interface PageComment {
  id: string;
  person_id: string;
  author: string;
  photo_sha256: string | null;
  /** The name of whom they wrote for, as a deputy; null: for themselves. */
  absent: string | null;
  partner_id: string | null;
  audience: 'shared' | 'staff' | 'partner';
  body: string;
  trimmed: string;
  via: 'portal' | 'email';
  verified: boolean;
  evidence: string;
  /** Who posted it, if it is an email that was held; '' for all others. */
  placed_by: string;
  /** What its readers should know about an email, one sentence a line. */
  notices: string;
  created_at: string;
  /** It asks to be paid elsewhere. */
  asks_bank_change: boolean;
  files: PageFile[];
}

// The SQL of a conversation: what hangs on a subject `d` (its row in any table), each part an `x`, as JSON.

const ON_SUBJECT = 'x.organization_id = d.organization_id and x.subject_id = d.id';
const PERSON = 'people p on p.organization_id = x.organization_id and p.id = x.person_id';

/** Rows as a JSON list, in an order of `r`. */
export const jsonRows = (select: string, order: string) =>
  `coalesce((select json_agg(r order by ${order}) from (${select}) r), '[]')`;

/** The name of the partner of a row. */
export const partnerName = (row: string) =>
  `(select name from partners n where n.organization_id = ${row}.organization_id and n.id = ${row}.partner_id)`;

/** SQL: the 200 newest rows `x` of a subject. A partner's are found by an index that has none for staff alone. */
export const newestOn = (subject: string, table: 'comments' | 'activities') => `(
    (select * from ${table} x where app_partner() is null and ${subject} order by x.id desc limit 200)
    union all (select * from ${table} x
      where app_partner() is not null and ${subject} and x.${table === 'comments' ? 'audience' : 'visible_to'} <> 'staff'
      order by x.id desc limit 200)) x`;

const FILES = jsonRows(
  `select x.id, x.name, x.size, x.content_type from files x
  where x.comment_id is null and x.version is null and x.held_by is null and ${ON_SUBJECT} order by x.id desc limit 100`,
  'r.id',
);

const COMMENT_FILES = jsonRows(
  `select f.id, f.name, f.size, f.content_type from files f
  where f.organization_id = x.organization_id and f.comment_id = x.id`,
  'r.id',
);

const ABSENT = `(select a.details ->> 'for' from activities a
    where a.organization_id = x.organization_id and a.id = x.activity_id)`;

/** SQL: a `PageComment` of a row `x` of comments and its author `p`. */
export const COMMENT = `x.id, x.person_id, p.name as author, p.photo_sha256, p.partner_id, x.audience, x.body, x.trimmed,
    x.via, x.verified, x.evidence, x.placed_by, x.notices, x.created_at, x.asks_bank_change, ${ABSENT} as absent,
    ${COMMENT_FILES} as files`;

const COMMENTS = jsonRows(`select ${COMMENT} from ${newestOn(ON_SUBJECT, 'comments')} join ${PERSON}`, 'r.id');

// Whoever sees nothing of it isn't asked about each: a vendor has the names of projects.
const ACTIVITIES = jsonRows(
  `select x.id, x.action, x.details, p.name as actor, x.side, x.created_at
  from ${newestOn(ON_SUBJECT, 'activities')} left join ${PERSON} where sees(d.id)`,
  'r.id',
);

const PARTICIPANTS = jsonRows(
  `select p.id, p.name, p.email, p.partner_id, p.guest, ${partnerName('p')} as partner
  from participants x join ${PERSON} where p.removed_at is null and ${ON_SUBJECT}
    and (p.partner_id is null or may_be_told(x.organization_id, x.subject_id, x.person_id, 'comment'))`,
  'r.partner_id nulls first, r.id',
);

// From each person that it was sent to on to the next one: there may be thousands of emails to each.
const TOLD = `with recursive told as (
    (select x.person_id from emails x where ${ON_SUBJECT} order by x.person_id limit 1)
    union all
    select n.person_id from told t cross join lateral (
      select x.person_id from emails x where ${ON_SUBJECT} and x.person_id > t.person_id
      order by x.person_id limit 1) n)`;

// A person is recorded once as having viewed a version.
const deliveries = (version: string) =>
  jsonRows(
    `${TOLD} select p.id, p.name, x.to_address as email, x.state, x.detail, x.created_at,
    p.email = x.to_address and p.removed_at is null as current,
    (select w.created_at from activities w where w.organization_id = d.organization_id and w.subject_id = d.id
      and w.action = 'view' and w.person_id = x.person_id and w.version = ${version}) as viewed_at
  from told t
    cross join lateral (select * from people where organization_id = d.organization_id and id = t.person_id limit 1) p
    cross join lateral (select * from emails x where ${ON_SUBJECT} and x.person_id = t.person_id
      order by x.id desc limit 1) x
  where p.partner_id is not null`,
    'r.id',
  );

const HELD = jsonRows(
  `select x.id, x.from_name, x.from_address, x.reason, x.reason_sentence, x.reason_values from inbound_deliveries x
  where x.state = 'held' and ${ON_SUBJECT} order by x.id desc limit 5`,
  'r.id',
);

/** The columns of `Conversation` for a subject `d`. `version`: SQL of the version that counts as viewed. */
export const conversationColumns = (version: string): string => `${COMMENTS} as comments, ${besideComments(version)}`;

/** The same without the comments, for a page that has these by threads. */
export const besideComments = (version: string): string =>
  `${FILES} as files, ${ACTIVITIES} as activities, ${PARTICIPANTS} as participants,
  ${deliveries(version)} as deliveries, ${HELD} as held`;
