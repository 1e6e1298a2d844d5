import { z } from 'zod';
import { chosen, day, decimal, field, id, money } from '../../input/fields.js';
import { multiLine, oneLine } from '../../input/valid_input.js';

// Input that takes more than a plain field. Decimals are strings, days ISO 8601, amounts minor units.

/** Text of which nothing would be seen is none. */
const seen = (clean: (typed: string) => string) => (typed: string) =>
  /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\u2800]/u.test(typed) ? clean(typed) : '';

const upTo = (max: number, clean = oneLine) =>
  z
    .string()
    .overwrite(seen(clean))
    .max(max, `Use at most ${max.toLocaleString('en')} characters.`)
    .default('');
const percent = decimal(0, 100, 4);

const quantity = decimal(0, 1e7, 4);
const unitPrice = decimal(0, 1e11, 6);
/** Below zero it takes something off: which types may have such lines, drafts/draft.ts says. */
const linePrice = decimal(-1e11, 1e11, 6);

/** So many taxes a line may have, or a partner pays. */
export const MAX_TAXES = 3;
export const TOO_MANY_TAXES = `Use at most ${MAX_TAXES} taxes.`;
const taxIds = z.array(chosen('Choose one of your taxes.'), 'Choose an answer.').max(MAX_TAXES, TOO_MANY_TAXES);

/** A line of a document as its author gives it. With an `id`, it is that line of the document as it is now. */
const line = z.object({
  id: id.optional(),
  /** The line that it is made from, in the document's origin. */
  origin_line: id.nullable().default(null),
  group_name: z
    .string()
    .overwrite((typed) => oneLine(typed).slice(0, 200))
    .default(''),
  description: z
    .string('Say what it is.')
    .overwrite(seen(multiLine))
    .min(1, 'Say what it is.')
    .max(2000, 'Use at most 2,000 characters.'),
  unit: z
    .string()
    .overwrite((typed) => oneLine(typed).slice(0, 40))
    .default(''),
  quantity: quantity.default('1'),
  unit_price: linePrice.default('0'),
  discount_percent: percent.default('0'),
  /** A percentage, where no tax is named. */
  tax_rate: percent.optional(),
  /** Taxes of the organization by their ids, or those that the partner pays; so, too, if neither is given. */
  taxes: z.union([z.literal('partner'), taxIds], { error: 'Choose one of your taxes.' }).optional(),
  choice: z.enum(['', 'optional', 'alternative']).default(''),
  picked: z.boolean().default(true),
  delivery_on: day.nullable().default(null),
});

const PERCENTAGE = 'Give a percentage from 0 to 100.';
const percentage = z.string(PERCENTAGE).refine((value) => percent.safeParse(value).success, PERCENTAGE);

/** How many lines a document may have. */
export const MAX_LINES = 500;

/** The content of a document, with its recipients and project: what the form of a draft edits. */
export const contentInput = field(
  z
    .object({
      title: upTo(200),
      issued_on: day,
      due_on: day.nullable().default(null),
      delivery_on: day.nullable().default(null),
      reference: upTo(100),
      terms: upTo(5000, multiLine),
      note: upTo(5000, multiLine),
      partial_payments: z.boolean().default(false),
      card_allowed: z.boolean().default(true),
      bank_debit_allowed: z.boolean().default(true),
      reference_required: z.boolean().default(false),
      signature_required: z.boolean().default(false),
      tax_included: z.boolean().default(false),
      deposit_percent: percentage.default('0'),
      lines: z.array(line).max(MAX_LINES, `Use at most ${MAX_LINES} lines.`).default([]),
      /** The item of the catalog that each line is of, in their order; left out: as it was. For staff alone. */
      items: z.array(id.nullable()).max(MAX_LINES).optional(),
      /** Ids of contacts. */
      recipients: z.array(id).default([]),
      project: id.nullable().default(null),
      /** Which taxes the customer pays, by their ids: kept with them. Empty: none. */
      partner_taxes: taxIds.optional(),
      /** Why a vendor charges no tax on lines without one; as EN 16931 has it. */
      untaxed: z
        .object({ category: z.enum(['Z', 'E', 'AE', 'K', 'G', 'O'], 'Choose a reason.'), note: upTo(500, multiLine) })
        .optional(),
    })
    .refine(({ issued_on, due_on }) => due_on === null || due_on >= issued_on, {
      path: ['due_on'],
      error: 'It can’t be due before its date.',
    }),
  'content',
);
export type ContentInput = z.output<typeof contentInput>;
/** As it is given: what has a default may be left out. */
export type ContentFields = z.input<typeof contentInput>;

/** The ids of the options and alternatives that are picked; left out: those that are picked already. */
export const choices = field(z.array(id).optional(), 'choices');

/** A vendor's prices, by line; a line may be refused instead. */
export const prices = field(
  z.record(id, z.object({ unit_price: unitPrice.optional(), refused: z.boolean().default(false) })),
  'prices',
);

/** What a vendor would rather have, by line; what is left out stays as it is. */
export const changes = field(
  z.record(
    id,
    z.object({ quantity: quantity.optional(), unit_price: unitPrice.optional(), delivery_on: day.optional() }),
  ),
  'changes',
);

/**
 * Which proposals are chosen: one as a whole, or for each line of the request the id of a proposal. `seen`: by
 * proposal, the SHA-256 of the content that was compared.
 */
export const awards = field(
  z.object({
    proposal: id.optional(),
    lines: z.record(id, id).default({}),
    seen: z.record(id, z.string()).default({}),
  }),
  'awards',
);

/** Credit of the partner that is used: of a credit note or retainer (`source`), or of overpayments (null). */
export const creditsInput = field(
  z
    .array(z.object({ source: id.nullable(), amount: money }))
    .max(100)
    .optional(),
  'hidden',
);
