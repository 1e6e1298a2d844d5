import { IANAZone } from 'luxon';
import { z } from 'zod';
import { day, field, id, longText, shortText } from '../../input/fields.js';
import { isDay } from '../../input/valid_input.js';
import { whole } from '../subscription/plan_input.js';

/** A time on a clock: '09:30'. */
const clock = field(
  z
    .string('Enter a time like 9:30.')
    .overwrite((typed) => typed.trim().padStart(5, '0'))
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time like 9:30.'),
  'text',
);
const zone = field(
  z.string('Choose a time zone.').refine((name) => IANAZone.isValidZone(name), 'Choose a time zone.'),
  'text',
);

/** When an event is, as a form asks: on clocks in its zone. Left out: times of whole days, the day on which it ends. */
const eventTimes = {
  starts_on: day,
  starts_time: clock.optional(),
  ends_on: day.optional(),
  ends_time: clock.optional(),
};
const eventTimesInput = z.object(eventTimes);
export type GivenEventTimes = z.output<typeof eventTimesInput>;

/** A time of a series by its day there, ISO 8601; left out: all of them. */
export const oneTime = {
  on: field(z.string('Give a date.').refine(isDay, 'Give a date.').optional(), 'hidden'),
};

/** How much of a series changes: that time alone, it with all that follow, or all. */
export const partOfSeries = {
  ...oneTime,
  which: field(z.enum(['one', 'after', 'all'], 'Choose which.').optional(), 'text'),
};

/** Another time, of all or of a part of a series. */
export const moveInput = eventTimesInput.extend({ message: longText.optional(), ...partOfSeries });

/** Another time that somebody would rather have. */
export const proposalInput = eventTimesInput.extend({ message: longText.optional(), ...oneTime });

const said = { title: shortText, place: shortText.optional(), note: longText.optional() };
const when = { ...eventTimes, whole_day: field(z.boolean().optional(), 'checkbox', 'All day'), time_zone: zone };

/** What staff say of an event. `repeats`: left out or 'no', it happens once; else until a day, or so many `times`. */
export const eventInput = z.object({
  ...said,
  ...when,
  repeats: field(z.enum(['no', 'daily', 'weekly', 'monthly'], 'Choose how often.').optional(), 'text'),
  every: whole(1, 99).optional(),
  until_on: day.optional(),
  times: whole(2, 400).optional(),
  shown: field(z.boolean().optional(), 'checkbox', 'The customer sees it'),
});
export type GivenEvent = z.output<typeof eventInput>;

/** A new event, with who is invited. `vendor`: whose people are, instead of the customer’s. */
export const newEventInput = eventInput.extend({
  vendor: id.nullable().optional(),
  guests: z.array(id, 'Choose people.').max(100, 'Choose at most 100 people.').optional(),
});

/** A meeting that a customer asks for. */
export const meetingInput = z.object({ ...said, ...when });
