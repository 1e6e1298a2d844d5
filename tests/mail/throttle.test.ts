import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { nextSlot } from '../../src/mail/outbox/throttle.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal } from '../support/portal.js';
import { openThrottled, type Throttled } from '../support/throttled.js';

let portal: Throttled;
before(async () => (portal = await openThrottled()));
after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

test('many comments in a minute are a few emails, the last a digest of all that waited', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email);
  const WORDS = 40;
  for (let i = 1; i <= WORDS; i++) await act(portal.knex, home.staff, invoice.id, 'comment', { text: `Word ${i}.` });
  await portal.idle();
  const before = portal.post.emails.filter(({ recipient }) => recipient === home.maya.email);
  assert.equal(before.length, 3, 'as many as a minute has room for');
  await portal.later(60);
  const received = await portal.post.to(home.maya.email, `Word ${WORDS}.`);
  await portal.idle();
  const emails = await portal.emailsTo(home, home.maya.id);
  const count = (of: string) => emails.filter(({ state }) => state === of).length;
  assert.deepEqual([count('accepted'), count('skipped'), count('queued')], [4, WORDS + 1 - 4, 0]);
  assert.match(received.text ?? '', new RegExp(`Before that, in short: ${WORDS + 1 - 4} more`));
  assert.match(received.text ?? '', new RegExp(`and ${WORDS + 1 - 4 - 8} more`));
  const last = emails.at(-1);
  assert.ok(emails.every(({ state, merged_into }) => state === 'accepted' || merged_into === last.id));
});

test('emails with attachments wait for the limits per minute and hour; a code never waits', async () => {
  const home = await harbor(portal);
  for (let i = 0; i < 8; i++) await sentInvoice(portal, home);
  await portal.idle();
  const sent = () =>
    portal.post.emails.filter(({ recipient, attachments }) => recipient === home.maya.email && attachments.length)
      .length;
  assert.equal(sent(), 3);
  await portal.signIn(home.maya.email);
  await portal.idle();
  const waiting = (await portal.emailsTo(home, home.maya.id)).filter(({ state }) => state === 'queued');
  assert.ok(waiting.every(({ tries, postponed_at }) => tries === 0 && postponed_at));
  await portal.later(1);
  assert.equal(sent(), 6);
  await portal.later(1);
  assert.equal(sent(), 6, 'the hour is full');
  const late = new Date('2026-11-26T10:20:30Z');
  const minutes = (before: number) =>
    Math.floor(
      (nextSlot({ unit: 'minute', limit: 3 }, before, late).getTime() - Date.parse('2026-11-26T10:20:00Z')) / 60_000,
    );
  assert.deepEqual([0, 2, 3, 6].map(minutes), [1, 1, 2, 3]);
  await portal.later(60);
  assert.equal(sent(), 8);
});

test('an internal comment is never in a digest whose replies the other side reads', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await look(home, (db) =>
    db('participants')
      .insert({ organization_id: home.organization_id, subject_id: invoice.id, person_id: home.tom.id })
      .onConflict()
      .ignore(),
  );
  for (let i = 0; i < 6; i++)
    await act(portal.knex, home.staff, invoice.id, 'comment', { text: `Ours alone ${i}`, audience: 'internal' });
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'For both' });
  await portal.idle();
  await portal.later(60);
  const both = await portal.post.to(home.tom.email, 'For both');
  assert.doesNotMatch(both.text ?? '', /in short/);
  const internal = await portal.post.to(
    home.tom.email,
    ({ text }) => /^  Ours alone 5/m.test(text ?? '') && !text?.includes('For both'),
  );
  assert.match(internal.text ?? '', /in short: 2 more/);
});

test('a domain gets no more emails a minute than its limit', async () => {
  const one = await openPortal({ MAIL_PER_DOMAIN_MINUTE: '2' });
  const homes = await Promise.all([harbor(one), harbor(one), harbor(one)]);
  for (const home of homes) await sentInvoice(one, home);
  await one.idle();
  assert.equal(one.post.emails.length, 2);
  await one.look(homes[0]?.organization_id ?? '', (db) => db('mail_pace').delete());
  await one.runJobsNow();
  await one.idle();
  assert.equal(one.post.emails.length, 3);
  await one.close();
});
