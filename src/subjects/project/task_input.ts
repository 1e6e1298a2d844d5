import { z } from 'zod';
import { day, field, id, longText, shortText } from '../../input/fields.js';

const MOST_MINUTES = 6_000_000;
const chosenId = id.nullable().optional();

/** So long who finished a task may take it back before anybody is told. */
export const UNDO_SECONDS = 12;

/** Why a date has moved, for everybody who sees the task. */
export const reason = field(shortText.optional(), 'text', 'Why?');

/** What staff say of a task; the form of a new one and of one that exists. Minutes; days as ISO 8601. */
export const taskInput = z.object({
  title: shortText,
  note: longText.optional(),
  kind: z.enum(['phase', 'task', 'step'], 'Choose what it is.').optional(),
  parent: chosenId,
  assignee: chosenId,
  vendor: chosenId,
  trade: shortText.optional(),
  shown: field(z.boolean().optional(), 'checkbox', 'Visible to the customer'),
  starts_on: day.optional(),
  due_on: day.optional(),
  reason,
  milestone: field(z.boolean().optional(), 'checkbox', 'A milestone'),
  estimate_minutes: field(
    z
      .number('Enter hours like 1:30.')
      .int('Enter hours like 1:30.')
      .min(0, 'This can’t be below zero.')
      .max(MOST_MINUTES, 'This is too large.')
      .nullable()
      .optional(),
    'minutes',
  ),
  document: chosenId,
  after: field(z.array(id, 'Choose tasks.').max(50, 'Choose at most 50 tasks.').optional(), 'ids'),
});

/** New dates of a task; without its start, that stays. */
export const taskDates = z.object({
  starts_on: field(day.optional(), 'date', 'Starts'),
  due_on: field(day.min(1, 'Give a date.'), 'date', 'Due'),
  reason,
  /** The dates that its author saw, '2026-12-01/2026-12-05': others are not moved over. */
  seen: field(z.string().max(21, 'This can’t be used here.').optional(), 'hidden'),
});

/** Where a task goes in its list: a step that a button makes, or behind the row that it was dragged to. */
export const taskPlace = z.object({
  to: z.enum(['up', 'down', 'in', 'out'], 'Choose where it goes.').optional(),
  after: id.optional(),
});
