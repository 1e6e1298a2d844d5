import type { Knex } from 'knex';
import { type EmailPreferences, PREFERENCES } from '../../activity/email_rhythm.js';
import { rowOf } from '../../db/planner.js';
import { queryPrepared } from '../../db/scope.js';
import { BOUNCE_DAYS, type Deliverability } from '../suppression/suppression.js';

/** Whom a summary is for; nobody, once they were removed. */
export interface SummaryReader extends Deliverability {
  slug: string;
  organization: string;
  accent: string;
  person_id: string;
  partner_id: string | null;
  guest: boolean;
  name: string;
  locale: string;
  time_zone: string;
  to_address: string;
  message_id: string;
  preferences: EmailPreferences | null;
}

/** Something that a summary tells of: the email of its own that it would have been. */
export interface SummaryEvent {
  id: string;
  message_id: string;
  subject_id: string;
  type: string;
  number: string | null;
  title: string;
  state: string;
  currency: string | null;
  action: string;
  details: Record<string, unknown>;
  created_at: Date;
  actor: string | null;
  partner: string | null;
  /** Of a comment. */
  body: string | null;
  muted: boolean;
}

/** More is only counted. */
export const MOST_EVENTS = 300;

const READER = `select o.slug, o.name as organization, o.accent, p.id as person_id, p.partner_id, p.guest, p.name,
    p.locale, p.time_zone, e.to_address, e.message_id,
    (select row_to_json(f) from (
      select ${PREFERENCES} from email_preferences where organization_id = $1 and person_id = p.id) f) as preferences,
    coalesce((select sum(points)::int from bounces b where b.organization_id = $1 and b.person_id = p.id
      and b.created_at > app_now() - interval '${BOUNCE_DAYS} days'), 0) as points,
    coalesce(p.bounced_at > app_now() - interval '${BOUNCE_DAYS} days', false) as bounced,
    p.complained_at is not null as complained
  from emails e
  join people p on p.organization_id = e.organization_id and p.id = e.person_id and p.removed_at is null
  join organizations o on o.id = e.organization_id
  where e.organization_id = $1 and e.id = $2`;

// What was read in the portal meanwhile is left out, and what they may no longer be told.
const EVENTS = `select m.id, m.message_id, m.subject_id, s.kind as type, s.number, s.title, s.state, d.currency,
    a.action, a.created_at, shown_details($1, r.partner_id, s.id, s.kind, a.action, a.details) as details, c.name as partner,
    shown_author($1, r.partner_id, s.id, s.kind, a.action, a.person_id, w.name) as actor,
    coalesce((select x.muted_at is not null from participants x
      where x.organization_id = $1 and x.subject_id = m.subject_id and x.person_id = m.person_id), false) as muted,
    (select left(b.body, 300) from comments b
      where b.organization_id = $1 and b.id = (a.details->>'comment')::uuid limit 1) as body
  from (
    select * from emails where organization_id = $1 and merged_into = $2 order by id desc limit ${MOST_EVENTS}) m
  cross join lateral (
    select read_at from notifications n
    where n.organization_id = $1 and n.activity_id = m.activity_id and n.person_id = m.person_id limit 1) n
  cross join ${rowOf('people', 'm.person_id')} r
  cross join ${rowOf('activities', 'm.activity_id')} a
  cross join ${rowOf('subjects', 'm.subject_id')} s
  left join ${rowOf('documents', 's.id')} d on true
  left join ${rowOf('people', 'a.person_id')} w on true
  left join ${rowOf('partners', 's.partner_id')} c on true
  where n.read_at is null and may_be_told($1, m.subject_id, m.person_id, a.action)
    and not (s.kind = 'task' and r.partner_id is not null and a.partner_id is distinct from r.partner_id)
  order by m.id desc`;

/** For the system actor: whom a summary is for, and what it tells of, the newest first. */
export async function readSummary(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
): Promise<{ reader: SummaryReader | undefined; events: SummaryEvent[] }> {
  const values = [organization_id, email_id];
  const [[reader], events] = await Promise.all([
    queryPrepared<SummaryReader>(db, READER, values),
    queryPrepared<SummaryEvent>(db, EVENTS, values),
  ]);
  return { reader, events };
}
