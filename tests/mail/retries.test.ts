import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { watchMail } from '../../src/jobs/watch_mail.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

// Tomorrow, half past a minute: no test falls between two minutes, and nothing that waits comes up by itself.
let clock = new Date(Math.floor(Date.now() / 3_600_000 + 24) * 3_600_000 + 630_000);

before(async () => {
  portal = await openPortal({ MAIL_PER_PERSON_MINUTE: '3', MAIL_PER_PERSON_HOUR: '6' });
  assert.ok(portal.services.post.rate_limits);
  portal.services.post.rate_limits.now = () => clock;
});

after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

const emailsTo = (home: Harbor, person_id: string) =>
  look(home, (db) => db('emails').where({ person_id }).orderBy('id').select());

/** Some minutes later what waits asks again. */
async function later(minutes: number) {
  clock = new Date(clock.getTime() + minutes * 60_000);
  await portal.runJobsNow();
}

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
    await later(60); // else it would wait for its turn, without a try
    await portal.idle();
    const { run_at, now, attempts, max_attempts } = await jobOf(id);
    assert.deepEqual([attempts, max_attempts], [tries, 28]);
    // It waits from the moment of the try, which lies between the two looks.
    const wait = Math.exp(Math.min(10, tries));
    assert.ok((run_at - now) / 1000 <= wait && wait <= (run_at - before) / 1000, `try ${tries}: ${run_at}`);
    waits.push(wait);
  }
  const days = waits.reduce((all, one) => all + one, 0) / 86_400;
  assert.ok(days > 4.5 && days < 5.5, `${days}`);
  assert.ok(Math.max(...waits) <= 6.2 * 3600);
  await later(60);
  await portal.idle();
  portal.post.answer = null;
  assert.equal(await jobOf(id), undefined);
  assert.equal((await emailsTo(home, home.maya.id))[0].state, 'failed');
});

test('after the last try an email has failed, for a reason that staff read, and nothing waits for ever', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: '4.2.2 the mailbox is busy' };
  const invoice = await sentInvoice(portal, home);
  await lastTry((await putOff(home)).id);
  await portal.idle();
  portal.post.answer = null;
  const [failed] = await emailsTo(home, home.maya.id);
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
  const [email] = await emailsTo(home, home.maya.id);
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
    .where({ id: email.subject_id })
    .update({ expires_at: portal.knex.raw(`now() - interval '1 minute'`) });
  portal.post.answer = null;
  await portal.runJobsNow();
  await portal.idle();
  const late = await look(home, (db) => db('emails').where({ id: email.id }).first());
  assert.deepEqual([late.state, /too late/.test(late.detail)], ['skipped', true]);
  assert.ok(!portal.post.emails.some(({ recipient }) => recipient === home.maya.email));
});
