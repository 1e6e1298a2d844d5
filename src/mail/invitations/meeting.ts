import { eventTimeColumns, type EventTimeRow } from '../../calendar/event_columns.js';

/** The event that an email is about, as it is when the email is sent. */
export interface Meeting extends EventTimeRow {
  note: string;
  place: string;
  sequence: number;
  /** ISO 8601. */
  changed_at: string;
  /** What its reader answered; null: nothing yet. */
  answer: 'accepted' | 'declined' | 'tentative' | null;
  /** Its reader takes part. */
  invited: boolean;
}

/** SQL: the meeting of a subject `s`, for a reader `r`, as JSON; null if it is none. $1: the organization. */
export const MEETING = `(select row_to_json(m) from (
  select e.note, e.place, e.sequence, e.changed_at, ${eventTimeColumns('e')},
    (select w.answer from event_answers w
      where w.organization_id = $1 and w.event_id = e.id and w.person_id = r.id) as answer,
    coalesce((select true from participants x
      where x.organization_id = $1 and x.subject_id = e.id and x.person_id = r.id limit 1), false) as invited
  from events e where s.kind = 'event' and e.organization_id = $1 and e.id = s.id limit 1) m)`;
