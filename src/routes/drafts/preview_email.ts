import { typeNamed } from '../../document_types/index.js';
import type { DraftPage, Recipient } from './draft_queries.js';
import type { EventEmail } from '../../mail/messages/event_email.js';
import type { RequestContext } from '../shared/request_context.js';

/** The partner's contacts who take part in the document. */
export function recipientsOf({ participants, contacts }: DraftPage): Recipient[] {
  const ids = new Set(participants.map(({ id }) => id));
  return contacts.filter(({ id }) => ids.has(id));
}

/**
 * The eventEmail that the first recipient would get, were the draft sent now; with nobody chosen yet, as the writer
 * would read it.
 */
export function emailPreview(page: DraftPage, { actor, membership }: RequestContext): EventEmail {
  const { slug, organization, accent } = membership;
  const { name, email, locale, time_zone } = actor;
  const reader = recipientsOf(page)[0] ?? { id: '', name: name ?? '', email: email ?? '', locale, time_zone };
  const { id, type, number, state, title, currency, due_on, delivery_on, total, partner_id, from_party } = page;
  return {
    email: { id: '', message_id: '', to_address: reader.email, created_at: new Date(), state: 'queued' },
    organization: { id: page.organization_id, slug, name: organization, email: from_party.email, accent },
    partner: page.to_party?.name ?? null,
    reader: { ...reader, partner_id, removed_at: null },
    activity: { id: '', action: 'send', details: {}, actor: actor.name, visible_to: 'both', version: 1 },
    document: {
      id,
      type,
      number: number ?? `${typeNamed(type).prefix}-…`,
      state,
      title,
      currency,
      due_on,
      delivery_on,
      pay_on: null,
      differences: null,
      total,
      open: typeNamed(type).owes === 'receivable' ? total : 0,
    },
    read_at: null,
    comments: [],
    previous: null,
    merged: { count: 0, last: [] },
    others: page.participants.filter((person) => person.id !== reader.id).map(({ name }) => name),
  };
}
