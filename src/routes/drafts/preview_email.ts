import { typeNamed } from '../../document_types/index.js';
import { answersTo } from '../../document_types/relations.js';
import { numberingOf, numberOf } from '../../documents/numbering/numbering.js';
import type { EventEmail } from '../../mail/messages/event_email.js';
import type { RequestContext } from '../shared/request_context.js';
import type { DraftPage, Recipient } from './draft_queries.js';

/** The partner's contacts who get the document. */
export function recipientsOf({ participants, contacts }: DraftPage): Recipient[] {
  const ids = new Set(participants.map(({ id }) => id));
  return contacts.filter(({ id }) => ids.has(id));
}

/** What is about to be sent, and by which action of its type. */
interface Sending {
  name: string;
  details?: Record<string, unknown>;
}

/** The email that the first recipient would get if it were sent now; without recipients, as its writer. */
export function emailPreview(
  page: DraftPage,
  { actor, membership }: RequestContext,
  { name: action, details = {} }: Sending = { name: 'send' },
): EventEmail {
  const { slug, organization, accent } = membership;
  const { name, email, locale, time_zone } = actor;
  const recipient = recipientsOf(page)[0];
  const reader = recipient ?? { id: '', name: name ?? '', email: email ?? '', locale, time_zone, guest: false };
  const sent = asSent(page, action);
  return {
    email: { id: '', message_id: '', to_address: reader.email, created_at: new Date(), state: 'queued' },
    organization: { id: page.organization_id, slug, name: organization, email: page.from_party.email, accent },
    partner: recipient?.partner ?? page.to_party?.name ?? null,
    reader: { ...reader, partner_id: recipient?.partner_id ?? page.partner_id, removed_at: null },
    activity: { id: '', action: sent.action, details, actor: actor.name, visible_to: 'both', version: 1 },
    subject: subjectAsSent(page, sent),
    document: documentAsSent(page, sent),
    absent: null,
    read_at: null,
    comments: [],
    files: page.files.map((file) => ({ ...file, sha256: '', said: false, fresh: false })),
    previous: null,
    merged: { count: 0, last: [] },
    others: othersOf(page, reader.id, recipient?.partner_id ?? page.partner_id),
  };
}

/** Of what goes to several partners, the people of others don't know of each other. */
const othersOf = ({ participants }: DraftPage, reader: string, partner: string | null): string[] =>
  participants
    .filter(({ id, partner_id }) => id !== reader && (!partner_id || partner_id === partner))
    .map(({ name }) => name);

/** The type, action and state of what the recipients get: of a request, the document that answers it. */
interface Sent {
  type: string;
  action: string;
  state: string;
}

function asSent({ type, state }: DraftPage, action: string): Sent {
  const [answer] = answersTo(type);
  const { draft = '', actions } = answer ?? typeNamed(type);
  const [name, { to = state }] = (answer &&
    Object.entries(actions).find(([, { from, freezes }]) => freezes && from?.includes(draft))) ?? [
    action,
    actions[action] ?? {},
  ];
  return {
    type: answer?.name ?? type,
    action: name,
    state: typeof to === 'string' ? to : (Object.values(to)[0] ?? state),
  };
}

/** The document as it will be once it is sent: numbered (the number is not known yet) and owed. */
const subjectAsSent = (
  { id, number, title, issued_on, numberings }: DraftPage,
  { type, state }: Sent,
): EventEmail['subject'] => ({
  ...{ id, type, state, title },
  number: number ?? numberOf(numberingOf(typeNamed(type), numberings), issued_on.slice(0, 4), null),
});

function documentAsSent(
  { currency, due_on, reference, total }: DraftPage,
  { type, state }: Sent,
): EventEmail['document'] {
  const { owes } = typeNamed(type);
  return {
    ...{ type, state, currency, due_on, reference, total: typeNamed(type).answers ? 0 : total },
    pay_on: null,
    differences: null,
    open: owes === 'receivable' ? total : 0,
  };
}
