import { DateTime, IANAZone } from 'luxon';
import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { addDays, today } from '../pages/days.js';
import { FILE_LABELS, type FileKind } from '../people/partner_profile/partner_files.js';
import { tellManagers } from '../people/partner_profile/tell_profile.js';

/** Reminders go out so many days before a document expires, and on the day. */
const [FIRST, SECOND, LAST] = [30, 7, 0];
/** What expired longer ago than that is no news. */
const LATE_DAYS = 7;
/** From this hour on, in the organization's time zone. */
const MORNING_HOUR = 9;

interface Expiring {
  id: string;
  partner_id: string;
  partner: string;
  kind: FileKind;
  name: string;
  valid_until: string;
}

/** Reminds both sides of documents of partners that expire, by the day of each organization. `now` is for tests. */
export async function remindOfExpiry(db: Knex, now = new Date()): Promise<void> {
  const organizations: { id: string; time_zone: string }[] = await db('organizations').select('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const zone = IANAZone.isValidZone(time_zone) ? time_zone : 'UTC';
    const system = { ...systemActor(id, null, now), organization_id: id, time_zone: zone };
    if (DateTime.fromJSDate(now, { zone }).hour < MORNING_HOUR) continue;
    const day = today(system);
    for (const file of await expiringFiles(db, system, day)) await remindOnce(db, system, file, stageOn(day, file));
  }
}

type System = Actor & { organization_id: string };

const expiringFiles = (db: Knex, system: System, day: string): Promise<Expiring[]> =>
  withActor(db, system, (db) =>
    db('partner_files as f')
      .join('partners as p', (on) => on.on('p.organization_id', 'f.organization_id').on('p.id', 'f.partner_id'))
      .where({ 'f.organization_id': system.organization_id, replaced_at: null })
      .whereBetween('valid_until', [addDays(day, -LATE_DAYS), addDays(day, FIRST)])
      .orderBy('f.id')
      .select('f.id', 'f.partner_id', 'p.name as partner', 'f.kind', 'f.name', 'f.valid_until'),
  );

/** The reminder that is due: the last one that a worker that was away has missed. */
const stageOn = (day: string, { valid_until }: Expiring) =>
  valid_until <= day ? LAST : valid_until <= addDays(day, SECOND) ? SECOND : FIRST;

/** Each reminder goes out once, in the transaction that notes it. */
const remindOnce = (db: Knex, system: System, file: Expiring, days: number): Promise<void> =>
  withActor(db, system, async (db) => {
    const { organization_id } = system;
    const { id: file_id, partner_id, partner: name, kind, valid_until } = file;
    const noted = await db('partner_file_reminders')
      .insert({ organization_id, file_id, days })
      .onConflict()
      .ignore()
      .returning('days');
    if (!noted.length) return;
    const details = { name, file: FILE_LABELS[kind], valid_until };
    const activity = { action: 'expire_partner_file', partner_id, details, visible_to: 'staff' as const };
    await tellManagers(db, await record(db, system, activity));
  });
