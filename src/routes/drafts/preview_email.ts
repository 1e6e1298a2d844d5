import { typeNamed } from '../../document_types/index.js';
import type { EventEmail } from '../../mail/messages/event_email.js';
import type { RequestContext } from '../shared/request_context.js';
import type { DraftPage, Recipient } from './draft_queries.js';

/** The partner's contacts who get the document. */
export function recipientsOf({ participants, contacts }: DraftPage): Recipient[] {
  const ids = new Set(participants.map(({ id }) => id));
  return contacts.filter(({ id }) => ids.has(id));
}

/** The email that the first recipient would get if the draft were sent now; without recipients, as its writer. */
export function emailPreview(page: DraftPage, { actor, membership }: RequestContext): EventEmail {
  const { slug, organization, accent } = membership;
  const { name, email, locale, time_zone } = actor;
  const reader = recipientsOf(page)[0] ?? { id: '', name: name ?? '', email: email ?? '', locale, time_zone };
  return {
    email: { id: '', message_id: '', to_address: reader.email, created_at: new Date(), state: 'queued' },
    organization: { id: page.organization_id, slug, name: organization, email: page.from_party.email, accent },
    partner: page.to_party?.name ?? null,
    reader: { ...reader, partner_id: page.partner_id, removed_at: null },
    activity: { id: '', action: 'send', details: {}, actor: actor.name, visible_to: 'both', version: 1 },
    subject: subjectAsSent(page),
    document: documentAsSent(page),
    read_at: null,
    comments: [],
    files: page.files.map((file) => ({ ...file, sha256: '', said: false, fresh: false })),
    previous: null,
    merged: { count: 0, last: [] },
    others: page.participants.filter((person) => person.id !== reader.id).map((person) => person.name),
  };
}

/** The document as it will be once it is sent: numbered (the number is not known yet) and owed. */
const subjectAsSent = ({ id, type, number, state, title }: DraftPage): EventEmail['subject'] => ({
  ...{ id, type, state, title },
  number: number ?? `${typeNamed(type).prefix}-…`,
});

function documentAsSent({ type, state, currency, due_on, total }: DraftPage): EventEmail['document'] {
  const { owes } = typeNamed(type);
  return {
    ...{ type, state, currency, due_on, total },
    pay_on: null,
    differences: null,
    open: owes === 'receivable' ? total : 0,
  };
}
