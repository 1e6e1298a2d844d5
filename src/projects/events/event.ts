import type { Knex } from 'knex';
import type { Subject } from '../../acting/context.js';
import { NO_FACTS } from '../../acting/no_facts.js';
import { clockColumn, eventTimeColumns, type EventTimeRow } from '../../calendar/event_columns.js';
import { finds } from '../../db/planner.js';
import { event as lifecycle } from '../../subjects/project/event_lifecycle.js';

/** An event's row. Clocks as '2026-12-04T09:00'. */
export interface EventRow extends EventTimeRow {
  organization_id: string;
  id: string;
  project_id: string;
  number: string;
  title: string;
  note: string;
  place: string;
  state: string;
  organizer_id: string | null;
  /** The vendor whose people are invited. */
  vendor_id: string | null;
  shown: boolean;
  /** The customer who sees it. */
  customer_id: string | null;
  /** Of its invitations. */
  sequence: number;
  /** Answers to invitations before this one are about another time. */
  asked_sequence: number;
  proposed_starts_at: string | null;
  proposed_ends_at: string | null;
  proposed_by: string | null;
  /** The time of a series that is meant, by its day there; null: all of it. */
  proposed_on: string | null;
  /** Whether who looks takes part. */
  invited: boolean;
}

/** Whose conversation it is: of the vendor whose people are invited, or else of the customer who sees it. */
export const partnerOfEvent = ({ vendor_id, customer_id }: Pick<EventRow, 'vendor_id' | 'customer_id'>) =>
  vendor_id ?? customer_id;

/** An event as what is acted on. */
export const eventSubject = (row: EventRow): Subject => ({
  ...NO_FACTS,
  ...{ organization_id: row.organization_id, id: row.id, number: row.number, state: row.state },
  ...{ type: lifecycle.name, partner_id: partnerOfEvent(row) },
  theirs: row.invited,
  changes_proposed: row.proposed_starts_at !== null,
});

// Not `=`: then the index of a person's subjects would fit as well as that of the event's people.
const INVITED = finds(`participants x where x.organization_id = e.organization_id and x.subject_id = e.id
  and x.person_id is not distinct from app_person()`);

/** SQL: the columns of an event `e`. */
export const EVENT = `e.organization_id, e.id, e.project_id, e.number, e.title, e.note, e.place, e.state, e.organizer_id,
  e.vendor_id, e.shown, e.customer_id, e.sequence, e.asked_sequence, e.proposed_by, e.proposed_on, ${eventTimeColumns('e')},
  ${clockColumn('e.proposed_starts_at')} as proposed_starts_at, ${clockColumn('e.proposed_ends_at')} as proposed_ends_at,
  ${INVITED} as invited`;

/** The event, as the connection's actor may see it. */
export const findEvent = (db: Knex.Transaction, organization_id: string, id: string): Promise<EventRow | undefined> =>
  db('events as e')
    .where({ 'e.organization_id': organization_id, 'e.id': id })
    .first<EventRow | undefined>(db.raw(EVENT));
