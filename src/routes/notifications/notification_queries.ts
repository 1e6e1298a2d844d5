import { rowOf } from '../../db/planner.js';
import type { Actor, Query } from '../../db/scope.js';

/** What the list of notifications can be narrowed to. */
export const FILTERS = ['all', 'unread', 'response', 'mentions'] as const;
export type Filter = (typeof FILTERS)[number];

/** A notification with what it is about; amounts in minor units. */
export interface Notification {
  id: string;
  subject_id: string | null;
  unread: boolean;
  asks: boolean;
  created_at: Date;
  action: string;
  details: Record<string, unknown>;
  actor: string | null;
  /** The partner's name, for whom it was not sent to. */
  to: string | null;
  type: string | null;
  number: string | null;
  title: string | null;
  state: string | null;
  currency: string | null;
  /** Null: they don't take part. */
  muted: boolean | null;
}

/** Notifications on a page. */
export const PAGE = 60;

/** Those that asked something, of which the first page shows what still waits. */
const ASKING = 30;

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** SQL: written out, so that each has its own index. */
const WHERE: Readonly<Record<Filter, string>> = {
  all: '',
  unread: 'and n.read_at is null',
  response: 'and n.asks',
  mentions: 'and n.named',
};

const notifications = (
  filter: Filter,
  limit: number,
) => `select n.id, n.subject_id, n.read_at is null as unread, n.asks,
    n.created_at, a.action,
    shown_details($1, app_partner(), n.subject_id, s.kind, a.action, a.details) as details,
    shown_author($1, app_partner(), n.subject_id, s.kind, a.action, a.person_id, w.name) as actor, s.kind as type, s.number, s.title, s.state, d.currency,
    case when app_side() in ('staff', 'guest') then (
      select c.name from partners c where c.organization_id = $1 and c.id = a.partner_id) end as to,
    (select x.muted_at is not null from participants x
      where x.organization_id = $1 and x.subject_id = n.subject_id and x.person_id = $2) as muted
  from (
    select * from notifications n
    where n.organization_id = $1 and n.person_id = $2 ${WHERE[filter]} and n.id < $3
    order by n.id desc limit ${limit}) n
  cross join ${rowOf('activities', 'n.activity_id')} a
  left join ${rowOf('subjects', 'n.subject_id')} s on true
  left join ${rowOf('documents', 'n.subject_id')} d on true
  left join ${rowOf('people', 'a.person_id')} w on true
  order by n.id desc`;

/** A page of a person's notifications, the newest first, from `before` on; one more than fits says there are others. */
export const notificationsOf = (
  { organization_id, person_id }: Actor,
  filter: Filter,
  before: string | null,
): Query<Notification> => ({
  name: `notifications_${filter}`,
  text: notifications(filter, PAGE + 1),
  values: [organization_id, person_id, before ?? LAST],
});

/** Their newest that asked something. */
export const askingOf = ({ organization_id, person_id }: Actor): Query<Notification> => ({
  name: 'asking_notifications',
  text: notifications('response', ASKING),
  values: [organization_id, person_id, LAST],
});

/** On how many things they have something unread, up to 100. */
export const unreadOf = ({ organization_id, person_id }: Actor): Query<{ unread: number }> => ({
  name: 'unread_things',
  text: 'select unread_things($1, $2) as unread',
  values: [organization_id, person_id],
});

/** The subject of a notification of theirs. */
export const subjectOfNotification = (
  { organization_id, person_id }: Actor,
  id: string,
): Query<{ subject_id: string | null }> => ({
  name: 'notification_subject',
  text: 'select subject_id from notifications where organization_id = $1 and person_id = $2 and id = $3',
  values: [organization_id, person_id, id],
});

/** What they take part in, and whether it is muted. */
export const participationIn = (
  { organization_id, person_id }: Actor,
  subject_id: string,
): Query<{ muted: boolean }> => ({
  name: 'participation',
  text: `select muted_at is not null as muted from participants
    where organization_id = $1 and person_id = $2 and subject_id = $3`,
  values: [organization_id, person_id, subject_id],
});

/** A subject that somebody muted. */
export interface MutedSubject {
  id: string;
  kind: string;
  number: string | null;
  title: string;
}

const MOST_MUTED = 100;

export const mutedBy = ({ organization_id, person_id }: Actor): Query<MutedSubject> => ({
  name: 'muted_subjects',
  text: `select s.id, s.kind, s.number, s.title
    from (
      select subject_id, muted_at from participants
      where organization_id = $1 and person_id = $2 and muted_at is not null order by muted_at desc limit ${MOST_MUTED}) x
    cross join ${rowOf('subjects', 'x.subject_id')} s order by x.muted_at desc`,
  values: [organization_id, person_id],
});
