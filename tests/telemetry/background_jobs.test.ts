import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addJob } from '../../src/db/jobs.js';
import { watchMail } from '../../src/jobs/watch_mail.js';
import { reportProcess } from '../../src/start/process_reports.js';
import { textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const pageOf = ({ slug }: Harbor) => `/${slug}/settings/organization/jobs`;

/** An organization whose emails the mail server puts off. */
async function failing(reason = '4.3.0 later') {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: reason };
  const invoice = await sentInvoice(portal, home);
  await portal.idle();
  // However slow the test is, the next try isn't due before it says so.
  await portal
    .knex('graphile_worker._private_jobs')
    .whereRaw(`payload->>'organization_id' = ?`, [home.organization_id])
    .update({ run_at: portal.knex.raw(`now() + interval '1 hour'`) });
  portal.post.answer = null;
  const notes = () => portal.look(home.organization_id, (db) => db('failing_jobs').select());
  const [note] = await notes();
  assert.ok(note);
  const url = `${pageOf(home)}/${note.job_id}`;
  return { home, invoice, notes, url, olivia: await portal.signIn(home.olivia.email) };
}

const activities = (home: Harbor, action: string) =>
  portal.look(home.organization_id, (db) => db('activities').where({ action }).select());

test('an owner sees what fails, why and when it is tried again, and has it tried now', async () => {
  const { home, olivia, notes, url } = await failing();
  const { text } = await olivia.get(pageOf(home)).expect(200);
  const words = textOf(text);
  for (const said of ['Send an email', home.maya.email, 'Will be tried again', 'Tried 1 of 28 times', '4.3.0 later'])
    assert.ok(words.includes(said), said);
  assert.match(text, /next try\s*<time/);
  await olivia
    .post(`${url}/retry`)
    .type('form')
    .send({})
    .expect(303)
    .expect('Location', /done=job_retried/);
  await portal.idle();
  assert.deepEqual(await notes(), []);
  assert.ok(await portal.post.to(home.maya.email));
  const [activity] = await activities(home, 'retry_job');
  assert.deepEqual(
    { by: activity.person_id, details: activity.details, visible_to: activity.visible_to },
    { by: home.olivia.id, details: { job: 'send_email' }, visible_to: 'staff' },
  );
  const after = textOf((await olivia.get(pageOf(home)).expect(200)).text);
  assert.ok(after.includes('Nothing is failing.'));
  await olivia.post(`${url}/retry`).type('form').send({}).expect(404);
});

test('a job without tries left says so, and gets all its tries again', async () => {
  const { home, olivia, notes, url } = await failing();
  const job = portal
    .knex('graphile_worker._private_jobs')
    .whereRaw(`payload->>'organization_id' = ?`, [home.organization_id]);
  await job.update({ attempts: portal.knex.raw('max_attempts') });
  assert.match(textOf((await olivia.get(pageOf(home))).text), /No tries left.*Tried 28 of 28 times/s);
  await olivia.post(`${url}/retry`).type('form').send({}).expect(303);
  await portal.idle();
  assert.deepEqual(await notes(), []);
});

test('who drops an email is warned; it counts as failed and is not sent, and staff read who did it', async () => {
  const { home, olivia, notes, url } = await failing();
  assert.match(textOf((await olivia.get(pageOf(home))).text), /The email will never be sent, and counts as failed/);
  await olivia
    .post(`${url}/drop`)
    .type('form')
    .send({})
    .expect(303)
    .expect('Location', /done=job_dropped/);
  await portal.runJobsNow();
  await portal.idle();
  assert.deepEqual(await notes(), []);
  const [email] = await portal.look(home.organization_id, (db) => db('emails').where({ person_id: home.maya.id }));
  assert.equal(email.state, 'failed');
  assert.equal((await activities(home, 'drop_job')).length, 1);
  assert.equal((await activities(home, 'undelivered')).length, 1);
  assert.equal(portal.post.emails.filter(({ recipient }) => recipient === home.maya.email).length, 0);
  await olivia.post(`${url}/drop`).type('form').send({}).expect(404);
});

test('what has to be done one day can’t be dropped', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  // That is no id: it fails whenever it is tried.
  await addJob(portal.knex, 'refund_payment', { organization_id: home.organization_id, refund_id: 'none' });
  await portal.idle();
  const noted = await portal.look(home.organization_id, (db) => db('failing_jobs').first());
  assert.ok(noted, 'it failed');
  const { text } = await olivia.get(pageOf(home)).expect(200);
  assert.match(textOf(text), /Refund a payment/);
  assert.ok(!text.includes('/drop"'));
  await olivia
    .post(`${pageOf(home)}/${noted.job_id}/drop`)
    .type('form')
    .send({})
    .expect(409);
  assert.equal((await activities(home, 'drop_job')).length, 0);
});

