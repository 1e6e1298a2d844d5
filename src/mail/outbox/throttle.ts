import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';

/** How many messages may go to one person per minute and per hour, and to one domain per minute; 0: unlimited. */
export interface RateLimits {
  person_minute: number;
  person_hour: number;
  domain_minute: number;
}

export interface Window {
  key: string;
  unit: 'minute' | 'hour';
  limit: number;
}

const MS = { minute: 60_000, hour: 3_600_000 } as const;

/** A message that wants to go. */
interface SlotRequest {
  id: string;
  person_id: string;
  domain: string;
}

const windowsOf = (limits: RateLimits, { person_id, domain }: SlotRequest): Window[] => {
  const all: Window[] = [
    { key: `person ${person_id} in an hour`, unit: 'hour', limit: limits.person_hour },
    { key: `person ${person_id}`, unit: 'minute', limit: limits.person_minute },
    { key: `domain ${domain}`, unit: 'minute', limit: limits.domain_minute },
  ];
  return all.filter(({ limit }) => limit > 0);
};

const WANTED = 'unnest($1::text[], $2::text[]) as wanted (key, unit)';
// Locks the windows until the transaction ends, always in the same order.
const READ_WINDOWS = `insert into mail_pace as p (key, beginning, sent)
  select key, date_trunc(unit, $3::timestamptz), 0 from ${WANTED} order by key
  on conflict (key, beginning) do update set sent = p.sent returning key, sent`;
const COUNT_SENT = `update mail_pace p set sent = wanted.sent
  from unnest($1::text[], $2::text[], $4::int[]) as wanted (key, unit, sent)
  where p.key = wanted.key and p.beginning = date_trunc(wanted.unit, $3::timestamptz)`;

/**
 * Reserves a slot in every rate-limit window for each message in turn, in the caller's transaction as the system actor.
 * Returns the windows that had no room, by the id of the message that wanted it.
 */
export async function reserveSlots(
  db: Knex.Transaction,
  limits: RateLimits,
  requests: readonly SlotRequest[],
  now: Date,
): Promise<Map<string, Window>> {
  const windows = [...new Map(requests.flatMap((one) => windowsOf(limits, one)).map((one) => [one.key, one])).values()];
  const [full, keys, units] = [new Map<string, Window>(), windows.map(({ key }) => key), windows.map((w) => w.unit)];
  if (!windows.length) return full;
  const rows = await queryPrepared<{ key: string; sent: number }>(db, READ_WINDOWS, [keys, units, now]);
  const sent = new Map(rows.map((row) => [row.key, row.sent]));
  const countOf = ({ key }: Window) => sent.get(key) ?? 0;
  for (const request of requests) {
    const wanted = windowsOf(limits, request);
    const without = wanted.find((window) => countOf(window) >= window.limit);
    if (without) full.set(request.id, without);
    else for (const window of wanted) sent.set(window.key, countOf(window) + 1);
  }
  await queryPrepared(db, COUNT_SENT, [keys, units, now, windows.map(countOf)]);
  return full;
}

/** The end of the window in which the messages `before` have gone, plus a few random seconds to spread retries. */
export function nextSlot({ unit, limit }: Pick<Window, 'unit' | 'limit'>, before: number, now: Date): Date {
  const end = (Math.floor(now.getTime() / MS[unit]) + 1 + Math.floor(before / limit)) * MS[unit];
  return new Date(end + Math.random() * 5000);
}

/** Deletes the counts of past windows. */
export const deleteOldSlots = (db: Knex.Transaction): Promise<unknown> =>
  db('mail_pace').where('beginning', '<', db.raw(`now() - interval '2 hours'`)).delete();
