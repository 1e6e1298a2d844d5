import assert from 'node:assert/strict';
import type pg from 'pg';
import { type Bench, CROWD } from './bench.js';
import type { Place } from './database/cluster.js';
import { print } from './figure.js';
import { startChild } from './processes/child.js';
import { openWire } from './wire.js';
import { spending } from './spending.js';

/** The hourly look for what is due, with 10,000 organizations, when nothing is. */
export async function measureTick({ cluster, copied }: Bench): Promise<void> {
  const place = await copied(CROWD);
  const admin = await cluster.admin(place);
  // What has changed is looked at once, and what is due is done.
  await ticked(place, undefined, ({ ask }) => ask(null));
  const before = await activitiesIn(admin);
  const wire = await openWire(cluster.server);
  await ticked(place, wire.host, ({ ask }) => ask(null));
  await wire.close();
  await ticked(place, undefined, async (child) => {
    await child.ask(null);
    const { result, node_ms, postgres_ms } = await spending(cluster, child, () => child.ask<number>(null));
    const { statements } = wire;
    print({ figure: 'tick with 10,000 organizations', value: result, unit: 's', statements, node_ms, postgres_ms });
  });
  assert.equal(await activitiesIn(admin), before, 'something was due');
  await admin.end();
}

async function ticked(
  place: Place,
  host: string | undefined,
  work: (child: Awaited<ReturnType<typeof startChild>>['child']) => Promise<unknown>,
): Promise<void> {
  const { child } = await startChild('tick_process', { DATABASE_URL: place.url(host) });
  await work(child);
  await child.stop();
}

const activitiesIn = async (admin: pg.Client) => (await admin.query('select count(*) as n from activities')).rows[0].n;
