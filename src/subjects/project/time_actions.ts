import { z } from 'zod';
import type { Action } from '../../document_types/index.js';
import { chosen, day, field, id, longText, money, shortText } from '../../input/fields.js';

/** What actions on the time of a project change: see projects/time/time_effects.ts. */
export type TimeEffect =
  | ('log time' | 'start timer' | 'stop timer' | 'discard timer' | 'add activity')
  | ('submit week' | 'withdraw week' | 'approve week' | 'send back week')
  | ('ask for approval' | 'accept time' | 'question time' | 'bill time' | 'set time');

const ENTER_HOURS = 'Enter hours like 1:30.';
const minutes = (most: number, tooMuch: string) =>
  z.number(ENTER_HOURS).int(ENTER_HOURS).min(0, 'This can’t be below zero.').max(most, tooMuch);

const note = shortText.optional();

/**
 * What was done on a day. `work`: a task or an activity. `minutes`: null removes it, left out they stay; with `add`, it
 * adds to what is there.
 */
const timeCell = z.object({
  work: chosen('Choose a task.'),
  day,
  minutes: minutes(1440, 'A day has 24 hours.').nullable().optional(),
  /** Left out: it stays. */
  note: note.nullable(),
  internal_note: note.nullable(),
  add: z.boolean().optional(),
});
export type TimeCell = z.output<typeof timeCell>;

/** What somebody logs, up to a few weeks of a project. */
export const loggedTime = z.object({
  cells: z.array(timeCell).min(1, ENTER_HOURS).max(500, 'This is too much at once.'),
});

/** A week, by its Monday. */
export const ofWeek = z.object({ week: day });
const ofPerson = z.object({ week: day, person: id });
/** What staff approve, send back, and why. */
export const sentBack = z.object({ week: day, person: id, reason: shortText });
export const startedTimer = z.object({ work: chosen('Choose a task.'), note });
export const stoppedTimer = z.object({ note });
export const newActivity = z.object({
  name: shortText,
  planned: field(minutes(6_000_000, 'This is too large.').nullable().optional(), 'minutes'),
});
/** `minutes`: as many as the page showed, if it did. With `part`, only time on `works` is approved. */
export const acceptedWeek = z.object({
  week: day,
  minutes: field(z.string().optional(), 'hidden'),
  part: field(z.boolean().optional(), 'checkbox'),
  works: field(z.array(id).max(500).optional(), 'ids'),
});
/** `bill_rate`: per hour, in the customer's currency; left out: that of each person. */
export const timeTerms = z.object({
  time_shown: field(z.enum(['hours', 'notes', 'none'], 'Choose an answer.'), 'text'),
  asks_approval: field(z.boolean().optional(), 'checkbox'),
  bill_rate: money.optional(),
});

const own = { by: 'staff', visible: 'staff', formPage: 'time' } as const;
/** Not of a project that is closed. */
const ongoing = { ...own, from: ['open'] } as const;
const told = { ...own, notifies: 'named' } as const;
const WEEK = '{{from_on}} to {{until_on}}';

/** What is done with the time of a project, by staff and its customer. */
export const timeActions = {
  log_time: { ...ongoing, effect: 'log time', asks: loggedTime, merges: true, summary: '{{actor}} logged time' },
  start_timer: {
    ...ongoing,
    effect: 'start timer',
    asks: startedTimer,
    merges: true,
    summary: '{{actor}} started a timer',
    label: 'Start timer',
  },
  stop_timer: { ...own, effect: 'stop timer', asks: stoppedTimer, summary: '{{actor}} stopped a timer', label: 'Stop' },
  discard_timer: {
    ...own,
    effect: 'discard timer',
    summary: '{{actor}} discarded a timer',
    label: 'Discard',
    style: 'danger',
  },
  add_activity: {
    ...ongoing,
    effect: 'add activity',
    asks: newActivity,
    summary: '{{actor}} added the activity {{name}}',
    label: 'Add activity',
  },
  submit_week: {
    ...told,
    effect: 'submit week',
    asks: ofWeek,
    summary: `{{actor}} submitted {{hours}} hours: ${WEEK}`,
    label: 'Submit week',
  },
  withdraw_week: {
    ...own,
    effect: 'withdraw week',
    asks: ofWeek,
    summary: `{{actor}} withdrew the week ${WEEK}`,
    label: 'Withdraw',
  },
  approve_week: {
    ...told,
    effect: 'approve week',
    asks: ofPerson,
    summary: `{{actor}} approved {{hours}} hours of {{name}}: ${WEEK}`,
    summaryToNamed: `{{actor}} approved your {{hours}} hours: ${WEEK}`,
    label: 'Approve',
    style: 'primary',
  },
  send_back_week: {
    ...told,
    effect: 'send back week',
    asks: sentBack,
    summary: `{{actor}} sent the week of {{name}} back: ${WEEK}`,
    summaryToNamed: `{{actor}} sent your week back: ${WEEK}`,
    label: 'Send back',
  },
  ask_time: {
    by: 'staff',
    formPage: 'time',
    effect: 'ask for approval',
    asks: ofWeek,
    notifies: 'partner',
    summary: `{{actor}} asks for approval of the time from ${WEEK}`,
    label: 'Ask for approval',
    explains: 'They get an email with a button that approves it.',
  },
  approve_time: {
    by: 'partner',
    formPage: 'time',
    effect: 'accept time',
    asks: acceptedWeek,
    notifies: 'staff',
    summary: `{{actor}} approved the time from ${WEEK}`,
    summaryToAuthor: 'You approved the time from {{from_on}} to {{until_on}}',
    receipt: true,
    label: 'Approve',
    style: 'primary',
  },
  question_time: {
    by: 'partner',
    formPage: 'time',
    effect: 'question time',
    asks: z.object({ week: day, message: longText }),
    notifies: 'staff',
    summary: `{{actor}} has a question about the time from ${WEEK}`,
    label: 'Ask about it',
  },
  bill_time: {
    ...own,
    permission: 'invoicing',
    effect: 'bill time',
    summary: '{{actor}} billed {{hours}} hours',
    label: 'Bill time',
    explains: 'Makes a draft of an invoice. You can edit it before sending.',
  },
  set_time: {
    ...own,
    effect: 'set time',
    asks: timeTerms,
    summary: '{{actor}} changed what the customer sees of the time',
  },
} as const satisfies Record<string, Action<string, TimeEffect>>;
