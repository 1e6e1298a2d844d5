import type { Knex } from 'knex';

/**
 * How many messages may go to one person in a minute and an hour, and to one domain in a minute; 0: as many as there
 * are.
 */
export interface RateLimits {
  person_minute: number;
  person_hour: number;
  domain_minute: number;
  /** What time it is; for tests. */
  now?: () => Date;
}

interface Window {
  key: string;
  unit: 'minute' | 'hour';
  limit: number;
}

const MS = { minute: 60_000, hour: 3_600_000 } as const;

const windowsOf = (pace: RateLimits, person_id: string, domain: string): Window[] => {
  const all: Window[] = [
    { key: `person ${person_id} in an hour`, unit: 'hour', limit: pace.person_hour },
    { key: `person ${person_id}`, unit: 'minute', limit: pace.person_minute },
    { key: `domain ${domain}`, unit: 'minute', limit: pace.domain_minute },
  ];
  return all.filter(({ limit }) => limit > 0);
};

const TAKE = `insert into mail_pace as p (key, beginning, sent) values (:key, date_trunc(:unit, :now::timestamptz), 1)
  on conflict (key, beginning) do update set sent = p.sent + 1 where p.sent < :limit returning sent`;
const GIVE_BACK = `update mail_pace set sent = sent - 1 where key = :key and beginning = date_trunc(:unit, :now::timestamptz)`;

/**
 * Takes the place of one message; or says when to ask again, `before` others that wait already having gone first. In
 * the caller's transaction, as the clock.
 */
export async function reserveSlot(
  db: Knex.Transaction,
  pace: RateLimits,
  { person_id, domain, before }: { person_id: string; domain: string; before: () => Promise<number> },
): Promise<Date | null> {
  const now = pace.now?.() ?? new Date();
  const taken: Window[] = [];
  for (const window of windowsOf(pace, person_id, domain)) {
    const { rows } = await db.raw<{ rows: unknown[] }>(TAKE, { ...window, now });
    if (rows.length === 0) {
      for (const { key, unit } of taken) await db.raw(GIVE_BACK, { key, unit, now });
      return nextSlot(window, await before(), now);
    }
    taken.push(window);
  }
  return null;
}

/** When the window is over in which those before have gone, and a few seconds later, so that not all ask at once. */
export function nextSlot({ unit, limit }: Pick<Window, 'unit' | 'limit'>, before: number, now: Date): Date {
  const end = (Math.floor(now.getTime() / MS[unit]) + 1 + Math.floor(before / limit)) * MS[unit];
  return new Date(end + Math.random() * 5000);
}

/** Clears away the counts of windows that are over. */
export const deleteOldSlots = (db: Knex.Transaction): Promise<unknown> =>
  db('mail_pace').where('beginning', '<', db.raw(`now() - interval '2 hours'`)).delete();
