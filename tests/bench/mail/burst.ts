import type pg from 'pg';
import { type Bench, MANY } from '../bench.js';
import { print, quantile } from '../figure.js';
import { type Role, signIn, startParley } from '../processes/parley.js';
import { openWorld, type World } from '../processes/post.js';
import { commentsOf, countComments } from './comments.js';
import { repliesOf, SENDERS, type Writer, writersOf } from './writers.js';

const MESSAGES = 1000;

/** Which roles share a process: all of them, as Parley runs unless it is told otherwise, or none, as in the Procfile. */
const ARRANGEMENTS: Record<string, Role[][]> = {
  'all in one process': [['mail', 'worker', 'web']],
  'a process for each role': [['web'], ['worker'], ['mail']],
};

/**
 * A thousand messages as fast as they are taken, by ten writers, each in order, while pages are asked for. How long a
 * page takes meanwhile, and whether order is kept.
 */
export async function measureBurst(bench: Bench): Promise<void> {
  for (const [arranged, processes] of Object.entries(ARRANGEMENTS)) await burstIn(bench, arranged, processes);
}

async function burstIn({ cluster, browsers, copied }: Bench, arranged: string, processes: Role[][]): Promise<void> {
  const place = await copied(MANY);
  const { home, number } = place;
  const admin = await cluster.admin(place);
  const world = await openWorld();
  const parts = await Promise.all(
    processes.map((roles) => startParley(roles, { database_url: place.url(), smtp_url: world.smtp_url })),
  );
  const ports = Object.assign({}, ...parts.map(({ ports }) => ports)) as Record<Role, number>;
  const writers = await writersOf(world, place);
  const [cookie = ''] = await signIn(place.url(), [home.maya.email]);
  const paths = [`/${home.slug}/documents/${number}`];
  const visit = { port: ports.web, paths, headers: { cookie }, status: 200, browsers: 4, pause_ms: 100 };
  await browsers.visit({ ...visit, ms: 2000 });
  const idle = await browsers.visit({ ...visit, ms: 8000 });
  const burst = await during(admin, world, writers, ports.mail, () => browsers.visit({ ...visit, ms: 1000 }));
  const [idle_p95_ms, burst_p95_ms] = [quantile(idle.times_ms, 0.95), quantile(burst.times_ms, 0.95)];
  print({
    figure: `a page while a thousand messages come, ${arranged}`,
    value: burst_p95_ms / idle_p95_ms,
    unit: '×',
    against: 'the same page with no mail, p95',
    idle_p95_ms,
    burst_p95_ms,
    burst_max_ms: quantile(burst.times_ms, 1),
    seconds_to_last_250: burst.taken_s,
    seconds_to_last_comment: burst.said_s,
    out_of_order: outOfOrder(await commentsOf(admin, writers)),
    memory_mb: (await Promise.all(parts.map((part) => part.usage()))).reduce((sum, { rss_mb }) => sum + rss_mb, 0),
  });
  await Promise.all(parts.map((part) => part.stop()));
  await admin.end();
  world.close();
}

/** Hands the messages in, and visits until each is a comment. */
async function during(
  admin: pg.Client,
  world: World,
  writers: Writer[],
  port: number,
  visit: () => Promise<{ times_ms: number[] }>,
) {
  const start = performance.now();
  const times_ms: number[] = [];
  let [taken, taken_s] = [0, 0];
  const unfollow = world.follow((news) => {
    if ('taken' in news && ++taken === MESSAGES) taken_s = (performance.now() - start) / 1000;
  });
  world.hand({ port, messages: repliesOf(writers, MESSAGES), senders: SENDERS, per_second: null, in_order: true });
  do times_ms.push(...(await visit()).times_ms);
  while ((await countComments(admin, writers)) < MESSAGES);
  unfollow();
  return { times_ms, taken_s, said_s: (performance.now() - start) / 1000 };
}

/** Comments that stand before one which came earlier in the same conversation. */
function outOfOrder(comments: { n: number; subject_id: string }[]): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const { n, subject_id } of comments) {
    if (n < (last.get(subject_id) ?? 0)) count += 1;
    last.set(subject_id, n);
  }
  return count;
}
