import { z } from 'zod';
import { contentInput, MAX_LINES } from '../../document_types/shared/inputs.js';
import { day, field, longText, shortText } from '../../input/fields.js';

export const UNITS = ['day', 'week', 'month', 'year'] as const;
export type Unit = (typeof UNITS)[number];

const { lines, recipients, reference, note, terms, partner_taxes } = contentInput.shape;

/** A line of each invoice: what the form of a plan edits, so that a change by it loses nothing. */
const line = lines
  .unwrap()
  .element.pick({ description: true, unit: true, quantity: true, unit_price: true, tax_rate: true, taxes: true });
export type GivenPlanLine = z.output<typeof line>;

const ADD_LINE = 'Add at least one line.';

/** What each invoice says, and who gets it. */
const content = field(
  z.object({
    title: shortText.max(120, 'Use at most 120 characters.'),
    lines: z.array(line, ADD_LINE).min(1, ADD_LINE).max(MAX_LINES, `Use at most ${MAX_LINES} lines.`),
    recipients: recipients.refine((given) => given.length > 0, 'Choose at least one recipient.'),
    reference,
    note,
    terms,
    partner_taxes,
  }),
  'content',
);

/** A whole number of up to four digits. */
export const whole = (least: number, most: number) =>
  field(
    z
      .union([z.string(), z.number()], 'Give a number.')
      .transform((typed) => String(typed).trim())
      .refine((typed) => /^\d{1,4}$/.test(typed), { error: 'Enter a whole number.', abort: true })
      .transform(Number)
      .refine((value) => value >= least, 'This is too small.')
      .refine((value) => value <= most, 'This is too large.'),
    'text',
  );

const terms_of_plan = {
  content,
  every: whole(1, 366),
  unit: field(z.enum(UNITS, 'Choose an interval.'), 'hidden'),
  ends_on: day.optional(),
  terms_days: whole(0, 365),
  sends: field(z.boolean(), 'checkbox'),
};

/** A new subscription. */
export const newPlan = z.object({ ...terms_of_plan, start_on: day, trial_until: day.optional() });
export type NewPlan = z.output<typeof newPlan>;

/** Another plan, price or interval. `prorate`: the price counts from today on, not from the next period. */
export const changedPlan = z.object({
  ...terms_of_plan,
  prorate: field(z.boolean(), 'checkbox'),
  message: longText.optional(),
});
export type ChangedPlan = z.output<typeof changedPlan>;
