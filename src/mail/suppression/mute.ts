import { timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import { unsubscribeMac } from '../../db/secrets.js';

/**
 * What a link says that stops mail like the one it stands in: the message, and a code that only this installation can
 * make.
 */
export const unsubscribeToken = (secret: string, message_id: string) => message_id + unsubscribeMac(secret, message_id);

/** The message that a token stands for; null if we did not make it. */
function stoppedId(secret: string, token: string): string | null {
  const [, id = '', mac = ''] = /^([0-9a-f]{32})([0-9a-f]{32})$/.exec(token) ?? [];
  return id && timingSafeEqual(Buffer.from(unsubscribeMac(secret, id)), Buffer.from(mac)) ? id : null;
}

/** Whose mail about what a token stops, and whether it is stopped. */
export interface UnsubscribeTarget {
  organization_id: string;
  organization: string;
  document_id: string;
  type: string;
  number: string | null;
  person_id: string;
  partner_id: string | null;
  email: string;
  locale: string;
  time_zone: string;
  muted: boolean;
}

const STOP = `select e.organization_id, o.name as organization, e.document_id, d.type, d.number, e.person_id, p.partner_id, p.email, p.locale, p.time_zone,
    coalesce(x.muted_at is not null, false) as muted
  from emails e join organizations o on o.id = e.organization_id
  join documents d on d.organization_id = e.organization_id and d.id = e.document_id
  join people p on p.organization_id = e.organization_id and p.id = e.person_id
  left join participants x on x.organization_id = e.organization_id and x.document_id = e.document_id and x.person_id = e.person_id
  where e.organization_id = ? and e.message_id = ?`;

/** What a token stops; null if it isn't ours, or what it was about is gone. */
export async function findUnsubscribe(db: Knex, secret: string, token: string): Promise<UnsubscribeTarget | null> {
  const message_id = stoppedId(secret, token);
  if (!message_id) return null;
  const email = await withActor(db, systemActor(null), async (db) => {
    await db.raw(`select set_config('app.secrets', ?, true)`, [`{${message_id}}`]);
    return db('emails').where({ message_id }).first('organization_id');
  });
  if (!email) return null;
  return withActor(db, systemActor(email.organization_id), async (db) => {
    const { rows } = await db.raw<{ rows: UnsubscribeTarget[] }>(STOP, [email.organization_id, message_id]);
    return rows[0] ?? null;
  });
}

/**
 * Stops or allows a person's mail about a document that they need not have; records it. Done before: nothing happens.
 */
export const setMuted = (
  db: Knex,
  { organization_id, document_id, person_id, partner_id }: UnsubscribeTarget,
  muted: boolean,
): Promise<void> =>
  withActor(db, systemActor(organization_id, person_id), async (db) => {
    const row = db('participants').where({ organization_id, document_id, person_id });
    const changed = await (muted ? row.whereNull('muted_at') : row.whereNotNull('muted_at')).update({
      muted_at: muted ? db.fn.now() : null,
    });
    if (!changed) return;
    const by = {
      ...systemActor(organization_id, person_id),
      side: partner_id ? ('partner' as const) : ('staff' as const),
    };
    await record(db, by, { action: muted ? 'mute' : 'unmute', document_id, partner_id, visible_to: 'staff' });
  });

/** Whether a person wants to hear of a document only what they must. */
export const isMuted = async (
  db: Knex.Transaction,
  organization_id: string,
  document_id: string,
  person_id: string,
): Promise<boolean> =>
  Boolean(
    await db('participants')
      .where({ organization_id, document_id, person_id })
      .whereNotNull('muted_at')
      .first('person_id'),
  );
