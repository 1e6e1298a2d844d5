import type { Actor, Query } from '../db/scope.js';
import { isId } from '../db/ids.js';
import { type Document, FACTS } from './documents.js';
import { counted, type Line } from './content.js';
import type { Party, Snapshot } from './versions.js';

/** All that a document's page shows, as its reader may see it: what hangs on it comes as JSON, so its moments are ISO 8601 strings. */
export interface DocumentPage extends Document {
  snapshot: Snapshot | null;
  lines: Line[];
  from_party: Party & { payment_note: string };
  to_party: Party;
  comments: PageComment[];
  activities: { id: string; action: string; details: Record<string, unknown>; actor: string | null; created_at: string }[];
  participants: { id: string; name: string; email: string; partner_id: string | null }[];
  payments: { id: string; amount: number; method: string; state: string; failure: string; created_at: string }[];
  deliveries: { id: string; name: string; email: string; state: string; detail: string; created_at: string; viewed_at: string | null }[];
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
  created_at: string;
  files: PageFile[];
}

const OF = 'x.organization_id = d.organization_id and x.document_id = d.id';
const PERSON = 'p.organization_id = x.organization_id and p.id = x.person_id';
const rows = (select: string, order: string) => `coalesce((select json_agg(r order by ${order}) from (${select}) r), '[]')`;

const FILES = rows(
  `select f.id, f.name, f.size, f.content_type from files f where f.organization_id = x.organization_id and f.comment_id = x.id`,
  'r.id',
);

const TEXT = `select d.*, ${FACTS},
  (select v.snapshot from versions v where v.organization_id = d.organization_id and v.document_id = d.id and v.version = d.version) as snapshot,
  ${rows(`select x.position, x.description, x.quantity::text, x.unit, x.unit_price::text, x.discount_percent::text, x.tax_rate::text, x.amount from lines x where d.version = 0 and ${OF}`, 'r.position')} as lines,
  (select row_to_json(o) from (select name, address, tax_number, email, payment_note from organizations where id = d.organization_id) o) as from_party,
  (select row_to_json(a) from (select name, address, tax_number, email from partners where organization_id = d.organization_id and id = d.partner_id) a) as to_party,
  ${rows(`select x.id, x.person_id, p.name as author, p.partner_id, x.audience, x.body, x.trimmed, x.via, x.verified, x.evidence, x.created_at, ${FILES} as files from comments x join people p on ${PERSON} where ${OF} order by x.id desc limit 200`, 'r.id')} as comments,
  ${rows(`select x.id, x.action, x.details, p.name as actor, x.created_at from activities x left join people p on ${PERSON} where ${OF} order by x.id desc limit 200`, 'r.id')} as activities,
  ${rows(`select p.id, p.name, p.email, p.partner_id from participants x join people p on ${PERSON} where p.removed_at is null and ${OF}`, 'r.partner_id nulls first, r.id')} as participants,
  ${rows(`select x.id, x.amount, x.method, x.state, x.failure, x.created_at from payments x where x.state in ('processing', 'succeeded', 'failed') and ${OF}`, 'r.id')} as payments,
  ${rows(
    `select distinct on (x.person_id) x.person_id as id, p.name, x.to_address as email, x.state, x.detail, x.created_at,
      (select min(w.created_at) from activities w where w.organization_id = d.organization_id and w.document_id = d.id and w.action = 'view' and w.person_id = x.person_id and w.version = d.version) as viewed_at
    from emails x join people p on ${PERSON} where p.partner_id is not null and ${OF} order by x.person_id, x.id desc`,
    'r.id',
  )} as deliveries
  from documents d where d.organization_id = $1 and `;

/** The page's one query. `key` is the number, or for a draft the id. What the actor may not see is not there: row security and these conditions agree. */
export function documentPage(actor: Actor, key: string): Query<DocumentPage> {
  const byId = isId(key);
  return {
    name: byId ? 'document_by_id' : 'document_by_number',
    text: TEXT + (byId ? 'd.id = $2' : 'd.number = $2'),
    values: [actor.organization_id, key],
  };
}

/** What the document's sheet shows: the version that was sent, or the draft as it stands, its sums counted from its lines. */
export const contentOf = (page: DocumentPage): Omit<Snapshot, 'number'> & { number: string | null } =>
  page.snapshot ?? {
    type: page.type,
    number: null,
    version: 0,
    ...counted(page),
    from: page.from_party,
    to: page.to_party,
    payment_note: page.from_party.payment_note,
  };
