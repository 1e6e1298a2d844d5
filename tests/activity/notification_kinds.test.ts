import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EmailPreferences, USUAL } from '../../src/activity/email_rhythm.js';
import { asks, hasKind, kindOf } from '../../src/activity/notification_kinds.js';
import { nextSummary, quietUntil } from '../../src/mail/outbox/rhythm_times.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';

test('every action that notifies has a kind', () => {
  const without = LIFECYCLES.flatMap(({ name, actions }) =>
    Object.entries(actions).flatMap(([action, { notifies }]) =>
      notifies && !hasKind(action) ? [`${name}.${action}`] : [],
    ),
  );
  assert.deepEqual(without, []);
});

test('what somebody must answer is a response; what their own side did is what colleagues do', () => {
  const told = (type: string, action: string, side: string, reader: 'staff' | 'partner', named = false) =>
    kindOf({ type, action, side, reader, named });
  assert.deepEqual(
    [
      told('estimate', 'send', 'staff', 'partner'),
      told('estimate', 'accept', 'partner', 'staff'),
      told('estimate', 'accept', 'partner', 'partner'),
      told('estimate', 'request_changes', 'partner', 'staff'),
      told('bill', 'submit', 'partner', 'staff'),
      told('bill', 'approve', 'staff', 'partner'),
      told('purchase_order', 'propose', 'partner', 'staff'),
      told('invoice', 'record_payment', 'staff', 'partner'),
      told('invoice', 'remind', 'system', 'partner'),
      told('estimate', 'forward', 'partner', 'partner', true),
      told('project', 'comment', 'staff', 'partner'),
    ],
    [
      ...['response', 'documents', 'colleagues', 'response', 'response', 'documents', 'response'],
      ...['payments', 'reminders', 'messages', 'messages'],
    ],
  );
  assert.deepEqual(
    [asks('invoice', 'remind', 'partner'), asks('invoice', 'comment', 'partner'), asks('bill', 'approve', 'staff')],
    [true, false, true],
  );
});

const chosen = (changes: Partial<EmailPreferences>): EmailPreferences => ({ ...USUAL, ...changes });
const at = (text: string) => new Date(text);
const ZONE = 'Europe/Berlin';

test('a summary comes at its hour in the reader’s zone, also when the clocks change, and skips weekends if asked', () => {
  const daily = (now: string, changes: Partial<EmailPreferences> = {}, zone = ZONE) =>
    nextSummary(chosen(changes), 'daily', zone, at(now)).toISOString();
  assert.equal(daily('2026-10-24T12:00:00Z'), '2026-10-25T07:00:00.000Z', 'winter time has begun');
  assert.equal(daily('2026-10-24T05:59:00Z'), '2026-10-24T06:00:00.000Z', 'summer time');
  assert.equal(daily('2026-03-28T12:00:00Z', { daily_hour: 2 }), '2026-03-29T01:00:00.000Z', 'there is no 2 o’clock');
  assert.equal(daily('2026-11-27T12:00:00Z', { workdays_only: true }), '2026-11-30T07:00:00.000Z', 'Friday to Monday');
  assert.equal(daily('2026-11-27T12:00:00Z', {}, 'No/Where'), '2026-11-28T08:00:00.000Z');
  const weekly = nextSummary(chosen({ weekly_day: 3, weekly_hour: 17 }), 'weekly', ZONE, at('2026-11-25T16:00:00Z'));
  assert.equal(weekly.toISOString(), '2026-12-02T16:00:00.000Z', 'this Wednesday’s has just gone');
});

test('quiet hours end at their end, over midnight too, and summaries keep them', () => {
  const night = chosen({ quiet_from: 22, quiet_to: 7 });
  const end = (now: string, preferences = night) => quietUntil(preferences, ZONE, at(now))?.toISOString() ?? null;
  assert.equal(end('2026-11-27T21:30:00Z'), '2026-11-28T06:00:00.000Z');
  assert.equal(end('2026-11-28T05:59:00Z'), '2026-11-28T06:00:00.000Z');
  assert.equal(end('2026-11-28T06:00:00Z'), null);
  assert.equal(end('2026-11-28T12:00:00Z', chosen({ quiet_from: 12, quiet_to: 14 })), '2026-11-28T13:00:00.000Z');
  const early = nextSummary({ ...night, daily_hour: 5 }, 'daily', ZONE, at('2026-11-27T12:00:00Z'));
  assert.equal(early.toISOString(), '2026-11-28T06:00:00.000Z');
});
