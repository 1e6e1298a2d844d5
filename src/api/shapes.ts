import { z } from 'zod';

// What programs get, and its description: rows are sent by these schemas, so that nothing else of them leaves.
// Amounts are integers in minor units of their currency, decimals strings, days ISO 8601.

const id = z.uuid();
const day = z.iso.date();
const minor = z.int().describe('Minor units of the currency');
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const currency = z.string().length(3).describe('ISO 4217');
/** As the database has it, or as JSON. */
export const moment = z.union([z.iso.datetime({ offset: true }), z.date().transform((at) => at.toISOString())]);

export const meShape = z.object({
  organization: z.object({ id, slug: z.string(), name: z.string(), currency }),
  person: z.object({ id, name: z.string(), email: z.string(), side: z.enum(['staff', 'partner']), role: z.string() }),
  partner_id: id.nullable(),
  scopes: z.array(z.string()),
});

export const actionsShape = z.array(z.string()).describe('What you may do to it now');

const documentHead = {
  id,
  kind: z.string(),
  number: z.string().nullable().describe('Null while it is a draft'),
  state: z.string(),
  title: z.string(),
  reference: z.string(),
  issued_on: day,
  due_on: day.nullable(),
  currency,
  total: minor,
  open: minor.describe('What is still owed'),
  started_by: z.enum(['staff', 'partner']),
};

export const listedDocumentShape = z.object({ ...documentHead, partner: z.string().nullable() });

const lineShape = z.object({
  id: id.optional(),
  group_name: z.string(),
  description: z.string(),
  quantity: decimal,
  unit: z.string(),
  unit_price: decimal,
  discount_percent: decimal,
  choice: z.string(),
  picked: z.boolean(),
  refused: z.boolean(),
  delivery_on: day.nullable(),
  amount: minor,
});

export const documentShape = z.object({
  ...documentHead,
  partner_id: id.nullable(),
  origin_id: id.nullable(),
  project: z.object({ key: z.string(), name: z.string() }).nullable(),
  delivery_on: day.nullable(),
  note: z.string(),
  terms: z.string(),
  subtotal: minor,
  tax: minor,
  version: z.int().describe('How often it was sent'),
  lines: z.array(lineShape),
  actions: actionsShape,
});

export const actedShape = z.object({
  id,
  kind: z.string(),
  number: z.string().nullable(),
  activity_id: id.nullable().describe('Null if it had been done before'),
  comment_id: id.nullable(),
  created_id: id.nullable().describe('The document that was made from it'),
  redirect: z.string().nullable().describe('Where a person goes on paying'),
});

export const fileShape = z.object({ id, name: z.string(), size: z.int(), content_type: z.string() });

export const commentShape = z.object({
  id,
  person_id: id,
  author: z.string(),
  audience: z.enum(['shared', 'staff', 'partner']),
  body: z.string(),
  via: z.enum(['portal', 'email']),
  verified: z.boolean().describe('False for an email whose sender nothing proves'),
  created_at: moment,
  files: z.array(fileShape),
});

export const partnerShape = z.object({
  id,
  name: z.string(),
  is_customer: z.boolean(),
  is_vendor: z.boolean(),
  /** It is offered for nothing new. */
  archived: z.boolean(),
  email: z.string(),
  address: z.string(),
  tax_number: z.string(),
  currency,
  locale: z.string(),
  terms_days: z.int(),
});

export const listedPartnerShape = z.object({
  id,
  name: z.string(),
  is_customer: z.boolean(),
  is_vendor: z.boolean(),
  /** It is offered for nothing new. */
  archived: z.boolean(),
  currency,
  open: minor,
  overdue: minor,
});

export const contactShape = z.object({
  id,
  name: z.string(),
  email: z.string(),
  title: z.string(),
  locale: z.string(),
  time_zone: z.string(),
});

export const paymentShape = z.object({
  id,
  kind: z.string().describe('The kind of document that was paid'),
  day,
  amount: minor,
  currency,
  method: z.string(),
  reference: z.string(),
  state: z.string(),
  document_id: id.nullable(),
  number: z.string().nullable(),
  partner: z.string(),
});

export const listedProjectShape = z.object({
  id,
  key: z.string(),
  name: z.string(),
  state: z.string(),
  partner: z.string(),
  ends_on: day.nullable(),
});

export const projectShape = z.object({
  id,
  key: z.string(),
  name: z.string(),
  state: z.string(),
  partner_id: id.nullable(),
});

export const taskShape = z.object({
  id,
  number: z.string(),
  kind: z.enum(['phase', 'task', 'step']),
  parent_id: id.nullable(),
  title: z.string(),
  state: z.string(),
  starts_on: day.nullable(),
  due_on: day.nullable(),
  milestone: z.boolean(),
});

export const eventShape = z.object({
  id,
  number: z.string(),
  title: z.string(),
  place: z.string(),
  state: z.string(),
  starts_at: z.string().describe('A clock in its time zone'),
  ends_at: z.string(),
  time_zone: z.string(),
});

export const subscriptionShape = z.object({
  id,
  number: z.string(),
  title: z.string(),
  state: z.string(),
  partner_id: id,
  currency,
  total: minor.describe('Of a period, with tax'),
});

export const timeShape = z.object({
  id,
  person_id: id,
  day,
  minutes: z.int(),
  note: z.string(),
  approved: z.boolean(),
  task: z.string().nullable(),
});

export const problemShape = z.object({
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.record(z.string(), z.string()).optional().describe('By the paths of the input'),
  changes: z.array(z.unknown()).optional().describe('After 412: what has changed'),
});

/** A page of a list. */
export const listOf = (row: z.ZodType) =>
  z.object({ data: z.array(row), next: z.string().nullable().describe('The address of the next page') });
