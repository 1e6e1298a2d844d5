import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SendMailOptions } from 'nodemailer';
import { act } from '../../src/act.js';
import { openOutbox } from '../../src/mail/outbox/send.js';
import type { Transport } from '../../src/mail/outbox/transport.js';
import { newContact } from '../../src/people/partner.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

/** As many as are under way at a time. */
const READERS = 8;

let portal: Portal;
before(async () => {
  portal = await openPortal();
  await portal.close_worker();
});
after(() => portal.close());

/** An invoice that many read, with comments whose emails wait: those of the first comment come first. */
async function waiting(comments: number) {
  const home = await harbor(portal);
  const contact = (i: number) => ({ name: `Reader ${i}`, email: `reader${i}@maple.example` });
  const readers: string[] = [];
  for (let i = 0; i < READERS; i++)
    readers.push(await newContact(portal.knex, home.staff, home.partner_id, contact(i)));
  const { id } = await sentInvoice(portal, home, { recipients: readers });
  await portal.look(home.organization_id, (db) => db('emails').update({ state: 'skipped' }));
  await portal.knex('graphile_worker._private_jobs').delete();
  for (let i = 0; i < comments; i++) await act(portal.knex, home.staff, id, 'comment', { text: `Word ${i}.` });
  const { rows } = await portal.knex.raw('select payload from graphile_worker._private_jobs order by id');
  return { home, jobs: rows.map(({ payload }: { payload: object }) => payload) };
}

/** Sends what waits, by a transport of this test. */
async function sendAll(jobs: Parameters<ReturnType<typeof openOutbox>>[0][], transport: Transport['send']) {
  const send = openOutbox(portal.knex, { ...portal.services.post, transport: { send: transport, close: () => {} } });
  return Promise.allSettled(jobs.map((job) => send(job)));
}

const states = async ({ organization_id }: Harbor) =>
  portal.look(organization_id, async (db) => {
    const { rows } = await db.raw<{ rows: { state: string; emails: number; transactions: number }[] }>(
      `select state, count(*)::int as emails, count(distinct xmin::text)::int as transactions from emails
       where state <> 'skipped' group by 1 order by 1`,
    );
    return rows;
  });

test('emails that are due together are prepared in one transaction, and their results stored in one', async () => {
  const { home, jobs } = await waiting(1);
  let busy = 0;
  const together: (() => void)[] = [];
  await sendAll(jobs, async () => {
    busy += 1;
    await new Promise<void>((resolve) => {
      together.push(resolve);
      if (busy === READERS) for (const go of together) go();
    });
    return { response: '250 with a \0 in it' };
  });
  assert.deepEqual(await states(home), [{ state: 'accepted', emails: READERS, transactions: 1 }]);
  const links = await portal.look(home.organization_id, (db) => db('links').select(db.raw('xmin::text as by')));
  assert.deepEqual([links.length, new Set(links.map(({ by }) => by)).size], [READERS, 1]);
});

test('emails of a thread go one after the other, each as an answer to the last', async () => {
  const { jobs } = await waiting(3);
  const threads = new Map<string, SendMailOptions[]>();
  const busy = new Set<string>();
  await sendAll(jobs, async (message) => {
    const to = JSON.stringify(message.to);
    assert.ok(!busy.has(to));
    busy.add(to);
    await new Promise(setImmediate);
    threads.set(to, [...(threads.get(to) ?? []), message]);
    busy.delete(to);
    return { response: '250' };
  });
  assert.equal(threads.size, READERS);
  for (const messages of threads.values()) {
    assert.deepEqual(
      messages.map(({ text }) => (typeof text === 'string' ? /Word \d/.exec(text)?.[0] : null)),
      ['Word 0', 'Word 1', 'Word 2'],
    );
    const [first, second, third] = messages;
    assert.deepEqual([second?.inReplyTo, third?.inReplyTo], [first?.messageId, second?.messageId]);
  }
});

test('one that the server defers is tried again; the others have gone', async () => {
  const { home, jobs } = await waiting(1);
  const deferred = Object.assign(new Error('451 later'), { responseCode: 451, command: 'RCPT TO' });
  const results = await sendAll(jobs, async ({ to }) => {
    if (JSON.stringify(to).includes('reader3@')) throw deferred;
    return { response: '250' };
  });
  assert.deepEqual(
    results.flatMap((result, i) => (result.status === 'rejected' ? [i] : [])),
    [3],
  );
  const [accepted, queued] = await states(home);
  assert.deepEqual([accepted?.emails, queued?.emails], [READERS - 1, 1]);
});

test('the text of an email, without its links, is kept for what answers it', async () => {
  const { home, jobs } = await waiting(2);
  await sendAll(jobs, async () => ({ response: '250' }));
  const emails = await portal.look(home.organization_id, (db) => db('emails').whereNotNull('text').select('text'));
  assert.equal(emails.filter(({ text }) => /Word 1\.[\s\S]*Word 0\./.test(text)).length, READERS);
  for (const { text } of emails) assert.doesNotMatch(text, /:\/\//);
});
