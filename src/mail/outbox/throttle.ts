import type { Knex } from 'knex';

/** How many messages may go to one person per minute and per hour, and to one domain per minute; 0: unlimited. */
export interface RateLimits {
  person_minute: number;
  person_hour: number;
  domain_minute: number;
  /** The current time; for tests. */
  now?: () => Date;
}

interface Window {
  key: string;
  unit: 'minute' | 'hour';
  limit: number;
}

const MS = { minute: 60_000, hour: 3_600_000 } as const;

const windowsOf = (limits: RateLimits, person_id: string, domain: string): Window[] => {
  const all: Window[] = [
    { key: `person ${person_id} in an hour`, unit: 'hour', limit: limits.person_hour },
    { key: `person ${person_id}`, unit: 'minute', limit: limits.person_minute },
    { key: `domain ${domain}`, unit: 'minute', limit: limits.domain_minute },
  ];
  return all.filter(({ limit }) => limit > 0);
};

const RESERVE = `insert into mail_pace as p (key, beginning, sent)
  values (:key, date_trunc(:unit, :now::timestamptz), 1)
  on conflict (key, beginning) do update set sent = p.sent + 1 where p.sent < :limit returning sent`;
const RELEASE = `update mail_pace set sent = sent - 1
  where key = :key and beginning = date_trunc(:unit, :now::timestamptz)`;

/**
 * Reserves a slot in every rate-limit window, in the caller's transaction as the system actor. Returns null, or when to
 * retry; `before` counts the messages that are already waiting.
 */
export async function reserveSlot(
  db: Knex.Transaction,
  limits: RateLimits,
  { person_id, domain, before }: { person_id: string; domain: string; before: () => Promise<number> },
): Promise<Date | null> {
  const now = limits.now?.() ?? new Date();
  const reserved: Window[] = [];
  for (const window of windowsOf(limits, person_id, domain)) {
    const { rows } = await db.raw<{ rows: unknown[] }>(RESERVE, { ...window, now });
    if (rows.length === 0) {
      for (const { key, unit } of reserved) await db.raw(RELEASE, { key, unit, now });
      return nextSlot(window, await before(), now);
    }
    reserved.push(window);
  }
  return null;
}

/** The end of the window in which the messages `before` have gone, plus a few random seconds to spread retries. */
export function nextSlot({ unit, limit }: Pick<Window, 'unit' | 'limit'>, before: number, now: Date): Date {
  const end = (Math.floor(now.getTime() / MS[unit]) + 1 + Math.floor(before / limit)) * MS[unit];
  return new Date(end + Math.random() * 5000);
}

/** Deletes the counts of past windows. */
export const deleteOldSlots = (db: Knex.Transaction): Promise<unknown> =>
  db('mail_pace').where('beginning', '<', db.raw(`now() - interval '2 hours'`)).delete();
