import type { Knex } from 'knex';
import { systemActor, withActor } from '../../src/db/scope.js';
import { type Harbor, harbor } from '../support/harbor.js';
import { until } from '../support/until.js';
import type { Browsers } from './browsers.js';
import type { Place } from './place.js';
import { openWorld, type World } from './post.js';
import { openSite } from './site.js';
import { print, quantile } from './slices.js';
import { richInvoice } from './stock.js';
import { repliesOf, SENDERS, type Writer, writersOf } from './writers.js';

const MESSAGES = 1000;

/**
 * A thousand messages as fast as they are taken, by ten writers, each in order: how long a page takes meanwhile, and
 * whether order is kept.
 */
export async function measureBurst(place: Place, browsers: Browsers): Promise<void> {
  const world = await openWorld();
  const web = await openSite(place.url(), ['web']);
  const site = await openSite(place.url(), ['mail', 'worker'], world.smtp_url);
  const { knex } = site.services.db;
  const home = await harbor({ knex });
  const writers = await writersOf(site, world, home);
  const { number } = await richInvoice(knex, home);
  const headers = { cookie: await web.cookieOf(home.maya.email) };
  const paths = [`/${home.slug}/documents/${number}`];
  const visit = { port: web.web_port, paths, headers, status: 200, browsers: 4, pause_ms: 100 };
  await browsers.visit({ ...visit, ms: 2000 });
  const idle = await browsers.visit({ ...visit, ms: 8000 });
  const burst = await during(knex, { home, world, writers, port: site.mail_port }, () =>
    browsers.visit({ ...visit, ms: 1000 }),
  );
  print('a page while a thousand messages come', {
    ratio: quantile(burst.times_ms, 0.95) / quantile(idle.times_ms, 0.95),
    idle_p95_ms: quantile(idle.times_ms, 0.95),
    burst_p95_ms: quantile(burst.times_ms, 0.95),
    burst_max_ms: quantile(burst.times_ms, 1),
    seconds_to_last_250: burst.taken_s,
    seconds_to_last_comment: burst.said_s,
    out_of_order: await outOfOrder(knex, home, writers),
  });
  await site.stop();
  await web.stop();
  world.close();
}

interface Burst {
  home: Harbor;
  world: World;
  writers: Writer[];
  port: number;
}

/** Hands the messages in, and visits until each is a comment. */
async function during(knex: Knex, { home, world, writers, port }: Burst, visit: () => Promise<{ times_ms: number[] }>) {
  const start = performance.now();
  const times_ms: number[] = [];
  let [taken, taken_s] = [0, 0];
  const unfollow = world.follow((news) => {
    if ('taken' in news && ++taken === MESSAGES) taken_s = (performance.now() - start) / 1000;
  });
  world.hand({ port, messages: repliesOf(writers, MESSAGES), senders: SENDERS, per_second: null, in_order: true });
  const visited = async () => {
    times_ms.push(...(await visit()).times_ms);
    return (await said(knex, home, writers)).length >= MESSAGES;
  };
  await until('a thousand comments', visited);
  unfollow();
  return { times_ms, taken_s, said_s: (performance.now() - start) / 1000 };
}

const said = (
  knex: Knex,
  { organization_id }: Harbor,
  writers: Writer[],
): Promise<{ body: string; subject_id: string }[]> =>
  withActor(knex, systemActor(organization_id), (db) =>
    db('comments')
      .whereIn(
        'subject_id',
        writers.map(({ subject_id }) => subject_id),
      )
      .orderBy('id')
      .select('body', 'subject_id'),
  );

/** Comments that stand before one which came earlier in the same conversation. */
async function outOfOrder(knex: Knex, home: Harbor, writers: Writer[]): Promise<number> {
  const last = new Map<string, number>();
  let count = 0;
  for (const { body, subject_id } of await said(knex, home, writers)) {
    const n = Number(/\((\d+)\)/.exec(body)?.[1]);
    if (n < (last.get(subject_id) ?? 0)) count += 1;
    last.set(subject_id, n);
  }
  return count;
}
