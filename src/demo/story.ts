import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../config.js';

/** Days are counted from today: -40 is forty days ago. */
const day = z.int();
const key = z.string().regex(/^[a-z0-9_-]+$/);
const Someone = z.strictObject({ name: z.string(), email: z.string(), title: z.string(), time_zone: z.string().optional() });

const Line = z.strictObject({
  what: z.string(),
  quantity: z.string().default('1'),
  unit: z.string().default(''),
  price: z.string(),
  tax: z.string(),
});

const Sheet = z.strictObject({
  partner: key,
  to: z.array(key),
  title: z.string(),
  issued: day,
  due: day,
  terms: z.string().default(''),
  note: z.string().default(''),
  partial_payments: z.boolean().default(false),
  lines: z.array(Line),
});

/** `does` names an action of the document's type, or one of the three that are told in events.ts. `who` is a person's key, or `bank`. */
const Event = z.strictObject({
  day: day.max(-1),
  at: z.string().regex(/^\d\d:\d\d$/),
  who: key,
  does: key,
  on: key,
  /** The sheet that takes the old one's place, when an invoice is revised. */
  as: key.optional(),
  /** What was typed into the action's form. */
  with: z.record(z.string(), z.string()).default({}),
  /** Names in seeds/files. */
  files: z.array(z.string()).default([]),
});

const Partner = z.strictObject({
  name: z.string(),
  kind: z.enum(['customer', 'vendor']),
  email: z.string(),
  address: z.string(),
  tax_number: z.string().default(''),
  currency: z.string(),
  locale: z.string(),
  terms_days: z.int(),
  contacts: z.record(key, Someone),
});

const Story = z.strictObject({
  organization: z.strictObject({
    slug: z.string(),
    name: z.string(),
    email: z.string(),
    address: z.string(),
    tax_number: z.string(),
    currency: z.string(),
    locale: z.string(),
    time_zone: z.string(),
    accent: z.string(),
    payment_note: z.string(),
    gateway: z.literal('sandbox'),
  }),
  owner: Someone.extend({ key }),
  staff: z.record(key, Someone.extend({ role: z.enum(['admin', 'manager', 'member']) })),
  /** The first day: when the organization is set up. */
  begins: day,
  /** Where the numbers go on that it brought along, by prefix. */
  numbers_from: z.record(z.string(), z.int()),
  partners: z.record(key, Partner),
  documents: z.record(key, Sheet),
  events: z.array(Event),
});

export type Story = z.infer<typeof Story>;
export type Event = z.infer<typeof Event>;
export type Sheet = z.infer<typeof Sheet>;

/** The story that seeds/{name}.json tells. @throws ZodError if it is not well told. */
export const readStory = (name: string): Story => Story.parse(JSON.parse(readFileSync(join(root, 'seeds', `${name}.json`), 'utf8')));

/** A file that comes up in a story: a PDF. */
export const readProp = (name: string): Buffer => readFileSync(join(root, 'seeds/files', name));
