import { FACTS } from '../content/document.js';

// The SQL of `documentPage`: a document `d`, with what belongs to it (each an `x`) as JSON.

const OF_DOCUMENT = 'x.organization_id = d.organization_id and x.document_id = d.id';
const ON_SUBJECT = 'x.organization_id = d.organization_id and x.subject_id = d.id';
const PERSON = 'people p on p.organization_id = x.organization_id and p.id = x.person_id';

const jsonRows = (select: string, order: string) =>
  `coalesce((select json_agg(r order by ${order}) from (${select}) r), '[]')`;
const jsonRow = (select: string) => `(select row_to_json(r) from (${select}) r)`;
const partnerName = (row: string) =>
  `(select name from partners n where n.organization_id = ${row}.organization_id and n.id = ${row}.partner_id)`;

const SNAPSHOT = `(select v.snapshot from versions v
  where v.organization_id = d.organization_id and v.document_id = d.id and v.version = d.version)`;

const LINES = jsonRows(
  `select x.id, x.position, x.group_name, x.description, x.quantity::text, x.unit, x.unit_price::text,
    x.discount_percent::text, x.tax_rate::text, x.choice, x.picked, x.refused, x.delivery_on, x.origin_line, x.amount
  from lines x where d.version = 0 and ${OF_DOCUMENT}`,
  'r.position',
);

const PROJECT = jsonRow(
  'select key, name from projects where organization_id = d.organization_id and id = d.project_id',
);

const RELATED = jsonRows(
  `select x.id, x.type, x.number, x.title, x.state, x.total, x.currency, ${partnerName('x')} as partner,
    x.id = d.origin_id as is_origin
  from documents x where x.organization_id = d.organization_id and (x.id = d.origin_id or x.origin_id = d.id)
  order by x.id limit 100`,
  'r.is_origin desc, r.id',
);

const VERSIONS = jsonRows(
  `select x.version, x.sha256, x.created_at from versions x where ${OF_DOCUMENT} order by x.version desc limit 50`,
  'r.version desc',
);

const FILES = jsonRows(
  `select x.id, x.name, x.size, x.content_type from files x
  where x.comment_id is null and x.version is null and ${ON_SUBJECT} order by x.id desc limit 100`,
  'r.id',
);

const FROM = jsonRow(
  'select name, address, tax_number, email, payment_note from organizations where id = d.organization_id',
);

const TO = jsonRow(
  `select name, address, tax_number, email from partners
  where organization_id = d.organization_id and id = d.partner_id`,
);

const COMMENT_FILES = jsonRows(
  `select f.id, f.name, f.size, f.content_type from files f
  where f.organization_id = x.organization_id and f.comment_id = x.id`,
  'r.id',
);

const COMMENTS = jsonRows(
  `select x.id, x.person_id, p.name as author, p.partner_id, x.audience, x.body, x.trimmed, x.via, x.verified,
    x.evidence, x.placed_by, x.notices, x.created_at, ${COMMENT_FILES} as files
  from comments x join ${PERSON} where ${ON_SUBJECT} order by x.id desc limit 200`,
  'r.id',
);

const ACTIVITIES = jsonRows(
  `select x.id, x.action, x.details, p.name as actor, x.created_at
  from activities x left join ${PERSON} where ${ON_SUBJECT} order by x.id desc limit 200`,
  'r.id',
);

const PARTICIPANTS = jsonRows(
  `select p.id, p.name, p.email, p.partner_id, ${partnerName('p')} as partner
  from participants x join ${PERSON} where p.removed_at is null and ${ON_SUBJECT}`,
  'r.partner_id nulls first, r.id',
);

const PAYMENTS = jsonRows(
  `select x.id, x.amount, x.method, x.state, x.failure, x.created_at
  from payments x where x.state in ('processing', 'succeeded', 'failed') and ${OF_DOCUMENT}`,
  'r.id',
);

const DELIVERIES = jsonRows(
  `select distinct on (x.person_id) x.person_id as id, p.name, x.to_address as email, x.state, x.detail, x.created_at,
    p.email = x.to_address and p.removed_at is null as current,
    (select min(w.created_at) from activities w where w.organization_id = d.organization_id and w.subject_id = d.id
      and w.action = 'view' and w.person_id = x.person_id and w.version = d.version) as viewed_at
  from emails x join ${PERSON} where p.partner_id is not null and ${ON_SUBJECT} order by x.person_id, x.id desc`,
  'r.id',
);

const HELD = jsonRows(
  `select x.id, x.from_name, x.from_address, x.reason from inbound_deliveries x
  where x.state = 'held' and ${ON_SUBJECT} order by x.id desc limit 5`,
  'r.id',
);

/** The columns of `DocumentPage`, up to a condition on the document's key. $1: the organization. */
export const PAGE_SELECT = `select d.*, ${FACTS}, ${SNAPSHOT} as snapshot, d.deposit_percent::text as deposit_percent,
  ${LINES} as lines, ${PROJECT} as project, ${RELATED} as related, ${VERSIONS} as versions, ${FILES} as files,
  ${FROM} as from_party, ${TO} as to_party, ${COMMENTS} as comments, ${ACTIVITIES} as activities,
  ${PARTICIPANTS} as participants, ${PAYMENTS} as payments, ${DELIVERIES} as deliveries, ${HELD} as held
  from documents d where d.organization_id = $1 and `;
