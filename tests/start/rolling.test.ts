import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Balancer, noNginx, openNginx, readyOnes } from '../support/balancer.js';
import { textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { startParley } from '../support/parley_process.js';
import { freePort } from '../support/ports.js';
import { openPortal } from '../support/portal.js';
import { until } from '../support/until.js';

const BALANCERS: [name: string, skip: string | false, open: (ports: readonly number[]) => Promise<Balancer>][] = [
  ['a balancer that asks whether they are ready', false, readyOnes],
  ['nginx as we recommend it', process.env['TEST_LONG'] ? noNginx : 'part of test:long', openNginx],
];

for (const [name, skip, open] of BALANCERS)
  test(`two web processes behind ${name}: each is replaced under load, and no request fails`, { skip }, async (t) => {
    const portal = await openPortal({ TRUST_PROXY: '1' });
    t.after(() => portal.close());
    const home = await harbor(portal);
    const { url } = await sentInvoice(portal, home);
    const cookie = (await portal.open(await portal.post.to(home.maya.email))).cookie;
    const ports = [await freePort(), await freePort()];
    const start = (port: number) => startParley(portal, ['web'], { PORT: `${port}`, DRAIN_SECONDS: '0.5' });
    const processes = ports.map(start);
    t.after(() => Promise.all(processes.map((one) => one.kill())));
    await Promise.all(processes.map(({ up }) => up));
    const balancer = await open(ports);
    t.after(() => balancer.close());
    const load = loadOn(`${balancer.url}${url}`, cookie);
    await until('both to be asked', () => load.done > 20);

    // As after the `migrate` of a later release: one of this release may be restarted.
    await portal.knex('migrations').insert({ name: '999_later.sql', batch: 999, migration_time: new Date() });
    for (const [n, port] of ports.entries()) {
      const before = load.done;
      assert.deepEqual(await processes[n]?.stop(), { code: 0, errors: '' });
      processes[n] = start(port);
      await processes[n].up;
      await balancer.settled();
      await until('it to be asked again', () => load.done > before + 20);
    }
    const { failures, written } = await load.stop();
    assert.deepEqual(failures, []);
    const kept: string[] = await portal.look(home.organization_id, (db) => db('comments').pluck('body'));
    assert.equal(new Set(kept).size, kept.length, 'nothing twice');
    assert.deepEqual(new Set(kept.filter((text) => text.startsWith('Question'))), new Set(written));
  });

/** Three people who read a page and one who writes, each as soon as the last answer is there. */
function loadOn(page: string, cookie: string) {
  const load = { done: 0, stopped: false, stop };
  const failures: string[] = [];
  const written: string[] = [];
  const ask = async (
    address: string,
    options: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
  ) => {
    const answer = await fetch(address, { ...options, headers: { ...options.headers, cookie }, redirect: 'manual' });
    const said = await answer.text();
    if (answer.status >= 400)
      throw new Error(`${options.method ?? 'GET'} ${answer.status}: ${textOf(said).slice(0, 500)}`);
  };
  const again = async (work: () => Promise<void>) => {
    while (!load.stopped) {
      await work().catch((error: unknown) => failures.push(String(error)));
      load.done += 1;
    }
  };
  const write = async () => {
    // So that they stay below what a person may write.
    for (let n = 0; n < 8; n++) await ask(page, {});
    if (written.length >= 55) return;
    const text = `Question ${written.length}`;
    await ask(`${page}/comment`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ text }),
    });
    written.push(text);
  };
  const working = Promise.all([...Array.from({ length: 3 }, () => again(() => ask(page, {}))), again(write)]);
  async function stop() {
    load.stopped = true;
    await working;
    return { failures, written };
  }
  return load;
}
