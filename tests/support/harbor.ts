import { type Actor, systemActor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import type { ContentFields } from '../../src/document_types/shared/inputs.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { addStaff, setUp } from '../../src/people/organization.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { day } from './days.js';
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
  const staff: Actor = { ...systemActor(organization_id, person_id), side: 'staff', role: 'owner', ...olivia };
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

/** Northern Timber, from which Harbor & Pine buys, with Erik. */
export async function addVendor(
  { knex }: Pick<Portal, 'knex'>,
  { staff, customer }: Harbor,
  email = 'erik@northern.example',
) {
  const fields = { ...customer, is_customer: false, is_vendor: true, name: 'Northern Timber', email: '' };
  const vendor = await addPartner(knex, staff, fields);
  const erik = await newContact(knex, staff, vendor, { name: 'Erik Lund', email });
  return { vendor, erik };
}

/** A person of Maple Street Clinic as the one who acts, signed in. */
export const partnerActor = (
  { staff, partner_id }: Harbor,
  { id, name, email }: { id: string; name: string; email: string },
): Actor => ({ ...staff, side: 'partner', role: 'member', partner_id, person_id: id, name, email });

type Fields = Partial<ContentFields>;

/** A draft of any type. Returns its id. */
export async function draftDocument(
  { knex }: Pick<Portal, 'knex'>,
  { staff, partner_id }: Pick<Harbor, 'staff' | 'partner_id'>,
  type: string,
  content: Fields,
): Promise<string> {
  return createDocument(knex, staff, type, partner_id, { currency: 'USD', content });
}

export interface Sent {
  id: string;
  number: string;
  url: string;
}

/** Sends a draft, at `now` or else now. */
export async function sendDraft(
  { knex }: Pick<Portal, 'knex'>,
  { staff, slug }: Pick<Harbor, 'staff' | 'slug'>,
  id: string,
  now?: Date,
): Promise<Sent> {
  const { number } = await act(knex, { ...staff, ...(now ? { now } : {}) }, id, 'send');
  return { id, number: String(number), url: `/${slug}/documents/${number}` };
}

/** A document of any type, sent to Maya: a desk for 100.00 without tax, unless said otherwise. */
export async function sentDocument(
  portal: Pick<Portal, 'knex'>,
  home: Harbor,
  type: string,
  fields: Fields = {},
  now?: Date,
): Promise<Sent> {
  const form = {
    title: 'Reception',
    issued_on: day(0),
    due_on: day(10),
    recipients: [home.maya.id],
    lines: [{ description: 'Desk', unit_price: '100.00' }],
    ...fields,
  };
  return sendDraft(portal, home, await draftDocument(portal, home, type, form), now);
}

/** What an invoice is for, unless said otherwise: 100.00 and 8 % tax. */
export const DESK = { description: 'Reception desk', unit: 'pc', unit_price: '100.00', tax_rate: '8' };

/** A draft invoice of 108.00 (100.00 and 8 % tax) for Maya, unless said otherwise. Returns its id. */
export const draftInvoice = (portal: Pick<Portal, 'knex'>, home: Harbor, fields: Fields = {}): Promise<string> =>
  draftDocument(portal, home, 'invoice', {
    title: 'Reception fit-out',
    issued_on: '2026-11-01',
    due_on: '2026-12-01',
    terms: '',
    note: '',
    partial_payments: true,
    recipients: [home.maya.id],
    lines: [DESK],
    ...fields,
  });

/** The same, sent. */
export const sentInvoice = async (portal: Pick<Portal, 'knex'>, home: Harbor, fields: Fields = {}): Promise<Sent> =>
  sendDraft(portal, home, await draftInvoice(portal, home, fields));

/** An organization of its own with an invoice, and the email by which Maya got it. */
export async function emailedInvoice(portal: Portal, fields: Fields = {}) {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, fields);
  return { home, invoice, received: await portal.post.to(home.maya.email) };
}

/** The same with a comment, and Maya's email about it: one that can be stopped, so it has every header there is. */
export async function emailedComment(portal: Portal) {
  const { home, invoice, received: first } = await emailedInvoice(portal);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Grüße — und ein <b>Wort</b>' });
  const received = await portal.post.to(home.maya.email, ({ text }) => /Grüße/.test(text ?? ''));
  return { home, invoice, first, received };
}
