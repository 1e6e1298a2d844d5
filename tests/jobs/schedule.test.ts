import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemActor } from '../../src/db/scope.js';
import { types } from '../../src/document_types/index.js';
import { dueNow, isScheduled, nextCheck } from '../../src/jobs/schedule.js';
import type { SubjectFacts } from '../../src/subjects/may.js';
import { sample, seeded } from '../support/random.js';

const HOUR = 3_600_000;
const ZONES: [string, ...string[]] = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'no such zone'];
const START = Date.parse('2026-03-06T12:00:00Z');

const actorIn = (time_zone: string, now: Date) => ({ ...systemActor('o', null, now), time_zone });

const invoice = (facts: Partial<SubjectFacts> = {}): SubjectFacts => ({
  type: 'invoice',
  number: 'INV-1',
  state: 'sent',
  started_by: 'staff',
  due_on: '2026-03-10',
  open: 100,
  credit: 0,
  left: 0,
  online: true,
  paying: false,
  sent_on: '2026-03-01',
  reminders: 0,
  reminded_on: null,
  reminder_days: [-3, 1, 8, 22, 45],
  promised_on: null,
  disputed_on: null,
  partial_payments: true,
  signature_required: false,
  reference_required: false,
  changes_proposed: false,
  ...facts,
});

/** When the clock would look, from `now` on, until something is due or ten days have passed. */
function whenActed(document: SubjectFacts, time_zone: string, start: Date): Date | null {
  let now = start;
  for (let looks = 0; looks < 100 && now.getTime() < start.getTime() + 10 * 24 * HOUR; looks++) {
    if (dueNow(document, actorIn(time_zone, now), now)) return now;
    const next = nextCheck(document, actorIn(time_zone, now), now);
    assert.ok(next > now, `${next.toISOString()} is not after ${now.toISOString()}`);
    now = next;
  }
  return null;
}

/** The same, had it looked every half hour. */
function whenDue(document: SubjectFacts, time_zone: string, start: Date): Date | null {
  for (let time = start.getTime(); time < start.getTime() + 10 * 24 * HOUR; time += HOUR / 2) {
    if (dueNow(document, actorIn(time_zone, new Date(time)), new Date(time))) return new Date(time);
  }
  return null;
}

test('a reminder is due at nine in the morning of its day, where the organization is', () => {
  const from = new Date(START);
  // Three days before; New York turns its clocks in the night of March 8.
  assert.deepEqual(
    nextCheck(invoice({ due_on: '2026-03-12' }), actorIn('UTC', from), from),
    new Date('2026-03-09T09:00Z'),
  );
  assert.deepEqual(
    nextCheck(invoice({ due_on: '2026-03-12' }), actorIn('America/New_York', from), from),
    new Date('2026-03-09T13:00Z'),
  );
  // One that is due already, while a payment is processing: looked at each morning.
  assert.deepEqual(nextCheck(invoice({ paying: true }), actorIn('UTC', from), from), new Date('2026-03-07T09:00Z'));
});

test('nothing that is due is overlooked until the clock looks again', () => {
  const below = seeded(17);
  const pick = <T>(items: readonly [T, ...T[]]): T => sample(items, 1, below)[0] ?? items[0];
  const day = (ahead: number) => new Date(START + ahead * 24 * HOUR).toISOString().slice(0, 10);
  const [first, ...rest] = types.flatMap(({ name, states }) =>
    states.filter((state) => isScheduled({ type: name, state })).map((state) => ({ type: name, state })),
  );
  assert.ok(first && rest.length > 4);
  let due = 0;
  for (let n = 0; n < 60; n++) {
    const reminders = below(4);
    const document = invoice({
      ...pick([first, ...rest]),
      due_on: pick([null, day(below(20) - 10)]),
      open: pick([0, 100]),
      sent_on: day(-below(10)),
      reminders,
      promised_on: pick([null, null, day(below(8) - 4)]),
      reminded_on: reminders ? day(-below(6)) : null,
    });
    const zone = pick(ZONES);
    const start = new Date(START + below(48) * (HOUR / 2));
    const expected = whenDue(document, zone, start);
    assert.deepEqual(whenActed(document, zone, start), expected, JSON.stringify({ ...document, zone, start }));
    if (expected) due++;
  }
  assert.ok(due > 10 && due < 60, `${due} were due`);
});
