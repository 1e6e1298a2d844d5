export type Side = 'staff' | 'partner' | 'system';

/**
 * Who is asking. The clock stands for everything that no person does: time, gateways, arriving mail; `person_id` then
 * names the person on whose behalf it speaks, if there is one. `organization_id` is null only before a message has
 * been placed. Assurance `link`: came by a magic link, which opens `document_ids` and nothing else; `verified`:
 * showed that the mailbox is theirs.
 */
export interface Actor {
  organization_id: string | null;
  side: Side;
  person_id: string | null;
  user_id: string | null;
  partner_id: string | null;
  name: string | null;
  email: string | null;
  locale: string;
  time_zone: string;
  assurance: 'link' | 'verified';
  document_ids: string[] | null;
  /** Somebody to whom a document was forwarded: reads it and writes about it, and no more. */
  guest?: boolean;
  /** When it is for them, if it isn't now: the demo tells its past, tests look ahead. */
  now?: Date;
}

/** The house acting by itself in one organization, or for a person of it. */
export const systemActor = (organization_id: string | null, person_id: string | null = null, now?: Date): Actor => ({
  ...(now ? { now } : {}),
  organization_id,
  side: 'system',
  person_id,
  user_id: null,
  partner_id: null,
  name: null,
  email: null,
  locale: 'en-US',
  time_zone: 'UTC',
  assurance: 'verified',
  document_ids: null,
});

/** A person's row, as far as it says who acts. */
export interface PersonRow {
  organization_id: string;
  id: string;
  user_id: string;
  partner_id: string | null;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
  guest?: boolean;
}

/**
 * A person acting for themselves; with `document_ids` as one who came by a link to these, or by a reply to an email
 * about them.
 */
export const asPerson = ({ id, ...person }: PersonRow, document_ids: string[] | null): Actor => ({
  organization_id: person.organization_id,
  side: person.partner_id ? 'partner' : 'staff',
  person_id: id,
  user_id: person.user_id,
  partner_id: person.partner_id,
  name: person.name,
  email: person.email,
  locale: person.locale,
  time_zone: person.time_zone,
  assurance: document_ids ? 'link' : 'verified',
  document_ids,
  guest: person.guest === true,
});
