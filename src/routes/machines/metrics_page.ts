import { createHash, timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { poolFigures } from '../../db/reading/pool_figures.js';
import { inboxFigures, type JobFigure, jobFigures } from '../../jobs/queue/queue_figures.js';
import { type GaugeValue, metricsText } from '../../telemetry/metrics.js';

interface MetricsContext {
  db: Database;
  config: Config;
  /** Of this process. */
  roles: readonly string[];
}

/**
 * What this process did, and how the queues stand, for Prometheus. Whoever asks shows METRICS_TOKEN; without one it is
 * there outside of production alone, for this machine.
 */
export function metrics({ db, config, roles }: MetricsContext): Router {
  return Router().get('/metrics', async (req, res, next) => {
    const { metrics_token: token } = config;
    if (token === undefined && (config.production || !isThisMachine(req))) return next();
    if (token !== undefined && !shows(req, token)) {
      res.set('WWW-Authenticate', 'Bearer').status(401).type('text').send('Show METRICS_TOKEN as a bearer token.\n');
      return;
    }
    const gauges = [...pools(db), ...(await queues(db))];
    res.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText(roles, gauges));
  });
}

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** What comes through a proxy comes from this machine, too, but for what the proxy says. */
const isThisMachine = (req: Request) =>
  LOOPBACK.test(req.socket.remoteAddress ?? '') && !req.get('X-Forwarded-For') && !req.get('Forwarded');

const digest = (text: string) => createHash('sha256').update(text).digest();

const shows = (req: Request, token: string) =>
  timingSafeEqual(digest(req.get('Authorization') ?? ''), digest(`Bearer ${token}`));

const pools = (db: Database): GaugeValue[] => [
  {
    name: 'parley_db_connections',
    help: 'Connections of this process to the database, and who waits for one.',
    values: Object.entries(poolFigures(db)).flatMap(([pool, figures]) =>
      Object.entries(figures).map(([state, value]: [string, number]) => ({ labels: { pool, state }, value })),
    ),
  },
];

/** Of all processes. Without a database there are none to give, and `parley_database_up` says so. */
async function queues({ knex }: Database): Promise<GaugeValue[]> {
  const found = await Promise.all([jobFigures(knex), inboxFigures(knex)]).catch(() => null);
  const up = gauge('parley_database_up', 'Whether the database answers.', found ? 1 : 0);
  if (!found) return [up];
  const [jobs, { pending, pending_seconds, held }] = found;
  return [
    up,
    byJob(jobs, 'parley_queue_jobs', 'Jobs of all processes. At most 10,000 are counted.', (one) => one.jobs),
    byJob(jobs, 'parley_queue_seconds', 'How long the job that is due for longest has been.', (one) => one.seconds),
    gauge('parley_inbox_pending', 'Messages that came in and are not decided yet.', pending),
    gauge('parley_inbox_pending_seconds', 'How long the oldest of them waits.', pending_seconds),
    gauge('parley_inbox_held', 'Messages that wait for staff.', held),
  ];
}

const gauge = (name: string, help: string, value: number): GaugeValue => ({
  name,
  help,
  values: [{ labels: {}, value }],
});

const byJob = (jobs: JobFigure[], name: string, help: string, valueOf: (one: JobFigure) => number): GaugeValue => ({
  name,
  help,
  values: jobs.map((one) => ({ labels: { task: one.task, state: one.state }, value: valueOf(one) })),
});
