import pg from 'pg';
import { CHANNEL } from '../../src/activity/record.js';
import { harbor } from '../support/harbor.js';
import { openBareLoop } from './bare_loop.js';
import type { Place } from './place.js';
import { arrivals, openWorld, type Outgoing, type World } from './post.js';
import { openSite, type Site } from './site.js';
import { inTurns, median, print, quantile } from './slices.js';
import { repliesOf, SENDERS, type Writer, writersOf } from './writers.js';

const REPLIES = 150;
const TURNS = 2;

/**
 * A reply by email becomes a comment and two emails, over SMTP on both ends, against a skeleton that does the least
 * of it.
 */
export async function measureLoop(place: Place): Promise<void> {
  const world = await openWorld();
  const site = await openSite(place.url(), ['mail', 'worker'], world.smtp_url);
  const bare = await openBareLoop(place.url(), world.smtp_url);
  const home = await harbor(site.services.db);
  const writers = await writersOf(site, world, home);
  const round = (port: number, count: number) => timed(world, port, repliesOf(writers, count));
  await round(site.mail_port, 30);
  await round(bare.port, 30);
  const turns = await inTurns(
    TURNS,
    () => round(site.mail_port, REPLIES),
    () => round(bare.port, REPLIES),
  );
  const waits = await waitsOf(place, site, world, writers);
  print('reply by email to comment and two emails', {
    ratio: median(turns.map((turn) => turn.bare / turn.ours)),
    replies_per_second: REPLIES / median(turns.map((turn) => turn.ours)),
    bare_replies_per_second: REPLIES / median(turns.map((turn) => turn.bare)),
    mails_per_second: (3 * REPLIES) / median(turns.map((turn) => turn.ours)),
    p50_ms_to_comment: quantile(waits, 0.5),
    p95_ms_to_comment: quantile(waits, 0.95),
  });
  await site.stop();
  await bare.stop();
  world.close();
}

/** Seconds from the first reply to the last email that it brought about. */
async function timed(world: World, port: number, messages: Outgoing[]): Promise<number> {
  const start = performance.now();
  const arrived = arrivals(world, messages.length * 2);
  world.hand({ port, messages, senders: SENDERS, per_second: null });
  await arrived;
  return (performance.now() - start) / 1000;
}

const CALM = 100;

/**
 * Ms from each "250" to its comment, at ten mails a second. The database tells when a comment is committed (LISTEN).
 */
async function waitsOf(place: Place, site: Site, world: World, writers: Writer[]): Promise<number[]> {
  const [taken, kept] = [new Map<string, number[]>(), new Map<string, number[]>()];
  const note = (log: Map<string, number[]>, key: string, at: number) => log.set(key, [...(log.get(key) ?? []), at]);
  const ear = new pg.Client(place.url());
  await ear.connect();
  ear.on('notification', ({ payload = '{}' }) =>
    note(kept, JSON.parse(payload).subject_id, performance.timeOrigin + performance.now()),
  );
  await ear.query(`listen ${CHANNEL}`);
  const unfollow = world.follow((news) => 'taken' in news && note(taken, news.taken, news.at));
  const arrived = arrivals(world, CALM * 2);
  world.hand({ port: site.mail_port, messages: repliesOf(writers, CALM), senders: SENDERS, per_second: 10 });
  await arrived;
  unfollow();
  await ear.end();
  return writers.flatMap(({ email, subject_id }) =>
    (taken.get(email) ?? []).map((at, i) => (kept.get(subject_id)?.[i] ?? Infinity) - at),
  );
}
