import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../../config.js';
import { ACCOUNT_KINDS } from '../../people/banking/bank_number.js';
import { FILE_KINDS } from '../../people/partner_profile/partner_files.js';
import { ADDRESS_KINDS } from '../../people/partner_profile/profile_details.js';
import { TAX_ID_KINDS } from '../../people/partner_profile/tax_id.js';
import { usualInvoice } from '../../document_types/relations.js';

/** Relative to today: -40 is forty days ago. */
const day = z.int();
const key = z.string().regex(/^[a-z0-9_-]+$/);
const Someone = z.strictObject({
  name: z.string(),
  email: z.string(),
  title: z.string(),
  time_zone: z.string().optional(),
});

const Line = z.strictObject({
  group: z.string().default(''),
  what: z.string(),
  quantity: z.string().default('1'),
  unit: z.string().default(''),
  price: z.string().default('0'),
  discount: z.string().default('0'),
  /** A percentage, or taxes of the organization by their keys, joined by +. */
  tax: z.string().default('0'),
  /** `optional_off`: not selected at first. */
  choice: z.enum(['', 'optional', 'optional_off', 'alternative']).default(''),
  delivery: day.optional(),
});

/** A draft's content. Lines match earlier ones, or those of the origin document, by description. */
const Sheet = z.strictObject({
  type: key.default(usualInvoice.name),
  /** Absent if it goes to several partners, or is new content for another document. */
  partner: key.optional(),
  /** The origin document. */
  from: key.optional(),
  project: z.string().default(''),
  to: z.array(key).default([]),
  title: z.string(),
  issued: day,
  due: day.optional(),
  delivery: day.optional(),
  reference: z.string().default(''),
  terms: z.string().default(''),
  note: z.string().default(''),
  /** Percent. */
  deposit: z.string().default('0'),
  partial_payments: z.boolean().default(false),
  signature_required: z.boolean().default(false),
  reference_required: z.boolean().default(false),
  tax_included: z.boolean().default(false),
  lines: z.array(Line),
});

/** What is invoiced again and again: `trial` and `ends` are days, `unit` is the interval. */
const Subscription = z.strictObject({
  partner: key,
  to: z.array(key),
  title: z.string(),
  every: z.int().default(1),
  unit: z.enum(['week', 'month', 'year']),
  start: day,
  trial: day.optional(),
  ends: day.optional(),
  terms_days: z.int(),
  note: z.string().default(''),
  lines: z.array(Line),
});

/** A document created by an action: the newest of its type from this origin (for a partner) when first referred to. */
const Made = z.strictObject({ from: key, type: key, partner: key.optional() });

/** A vendor's answers to the lines, in order. */
const Row = z.strictObject({
  price: z.string().optional(),
  quantity: z.string().optional(),
  delivery: day.optional(),
  refused: z.boolean().default(false),
});

/** An action's input; amounts in minor units. */
export interface StoryInput {
  [name: string]: string | number | boolean | StoryInput;
}
const StoryInput: z.ZodType<StoryInput> = z.lazy(() =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), StoryInput])),
);

/** `does` is an action of the document's type, or one of those described in events.ts; `who` a person, or `bank`. */
const Event = z.strictObject({
  day: day.max(-1),
  at: z.string().regex(/^\d\d:\d\d$/),
  who: key,
  does: key,
  /**
   * A document, a project by its key, its event or task by the title ("task/Order ash"), a shared folder
   * ("folder/maple"), or a subscription, whose second invoice is "care/2".
   */
  on: z.string(),
  /** The sheet with the new content, when a document is edited or revised. */
  as: key.optional(),
  /** The action's input. In names and values "@-3" is a day, "@-3w" a weekday, "@lamps" a document, "@maya" a person, "@lamps/2" its second line. */
  with: StoryInput.default({}),
  /** The comment in a project that it answers or passes on, by its first words; and who is told besides. */
  answers: z.string().optional(),
  tells: z.array(key).optional(),
  /** It came as a reply by email. */
  by_email: z.boolean().default(false),
  /** The name that it is signed with. */
  signature: z.string().optional(),
  /** The selected options, by line number. */
  picks: z.array(z.int().min(1)).optional(),
  rows: z.array(Row).optional(),
  /** In seeds/files. */
  files: z.array(z.string()).default([]),
});

const Account = z.strictObject({
  currency: z.string(),
  kind: z.enum(ACCOUNT_KINDS),
  holder: z.string(),
  bank_name: z.string(),
  country: z.string(),
  numbers: z.record(z.string(), z.string()),
});

