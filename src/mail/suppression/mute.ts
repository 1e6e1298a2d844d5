import { timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { type EmailPreferences, PREFERENCES } from '../../activity/email_rhythm.js';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import { unsubscribeMac } from '../../db/secrets.js';

/** The token of an unsubscribe link: the message it is in, and a MAC that only this installation can make. */
export const unsubscribeToken = (secret: string, message_id: string) => message_id + unsubscribeMac(secret, message_id);

/** The message a token is for; null if the token isn't ours. */
function messageIdIn(secrets: readonly string[], token: string): string | null {
  const [, id = '', mac = ''] = /^([0-9a-f]{32})([0-9a-f]{32})$/.exec(token) ?? [];
  const fits = (secret: string) => timingSafeEqual(Buffer.from(unsubscribeMac(secret, id)), Buffer.from(mac));
  return id && secrets.some(fits) ? id : null;
}

/** The person that an unsubscribe link is for, and what its email was about. */
export interface UnsubscribeTarget {
  organization_id: string;
  organization: string;
  person_id: string;
  partner_id: string | null;
  email: string;
  locale: string;
  time_zone: string;
  /** Null of a summary. */
  about: UnsubscribedEvent | null;
  preferences: EmailPreferences | null;
}

/** The subject of an email, and what happened there. */
interface UnsubscribedEvent {
  subject_id: string;
  type: string;
  number: string | null;
  muted: boolean;
  action: string;
  side: string;
  details: Record<string, unknown>;
}

const TARGET = `select e.organization_id, o.name as organization, e.person_id, p.partner_id, p.email, p.locale, p.time_zone,
    case when s.id is not null then json_build_object('subject_id', s.id, 'type', s.kind, 'number', s.number,
      'muted', coalesce(x.muted_at is not null, false), 'action', a.action, 'side', a.side, 'details', a.details)
    end as about,
    (select row_to_json(f) from (
      select ${PREFERENCES} from email_preferences f
      where f.organization_id = e.organization_id and f.person_id = e.person_id) f) as preferences
  from emails e
  join organizations o on o.id = e.organization_id
  join people p on p.organization_id = e.organization_id and p.id = e.person_id
  left join subjects s on s.organization_id = e.organization_id and s.id = e.subject_id
  left join activities a on a.organization_id = e.organization_id and a.id = e.activity_id
  left join participants x on x.organization_id = e.organization_id
    and x.subject_id = e.subject_id and x.person_id = e.person_id
  where e.organization_id = ? and e.message_id = ?`;

/** The target of an unsubscribe token; null if the token isn't ours, or its person is gone. */
export async function findUnsubscribe(
  db: Knex,
  secrets: readonly string[],
  token: string,
): Promise<UnsubscribeTarget | null> {
  const message_id = messageIdIn(secrets, token);
  if (!message_id) return null;
  const email = await withActor(db, systemActor(null), async (db) => {
    await db.raw(`select set_config('app.secrets', ?, true)`, [`{${message_id}}`]);
    return db('emails').where({ message_id }).first('organization_id');
  });
  if (!email) return null;
  return withActor(db, systemActor(email.organization_id), async (db) => {
    const { rows } = await db.raw<{ rows: UnsubscribeTarget[] }>(TARGET, [email.organization_id, message_id]);
    return rows[0] ?? null;
  });
}

/** Mutes or unmutes a person's optional mail about a subject they take part in, and records it if it changed. */
export const setMuted = (
  db: Knex,
  {
    organization_id,
    subject_id,
    person_id,
    partner_id,
  }: Pick<UnsubscribeTarget, 'organization_id' | 'person_id' | 'partner_id'> & { subject_id: string },
  muted: boolean,
): Promise<void> =>
  withActor(db, systemActor(organization_id, person_id), async (db) => {
    const row = db('participants').where({ organization_id, subject_id, person_id });
    const changed = await (muted ? row.whereNull('muted_at') : row.whereNotNull('muted_at')).update({
      muted_at: muted ? db.fn.now() : null,
    });
    if (!changed) return;
    const side = partner_id ? ('partner' as const) : ('staff' as const);
    const actor = { ...systemActor(organization_id, person_id), side };
    await record(db, actor, { action: muted ? 'mute' : 'unmute', subject_id, partner_id, visible_to: 'staff' });
  });
