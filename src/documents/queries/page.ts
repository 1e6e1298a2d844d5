import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import { type Document, FACTS } from '../content/document.js';
import { withTotals, type Line } from '../content/content.js';
import type { Party, Snapshot } from '../content/version.js';

/**
 * All that a document's page shows, as its reader may see it: what hangs on it comes as JSON, so its moments are ISO
 * 8601 strings.
 */
export interface DocumentPage extends Document {
  snapshot: Snapshot | null;
  /** Of a draft; what was sent is in the snapshot. */
  lines: Line[];
  from_party: Party & { payment_note: string };
  /** Null for what goes to many. */
  to_party: Party | null;
  project: { key: string; name: string } | null;
  /** What it was made from, and what was made from it, as far as its reader may see them. */
  related: {
    id: string;
    type: string;
    number: string | null;
    title: string;
    state: string;
    total: number;
    currency: string;
    partner: string | null;
    is_origin: boolean;
  }[];
  versions: { version: number; sha256: string; created_at: string }[];
  comments: PageComment[];
  activities: {
    id: string;
    action: string;
    details: Record<string, unknown>;
    actor: string | null;
    created_at: string;
  }[];
  participants: { id: string; name: string; email: string; partner_id: string | null; partner: string | null }[];
  payments: { id: string; amount: number; method: string; state: string; failure: string; created_at: string }[];
  deliveries: {
    id: string;
    name: string;
    email: string;
    state: string;
    detail: string;
    created_at: string;
    viewed_at: string | null;
    /** Whether it went to where this person is reached now. */
    current: boolean;
  }[];
  /** Messages that seem to be about it, and wait for staff. */
  held: { id: string; from_name: string; from_address: string; reason: string }[];
  /** Those that hang on the document itself; others hang on comments. */
  files: PageFile[];
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
  partner_id: string | null;
  audience: 'shared' | 'staff' | 'partner';
  body: string;
  trimmed: string;
  via: 'portal' | 'email';
  verified: boolean;
  evidence: string;
  /** Who put a message there that had been held; '' for all others. */
  placed_by: string;
  /** A sentence in each line: what its readers should know of an email. */
  notices: string;
  created_at: string;
  files: PageFile[];
}

const OF = 'x.organization_id = d.organization_id and x.document_id = d.id';
const PERSON = 'p.organization_id = x.organization_id and p.id = x.person_id';
const rows = (select: string, order: string) =>
  `coalesce((select json_agg(r order by ${order}) from (${select}) r), '[]')`;

const FILES = rows(
  `select f.id, f.name, f.size, f.content_type from files f where f.organization_id = x.organization_id and f.comment_id = x.id`,
  'r.id',
);

const TEXT = `select d.*, ${FACTS},
  (select v.snapshot from versions v where v.organization_id = d.organization_id and v.document_id = d.id and v.version = d.version) as snapshot,
  d.deposit_percent::text as deposit_percent,
  ${rows(`select x.id, x.position, x.group_name, x.description, x.quantity::text, x.unit, x.unit_price::text, x.discount_percent::text, x.tax_rate::text, x.choice, x.picked, x.refused, x.delivery_on, x.origin_line, x.amount from lines x where d.version = 0 and ${OF}`, 'r.position')} as lines,
  (select row_to_json(j) from (select key, name from projects where organization_id = d.organization_id and id = d.project_id) j) as project,
  ${rows(
    `select x.id, x.type, x.number, x.title, x.state, x.total, x.currency, (select name from partners n where n.organization_id = x.organization_id and n.id = x.partner_id) as partner,
    x.id = d.origin_id as is_origin from documents x where x.organization_id = d.organization_id and (x.id = d.origin_id or x.origin_id = d.id) order by x.id limit 100`,
    'r.is_origin desc, r.id',
  )} as related,
  ${rows(`select x.version, x.sha256, x.created_at from versions x where ${OF} order by x.version desc limit 50`, 'r.version desc')} as versions,
  ${rows(`select x.id, x.name, x.size, x.content_type from files x where x.comment_id is null and x.version is null and ${OF} order by x.id desc limit 100`, 'r.id')} as files,
  (select row_to_json(o) from (select name, address, tax_number, email, payment_note from organizations where id = d.organization_id) o) as from_party,
  (select row_to_json(a) from (select name, address, tax_number, email from partners where organization_id = d.organization_id and id = d.partner_id) a) as to_party,
  ${rows(`select x.id, x.person_id, p.name as author, p.partner_id, x.audience, x.body, x.trimmed, x.via, x.verified, x.evidence, x.placed_by, x.notices, x.created_at, ${FILES} as files from comments x join people p on ${PERSON} where ${OF} order by x.id desc limit 200`, 'r.id')} as comments,
  ${rows(`select x.id, x.action, x.details, p.name as actor, x.created_at from activities x left join people p on ${PERSON} where ${OF} order by x.id desc limit 200`, 'r.id')} as activities,
  ${rows(`select p.id, p.name, p.email, p.partner_id, (select name from partners n where n.organization_id = p.organization_id and n.id = p.partner_id) as partner from participants x join people p on ${PERSON} where p.removed_at is null and ${OF}`, 'r.partner_id nulls first, r.id')} as participants,
  ${rows(`select x.id, x.amount, x.method, x.state, x.failure, x.created_at from payments x where x.state in ('processing', 'succeeded', 'failed') and ${OF}`, 'r.id')} as payments,
  ${rows(
    `select distinct on (x.person_id) x.person_id as id, p.name, x.to_address as email, x.state, x.detail, x.created_at, p.email = x.to_address and p.removed_at is null as current,
      (select min(w.created_at) from activities w where w.organization_id = d.organization_id and w.document_id = d.id and w.action = 'view' and w.person_id = x.person_id and w.version = d.version) as viewed_at
    from emails x join people p on ${PERSON} where p.partner_id is not null and ${OF} order by x.person_id, x.id desc`,
    'r.id',
  )} as deliveries,
  ${rows(`select x.id, x.from_name, x.from_address, x.reason from inbound_deliveries x where x.state = 'held' and ${OF} order by x.id desc limit 5`, 'r.id')} as held
  from documents d where d.organization_id = $1 and `;

/**
 * The page's one query. `key` is the number, or for a draft the id. What the actor may not see is not there: row
 * security and these conditions agree.
 */
export function documentPage(actor: Actor, key: string): Query<DocumentPage> {
  const byId = isId(key);
  return {
    name: byId ? 'document_by_id' : 'document_by_number',
    text: TEXT + (byId ? 'd.id = $2' : 'd.number = $2'),
    values: [actor.organization_id, key],
  };
}

/**
 * What the document's sheet shows: the version that was sent, or the draft as it stands, its sums counted from its
 * lines.
 */
export const contentOf = (page: DocumentPage): Omit<Snapshot, 'number'> & { number: string | null } =>
  page.snapshot ?? {
    type: page.type,
    number: null,
    version: 0,
    ...withTotals(page),
    from: page.from_party,
    to: page.to_party,
    payment_note: page.from_party.payment_note,
  };
