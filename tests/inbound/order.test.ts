import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
/** Another, once that of the portal has stopped. */
let worker: Awaited<ReturnType<Portal['startWorker']>> | undefined;

before(async () => (portal = await openPortal()));
after(async () => {
  await worker?.stop();
  await portal.close();
});
afterEach(() => recover());

const { bodies, deliveries } = inbox(() => portal);

/** From now on a comment that says "stuck" can't be stored: its message must be tried again later. */
const getStuck = () =>
  portal.knex.raw(`create function stick() returns trigger language plpgsql as $$ begin
      if new.body like '%stuck%' then raise 'no room'; end if; return new; end $$;
    create trigger stick before insert on comments for each row execute function stick()`);
const recover = () => portal.knex.raw('drop function if exists stick cascade');

/** Maya and Noah have an invoice by email, and Maya another one. */
async function correspondents() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { recipients: [home.maya.id, home.noah.id] });
  const [mayas, noahs] = [await portal.post.to(home.maya.email), await portal.post.to(home.noah.email)];
  return { home, invoice, mayas, noahs };
}

test('what follows a message that must wait waits behind it; what others write does not', async () => {
  const { home, mayas, noahs } = await correspondents();
  const other = await sentInvoice(portal, home);
  const second = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes(other.number) ?? false);
  await getStuck();
  await portal.reply(mayas, 'First, I am stuck');
  await portal.idle();
  await portal.reply(mayas, 'Second, to the same');
  await portal.reply(second, 'Third, to another');
  await portal.reply(noahs, 'Mine goes on');
  await portal.idle();
  assert.deepEqual(await bodies(home), ['Mine goes on']);
  await recover();
  await portal.runJobsNow();
  await portal.idle();
  const said = await bodies(home);
  assert.deepEqual(said.slice(0, 2), ['Mine goes on', 'First, I am stuck']);
  assert.deepEqual(said.slice(2).toSorted(), ['Second, to the same', 'Third, to another']);
});

test('of messages that are taken together, those behind one that fails wait, untried', async () => {
  const { home, mayas, noahs } = await correspondents();
  await getStuck();
  await portal.close_worker();
  for (const words of ['One', 'Two, stuck', 'Three', 'Four']) await portal.reply(mayas, words);
  await portal.reply(noahs, 'Aside');
  worker = await portal.startWorker();
  await portal.idle();
  assert.deepEqual((await bodies(home)).toSorted(), ['Aside', 'One']);
  const waiting = (await deliveriesInOrder()).filter(({ state }) => state === 'pending');
  assert.deepEqual(
    waiting.map(({ tries }) => tries > 0),
    [true, false, false],
  );
  await recover();
  await portal.runJobsNow();
  await portal.idle();
  assert.deepEqual((await bodies(home)).slice(-3), ['Two, stuck', 'Three', 'Four']);
});

const deliveriesInOrder = () =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').orderBy('id').select<{ state: string; tries: number }[]>('state', 'tries'),
  );

test('once a message is given up, and held for staff, the next goes on', async () => {
  const { home, mayas } = await correspondents();
  await getStuck();
  await portal.reply(mayas, 'This one stays stuck');
  await portal.reply(mayas, 'The next one');
  for (let tries = 0; tries < 6; tries++) {
    await portal.idle();
    await portal.runJobsNow();
  }
  await portal.idle();
  assert.deepEqual(await bodies(home), ['The next one']);
  assert.deepEqual(
    (await deliveries(home)).map(({ state, code }) => [state, code]),
    [
      ['held', 'unreadable'],
      ['posted', 'posted'],
    ],
  );
});
