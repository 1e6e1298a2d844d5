import { type Actor, systemActor } from '../../src/db/scope.js';
import { act } from '../../src/documents/act.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { parseDraft } from '../../src/documents/drafts/parse_draft.js';
import { addStaff, setUp } from '../../src/people/organization.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import type { Portal } from './portal.js';

let made = 0;

/**
 * An organization with Olivia and Tom, and Maple Street Clinic with Maya and Noah. Each call makes another, with its
 * own addresses.
 */
export async function harbor({ knex }: Pick<Portal, 'knex'>) {
  const n = ++made;
  const place = {
    address: '1 Quay Road\nPortland',
    tax_number: 'US-1',
    currency: 'USD',
    locale: 'en-US',
    time_zone: 'UTC',
    accent: '#2f5d50',
    payment_note: '',
    gateway: 'sandbox' as const,
  };
  const olivia = { name: 'Olivia Grant', email: `olivia${n}@harbor.example` };
  const fields = { ...place, slug: `harbor${n}`, name: 'Harbor & Pine', email: olivia.email };
  const { organization_id, person_id } = await setUp(knex, fields, olivia);
  const tom = { name: 'Tom Reyes', email: `tom${n}@harbor.example` };
  const tom_id = await addStaff(knex, { ...fields, id: organization_id }, tom, 'member');
  const staff: Actor = { ...systemActor(organization_id, person_id), side: 'staff', ...olivia };
  const customer = {
    is_customer: true,
    is_vendor: false,
    address: '12 Maple Street',
    tax_number: '',
    currency: 'USD',
    locale: 'en-US',
    terms_days: 14,
  };
  const partner_id = await addPartner(knex, staff, { ...customer, name: 'Maple Street Clinic', email: '' });
  const [maya, noah] = [
    { name: 'Maya Chen', email: `maya${n}@maple.example` },
    { name: 'Noah Weiss', email: `noah${n}@maple.example` },
  ];
  const maya_id = await newContact(knex, staff, partner_id, maya);
  const noah_id = await newContact(knex, staff, partner_id, noah);
  return {
    organization_id,
    slug: `harbor${n}`,
    staff,
    partner_id,
    customer,
    olivia: { ...olivia, id: person_id },
    tom: { ...tom, id: tom_id },
    maya: { ...maya, id: maya_id },
    noah: { ...noah, id: noah_id },
  };
}

export type Harbor = Awaited<ReturnType<typeof harbor>>;

/** A draft invoice of 108.00 (100.00 and 8 % tax) for Maya, unless said otherwise. Returns its id. */
export async function draftInvoice(
  { knex }: Pick<Portal, 'knex'>,
  { staff, partner_id, maya }: Harbor,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const form = {
    title: 'Reception fit-out',
    issued_on: '2026-11-01',
    due_on: '2026-12-01',
    terms: '',
    note: '',
    partial_payments: 'on',
    recipient: [maya.id],
    line_description: ['Reception desk'],
    line_quantity: ['1'],
    line_unit: ['pc'],
    line_price: ['100.00'],
    line_discount: [''],
    line_tax: ['8'],
    ...fields,
  };
  const { draft, errors } = parseDraft(form, 'en-US', 'USD');
  if (!draft) throw new Error(JSON.stringify(errors));
  return createDocument(knex, staff, 'invoice', partner_id, draft);
}

/** The same, sent. */
export async function sentInvoice(portal: Pick<Portal, 'knex'>, home: Harbor, fields: Record<string, unknown> = {}) {
  const id = await draftInvoice(portal, home, fields);
  const { number } = await act(portal.knex, home.staff, id, 'send');
  return { id, number: String(number), url: `/${home.slug}/documents/${number}` };
}