/** What a vendor says of itself: its manager enters it on the first day. */
const Profile = z.strictObject({
  manager: key,
  details: z.strictObject({
    legal_name: z.string(),
    trading_name: z.string(),
    phone: z.string(),
    website: z.string(),
    registration_number: z.string(),
    addresses: z.array(
      z.strictObject({
        kind: z.enum(ADDRESS_KINDS),
        lines: z.string(),
        city: z.string(),
        region: z.string(),
        postal_code: z.string(),
        country: z.string(),
      }),
    ),
    tax_ids: z.array(z.strictObject({ kind: z.enum(TAX_ID_KINDS), entered: z.string() })),
  }),
  account: Account,
  /** In seeds/files. `valid_for`: so many days from today. */
  files: z.array(
    z.strictObject({
      file: z.string(),
      kind: z.enum(FILE_KINDS),
      valid_for: z.int().optional(),
      note: z.string().default(''),
    }),
  ),
});

/** A contact who is active, unless it says when they were invited. */
const Contact = Someone.extend({
  role: z.enum(['manager', 'member', 'accountant', 'viewer']).default('member'),
  invited: z.strictObject({ day: day.max(-1), message: z.string() }).optional(),
});

const Partner = z.strictObject({
  name: z.string(),
  kind: z.enum(['customer', 'vendor', 'both']),
  email: z.string(),
  address: z.string(),
  tax_number: z.string().default(''),
  currency: z.string(),
  locale: z.string(),
  terms_days: z.int(),
  /** What it pays; left out: nobody has said yet. */
  taxes: z.array(key).optional(),
  bank_debit: z.boolean().default(false),
  profile: Profile.optional(),
  contacts: z.record(key, Contact),
});

/** When a member of the staff is away, and who stands in for them. */
const Away = z.strictObject({ from: day, until: day, deputy: key });
const Member = Someone.extend({ role: z.enum(['admin', 'manager', 'member']), away: Away.optional() });

/** `starts` and `ends` are days. */
const Project = z.strictObject({
  name: z.string(),
  partner: key,
  manager: key.optional(),
  starts: day.optional(),
  ends: day.optional(),
  description: z.string().default(''),
});

const People = z.strictObject({
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
  /** Where it is paid. */
  accounts: z.array(Account).default([]),
  taxes: z
    .record(
      key,
      z.strictObject({
        name: z.string(),
        percent: z.string(),
        category: z.enum(['S', 'AE', 'E']).default('S'),
        note: z.string().default(''),
      }),
    )
    .default({}),
  /** What is proposed for a new customer. */
  default_taxes: z.array(key).default([]),
  owner: Someone.extend({ key }),
  staff: z.record(key, Member),
  /** Who was invited to the staff and is not there yet. */
  invited: z.strictObject({ email: z.string(), role: z.enum(['manager', 'member']), day: day.max(-1) }).optional(),
  /** The day on which the organization is set up. */
  begins: day,
  /** The next document numbers, by prefix. */
  numbers_from: z.record(z.string(), z.int()),
  partners: z.record(key, Partner),
  projects: z.record(z.string(), Project).default({}),
});

/** An item of the catalog: lines with the same words are of it. `sold`: prices by currency. */
const Item = z.strictObject({
  what: z.string(),
  code: z.string(),
  group: z.string(),
  unit: z.string().default(''),
  cost: z.string().optional(),
  sold: z.record(z.string(), z.string()).default({}),
  /** By vendor. */
  bought: z.record(key, z.strictObject({ code: z.string().default(''), price: z.string() })).default({}),
});

const Chapter = z.strictObject({
  items: z.array(Item).default([]),
  documents: z.record(key, Sheet).default({}),
  made: z.record(key, Made).default({}),
  subscriptions: z.record(key, Subscription).default({}),
  events: z.array(Event).default([]),
});

export type Story = z.infer<typeof People> & z.infer<typeof Chapter>;
export type Event = z.infer<typeof Event>;
export type Sheet = z.infer<typeof Sheet>;

/** Reads a story from seeds/{name}: people.json and chapters by subject. @throws ZodError if it is invalid */
export function readStory(name: string): Story {
  const folder = join(root, 'seeds', name);
  const parse = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const files = readdirSync(folder).filter((file) => file !== 'people.json');
  const chapters = files.toSorted().map((file) => Chapter.parse(parse(file)));
  return {
    ...People.parse(parse('people.json')),
    items: chapters.flatMap(({ items }) => items),
    documents: Object.assign({}, ...chapters.map(({ documents }) => documents)),
    made: Object.assign({}, ...chapters.map(({ made }) => made)),
    subscriptions: Object.assign({}, ...chapters.map(({ subscriptions }) => subscriptions)),
    events: chapters.flatMap(({ events }) => events),
  };
}

/** A file that a story attaches. */
export const readStoryFile = (name: string): Buffer => readFileSync(join(root, 'seeds/files', name));