test('nobody sees or decides about another organization’s jobs, and only who runs theirs does', async () => {
  const { home, url, notes } = await failing();
  const rival = await harbor(portal);
  const rivals = await portal.signIn(rival.olivia.email);
  assert.ok(textOf((await rivals.get(pageOf(rival)).expect(200)).text).includes('Nothing is failing.'));
  const id = url.split('/').at(-1);
  for (const deed of ['retry', 'drop']) {
    await rivals
      .post(`${pageOf(rival)}/${id}/${deed}`)
      .type('form')
      .send({})
      .expect(404);
    for (const bad of ['0', 'x', '1e3', `${id}%20or%201=1`, '9'.repeat(30)])
      await rivals
        .post(`${pageOf(rival)}/${bad}/${deed}`)
        .type('form')
        .send({})
        .expect(404);
  }
  const tom = await portal.signIn(home.tom.email);
  await tom.get(pageOf(home)).expect(403);
  await tom.post(`${url}/retry`).type('form').send({}).expect(403);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(pageOf(home)).expect(404);
  assert.equal((await notes()).length, 1);
  const outside = await portal.knex('failing_jobs').select();
  assert.deepEqual(outside, [], 'without an actor, nobody reads any');
});

test('a job that is under way is not decided about', async () => {
  const { url, olivia, notes } = await failing();
  const { job_id } = (await notes())[0];
  const job = portal.knex('graphile_worker._private_jobs').where({ id: job_id });
  await job.clone().update({ locked_at: portal.knex.fn.now(), locked_by: 'a worker' });
  for (const deed of ['retry', 'drop']) await olivia.post(`${url}/${deed}`).type('form').send({}).expect(409);
  await job.clone().update({ locked_at: null, locked_by: null });
});

test('a form that is sent twice retries once; two who drop at once: one is told that it is gone', async () => {
  const { home, url, olivia } = await failing();
  const [one, other] = await Promise.all([
    olivia.post(`${url}/drop`).type('form').send({}),
    (await portal.signIn(home.olivia.email)).post(`${url}/drop`).type('form').send({}),
  ]);
  assert.deepEqual(
    [one.status, other.status].toSorted((a, b) => a - b),
    [303, 404],
  );
  assert.equal((await activities(home, 'drop_job')).length, 1);
});

test('what waits is counted by kind, and mail by its state', async () => {
  const quiet = await openPortal();
  await quiet.close_worker();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  const olivia = await quiet.signIn(home.olivia.email);
  const words = textOf((await olivia.get(pageOf(home)).expect(200)).text);
  assert.match(words, /Send an email\s+1/);
  assert.match(words, /Make a PDF\s+1/);
  assert.match(words, /Waiting to be sent\s+1/);
  assert.match(words, /The oldest waits since/);
  const rival = await harbor(quiet);
  const rivals = await quiet.signIn(rival.olivia.email);
  assert.match(textOf((await rivals.get(pageOf(rival))).text), /Nothing waits/);
  await quiet.close();
});

test('processes report what they do and their release; one that was killed is silent', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  assert.match(textOf((await olivia.get(pageOf(home))).text), /No process has reported yet/);
  const running = await reportProcess(portal.knex, ['web', 'worker'], portal.services.log);
  assert.match(textOf((await olivia.get(pageOf(home))).text), /Web pages and Background jobs\s+0\.1\.0.*Running/s);
  await portal.knex('processes').update({ seen_at: portal.knex.raw(`now() - interval '3 minutes'`) });
  assert.match(textOf((await olivia.get(pageOf(home))).text), /Silent/);
  await portal.knex('processes').update({ seen_at: portal.knex.raw(`now() - interval '2 days'`) });
  const other = await reportProcess(portal.knex, ['mail'], portal.services.log);
  assert.equal((await portal.knex('processes')).length, 1, 'the other is forgotten');
  await Promise.all([running.stop(), other.stop()]);
  assert.equal((await portal.knex('processes')).length, 0);
});

test('what is noted of a job goes with it, however that ended', async () => {
  const { home, notes } = await failing();
  const [{ job_id }] = await notes();
  await portal.knex('graphile_worker._private_jobs').where({ id: job_id }).delete();
  const olivia = await portal.signIn(home.olivia.email);
  assert.match(textOf((await olivia.get(pageOf(home))).text), /Nothing is failing/);
  const { config, secret, lookup } = portal.services;
  await watchMail({ db: portal.knex, config, secret, lookup });
  assert.deepEqual(await notes(), []);
});
