import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { watchMail } from '../../src/jobs/watch_mail.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { HELD_MS, openThrottled, type Throttled } from '../support/throttled.js';

let portal: Throttled;
before(async () => (portal = await openThrottled()));
after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

/** Maya's email that was put off at its first try. */
async function putOff(home: Harbor) {
  await portal.idle();
  const email = await look(home, (db) =>
    db('emails')
      .where({ person_id: home.maya.id, state: 'queued' })
      .where('tries', '>', 0)
      .whereNot({ detail: '' })
      .first(),
  );
  assert.ok(email);
  return email;
}

const jobOf = (email_id: string) =>
  portal
    .knex('graphile_worker._private_jobs')
    .whereRaw(`payload->>'email_id' = ?`, [email_id])
    .first('attempts', 'max_attempts', 'run_at', portal.knex.raw('now() as now'));

/** Lets a job that waits begin its last try. */
async function lastTry(email_id: string) {
  await portal
    .knex('graphile_worker._private_jobs')
    .whereRaw(`payload->>'email_id' = ?`, [email_id])
    .update({ attempts: portal.knex.raw('max_attempts - 1') });
  await portal.runJobsNow();
}

test('tries go on for nearly five days, more and more seldom, up to every six hours', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: '4.3.0 later' };
  await sentInvoice(portal, home);
  const { id } = await putOff(home);
  const waits = [Math.E];
  for (let tries = 2; tries < 28; tries++) {
    const { now: before } = await jobOf(id);
    await portal.later(60); // else it would wait for its turn, without a try
    const { run_at, now, attempts, max_attempts } = await jobOf(id);
    assert.deepEqual([attempts, max_attempts], [tries, 28]);
    // It waits from the moment of the try, which lies between the two looks; these are cut to milliseconds.
    const wait = Math.exp(Math.min(10, tries));
    const due = run_at - HELD_MS;
    assert.ok(due - now - 2 < wait * 1000 && wait * 1000 < due - before + 2, `try ${tries}: ${run_at}`);
    waits.push(wait);
  }
  const days = waits.reduce((all, one) => all + one, 0) / 86_400;
  assert.ok(days > 4.5 && days < 5.5, `${days}`);
  assert.ok(Math.max(...waits) <= 6.2 * 3600);
  await portal.later(60);
  portal.post.answer = null;
  assert.equal(await jobOf(id), undefined);
  assert.equal((await portal.emailsTo(home, home.maya.id))[0].state, 'failed');
});

test('after the last try an email has failed, for a reason that staff read, and nothing waits for ever', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: '4.2.2 the mailbox is busy' };
  const invoice = await sentInvoice(portal, home);
  await lastTry((await putOff(home)).id);
  await portal.idle();
  portal.post.answer = null;
  const [failed] = await portal.emailsTo(home, home.maya.id);
  assert.deepEqual([failed.state, /busy/.test(failed.detail)], ['failed', true]);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(invoice.url)
    .expect(/Could not be sent/)
    .expect(/could not be delivered/)
    .expect(/busy/);
  const [strike] = await look(home, (db) => db('bounces').where({ person_id: home.maya.id }).select());
  assert.equal(strike.kind, 'soft');
});

test('an email whose job died without an error has failed, too', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await sentInvoice(portal, home);
  const { id } = await putOff(home);
  await portal.knex.raw(
    `update graphile_worker._private_jobs set attempts = max_attempts, run_at = now() + interval '1 hour' where payload->>'email_id' = ?`,
    [id],
  );
  const { config, secret, lookup } = portal.services;
  await watchMail({ db: portal.knex, config, secret, lookup });
  portal.post.answer = null;
  const [email] = await portal.emailsTo(home, home.maya.id);
  assert.equal(email.state, 'failed');
  assert.equal(await jobOf(id), undefined);
});

test('a code that would come too late is not sent', async () => {
  const home = await harbor(portal);
  const agent = portal.browser();
  portal.post.answer = { code: 451, message: 'later' };
  await agent.post('/sign-in').type('form').send({ email: home.maya.email }).expect(303);
  await portal.idle();
  const email = await look(home, (db) => db('emails').where({ kind: 'code' }).whereNot({ detail: '' }).first());
  await portal
    .knex('sign_ins')
    .where({ id: email.cause_id })
    .update({ expires_at: portal.knex.raw(`now() - interval '1 minute'`) });
  portal.post.answer = null;
  await portal.runJobsNow();
  await portal.idle();
  const late = await look(home, (db) => db('emails').where({ id: email.id }).first());
  assert.deepEqual([late.state, /too late/.test(late.detail)], ['skipped', true]);
  assert.ok(!portal.post.emails.some(({ recipient }) => recipient === home.maya.email));
});

test('what follows in a thread waits behind an email that could not be sent; other threads go on', async () => {
  const home = await harbor(portal);
  const [stuck, other] = [await sentInvoice(portal, home), await sentInvoice(portal, home)];
  await portal.later(60);
  const says = (id: string, text: string) => act(portal.knex, home.staff, id, 'comment', { text });
  portal.post.answer = { code: 451, message: '4.2.2 the mailbox is busy' };
  await says(stuck.id, 'The first word');
  await portal.idle();
  portal.post.answer = null;
  await says(stuck.id, 'The second word');
  await says(other.id, 'A word aside');
  await portal.idle();
  const said = () =>
    portal.post.emails.flatMap(({ recipient, text }) =>
      recipient === home.maya.email ? (/The first word|The second word|A word aside/.exec(text ?? '') ?? []) : [],
    );
  assert.deepEqual(said(), ['A word aside']);
  for (let tries = 0; tries < 4; tries++) await portal.later(60);
  assert.deepEqual(said().slice(0, 2), ['A word aside', 'The first word']);
  assert.match(portal.post.emails.at(-1)?.text ?? '', /The second word/);
});

test('once an email that was put off has gone, what waits behind it follows at once', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  await portal.later(60);
  const says = (text: string) => act(portal.knex, home.staff, id, 'comment', { text });
  portal.post.answer = { code: 451, message: '4.2.2 the mailbox is busy' };
  await says('The first word');
  const { id: first } = await putOff(home);
  portal.post.answer = null;
  await says('The second word');
  await portal.idle();
  await portal
    .knex('graphile_worker._private_jobs')
    .whereRaw(`payload->>'email_id' = ?`, [first])
    .update({ run_at: portal.knex.fn.now() });
  await portal.post.to(home.maya.email, 'The second word');
  const sent = portal.post.emails.filter(
    ({ recipient, text }) => recipient === home.maya.email && /word/.test(`${text}`),
  );
  assert.deepEqual([/The first word/.test(`${sent[0]?.text}`), sent.length], [true, 2]);
});
