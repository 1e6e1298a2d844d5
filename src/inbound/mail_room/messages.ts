import { searchWords } from '../../documents/queries/list.js';
import { wordSearch } from '../../documents/queries/word_search.js';
import type { Actor, Query } from '../../db/scope.js';
import type { StoredReason } from '../../mail/mail_room/reason_text.js';

/** A message as the mail room lists it. `number` is the subject's, `partner` the one it concerns. */
export interface MailRoomMessage extends StoredReason {
  id: string;
  from_name: string;
  from_address: string;
  recipient: string;
  subject: string;
  preview: string;
  code: string;
  state: string;
  /** Whose name it bears without coming from an address of theirs; '' if nobody's. */
  impersonates: string;
  created_at: Date;
  verified: boolean;
  evidence: string;
  subject_id: string | null;
  kind: string | null;
  number: string | null;
  title: string | null;
  partner_id: string | null;
  partner: string | null;
  /** The person whose reply address it was sent to, and their partner if they are a contact. */
  person: string | null;
  person_partner: string | null;
  /** The person with the sender's address, and their company. */
  known_as: string | null;
  known_at: string | null;
  decided_by: string | null;
  audience: string | null;
  /** Whether its original is still stored. */
  kept: boolean;
}

/** SQL: joins the one row with this id. The limit keeps the planner from reading the whole table for a hash. */
const joinOne = (table: string, name: string, id: string) => `left join lateral (
  select * from ${table} x where x.organization_id = i.organization_id and x.id = ${id} limit 1) ${name} on true`;

// Not `coalesce`, which might leak: under row security the partner could not be found by an index.
const PARTNER = `(case when i.partner_id is not null then i.partner_id
  when s.partner_id is not null then s.partner_id else r.partner_id end)`;

/**
 * SQL for messages `i` from a source. Senders are looked up among the contacts of the message's partner and staff;
 * without a partner among all contacts.
 */
const messagesFrom = (
  source: string,
) => `select i.id, from_name, from_address, recipient, subject, preview, i.code, i.state, i.created_at,
    i.reason, i.reason_sentence, i.reason_values, i.impersonates,
    i.verified, i.evidence, i.audience, s.id as subject_id, s.kind, s.number, s.title,
    ${PARTNER} as partner_id, a.name as partner, r.name as person,
    r.partner_id as person_partner, k.name as known_as, k.company as known_at, w.name as decided_by,
    coalesce((select m.raw is not null from inbound_messages m where m.id = i.message_id), false) as kept
  from ${source} i
  ${joinOne('subjects', 's', 'i.subject_id')}
  ${joinOne('people', 'r', 'i.person_id')}
  ${joinOne('people', 'w', 'i.decided_by')}
  ${joinOne('partners', 'a', PARTNER)}
  left join lateral (
    select p.name, (select c.name from partners c
      where c.organization_id = p.organization_id and c.id = p.partner_id) as company
    from people p where p.organization_id = i.organization_id and p.email = i.from_address and p.removed_at is null
      and (p.partner_id is null or a.id is null or p.partner_id = a.id) order by p.id limit 1) k on true`;

/** The mail room's views, by the states they show. */
export const VIEWS = { waiting: ['held'], posted: ['posted'], aside: ['ignored', 'refused'], all: null } as const;
export type View = keyof typeof VIEWS;

export const PAGE_LENGTH = 30;

const PAGE = `order by i.id desc limit ${PAGE_LENGTH + 1}`;

/** A page of messages and one more, newest first, older than `before`; each search word must begin a word in them. */
export function mailRoomMessages(
  { organization_id }: Actor,
  view: View,
  search: string,
  before: string | null,
): Query<MailRoomMessage> {
  const values: unknown[] = [organization_id];
  const add = (value: unknown) => `$${values.push(value)}`;
  const older = before ? `and i.id < ${add(before)}` : '';
  const words = (searchWords(search) ?? []).map((word) => word.toLowerCase());
  const {
    with: counted,
    rare,
    common,
  } = wordSearch(
    words.map(
      (word) => `select w.delivery_id from inbound_words w
        where w.organization_id = $1 and w.word >= ${add(word)} and w.word < ${add(`${word}\u{10ffff}`)}`,
    ),
    { id: 'i.id', in: 'w.delivery_id' },
  );
  const page = words.length
    ? `${found(view, `${older} and ${rare}`)} union all ${found(view, `${older} and ${common}`)}`
    : found(view, older);
  return {
    name: `mail_room_${view}_${words.length}${before ? '_before' : ''}`,
    text: `${words.length ? counted : ''} ${messagesFrom(`(${page})`)} ${PAGE}`,
    values,
  };
}

/** A page of the messages in a view, of each of its states: an index sorts within them. */
function found(view: View, more: string): string {
  const page = (state: string) =>
    `(select * from inbound_deliveries i where i.organization_id = $1 ${state} ${more} ${PAGE})`;
  const states = VIEWS[view]?.map((state) => page(`and i.state = '${state}'`)) ?? [page('')];
  return states.join(' union all ');
}

/** One message. */
export const mailRoomMessage = ({ organization_id }: Actor, id: string): Query<MailRoomMessage> => ({
  name: 'mail_room_one',
  text: messagesFrom('(select * from inbound_deliveries where organization_id = $1 and id = $2)'),
  values: [organization_id, id],
});

/** Another delivery with the same Message-ID. */
export type SameMessage = StoredReason & Pick<MailRoomMessage, 'id' | 'recipient'>;

/** Other deliveries with the same Message-ID: copies to other addresses, or a different message that reuses it. */
export const sameMessage = ({ organization_id }: Actor, id: string): Query<SameMessage> => ({
  name: 'mail_room_same',
  text: `select o.id, o.recipient, o.reason, o.reason_sentence, o.reason_values from inbound_deliveries i join inbound_deliveries o
    on o.organization_id = i.organization_id and o.message_header_id = i.message_header_id and o.id <> i.id
    where i.organization_id = $1 and i.id = $2 and i.message_header_id <> '' order by o.id limit 10`,
  values: [organization_id, id],
});
