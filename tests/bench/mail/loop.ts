import { type Bench, MANY } from '../bench.js';
import type pg from 'pg';
import { inTurns, median, print, quantile } from '../figure.js';
import { startChild } from '../processes/child.js';
import { startParley } from '../processes/parley.js';
import { arrivals, openWorld, type World } from '../processes/post.js';
import { spending } from '../spending.js';
import { untilIdle, watchComments } from './comments.js';
import { repliesOf, SENDERS, type Writer, writersOf } from './writers.js';

const REPLIES = 150;
const TURNS = 3;
/** Until every statement is prepared and the parser warm. */
const WARM = 100;

/**
 * A reply by email becomes a comment and two emails, over SMTP on both ends, against a skeleton that does the least
 * of it.
 */
export async function measureLoop({ cluster, copied }: Bench): Promise<void> {
  const place = await copied(MANY);
  const admin = await cluster.admin(place);
  const world = await openWorld();
  const env = { DATABASE_URL: place.url(), SMTP_URL: world.smtp_url };
  const parley = await startParley(['mail', 'worker'], { database_url: place.url(), smtp_url: world.smtp_url });
  const { ready: bare_port, child: bare } = await startChild<number>('bare_loop_process', env);
  const writers = await writersOf(world, place);
  const round = (port: number, count: number) => timed(admin, world, port, writers, count);
  await round(parley.ports.mail, WARM);
  await round(bare_port, WARM);
  const commits = await commitsIn(admin);
  const turns = await inTurns(
    TURNS,
    () => spending(cluster, parley, () => round(parley.ports.mail, REPLIES)),
    () => spending(cluster, bare, () => round(bare_port, REPLIES)),
  );
  const committed = (await commitsIn(admin)) - commits;
  const waits = await waitsOf(admin, world, parley.ports.mail, writers);
  const each = (of: (turn: (typeof turns)[number]) => number) => median(turns.map(of)) / REPLIES;
  const rate = (seconds: (turn: (typeof turns)[number]) => number) => REPLIES / median(turns.map(seconds));
  print({
    figure: 'reply by email to comment and two emails',
    value: rate(({ ours }) => ours.result),
    unit: 'a second',
  });
  print({
    figure: 'the same beside the least that it takes',
    value: median(turns.map(({ ours, bare }) => bare.result / ours.result)),
    unit: '×',
    against: 'smtp-server, an insert, simpleParser, an insert, two sendings by nodemailer',
    by_processor_time: median(
      turns.map(({ ours, bare }) => (bare.node_ms + bare.postgres_ms) / (ours.node_ms + ours.postgres_ms)),
    ),
    bare_per_second: rate(({ bare }) => bare.result),
    node_ms: each(({ ours }) => ours.node_ms),
    postgres_ms: each(({ ours }) => ours.postgres_ms),
    bare_node_ms: each(({ bare }) => bare.node_ms),
    bare_postgres_ms: each(({ bare }) => bare.postgres_ms),
    // The bare one makes four: the message, its comment, and nothing for its emails.
    commits: committed / TURNS / REPLIES - 2,
    p50_ms_to_comment: quantile(waits, 0.5),
    p95_ms_to_comment: quantile(waits, 0.95),
  });
  print({ figure: 'memory of mail and jobs after the loop', value: (await parley.usage()).rss_mb, unit: 'MB' });
  await parley.stop();
  await bare.stop();
  await admin.end();
  world.close();
}

/** Seconds from the first reply to the last email that it brought about. Returns once all else is done, too. */
async function timed(admin: pg.Client, world: World, port: number, writers: Writer[], count: number): Promise<number> {
  const start = performance.now();
  const arrived = arrivals(world, count * 2);
  world.hand({ port, messages: repliesOf(writers, count), senders: SENDERS, per_second: null });
  await arrived;
  const seconds = (performance.now() - start) / 1000;
  await untilIdle(admin);
  return seconds;
}

/** Transactions committed in this database so far. PostgreSQL counts them with a second's delay. */
async function commitsIn(admin: pg.Client): Promise<number> {
  await admin.query('select pg_sleep(1.5)');
  const { rows } = await admin.query<{ n: number }>(
    'select xact_commit::float8 as n from pg_stat_database where datname = current_database()',
  );
  return rows[0]?.n ?? 0;
}

const CALM = 100;

/** Ms from each "250" to its comment, at ten mails a second. */
async function waitsOf(admin: pg.Client, world: World, port: number, writers: Writer[]): Promise<number[]> {
  const taken = new Map<number, number>();
  const unfollow = world.follow((news) => 'taken' in news && taken.set(news.taken, news.at));
  const arrived = arrivals(world, CALM * 2);
  world.hand({ port, messages: repliesOf(writers, CALM), senders: SENDERS, per_second: 10 });
  const seen = await watchComments(admin, writers, CALM);
  await arrived;
  unfollow();
  return [...taken].map(([n, at]) => (seen.get(n) ?? Infinity) - at);
}
