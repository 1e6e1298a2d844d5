import { act } from '../../src/act.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { day, noonBefore } from './days.js';
import { type Fields, post } from './forms.js';
import { harbor, type Harbor } from './harbor.js';
import type { Portal } from './portal.js';

export interface Vendor {
  id: string;
  name: string;
  person: { id: string; name: string; email: string };
}

let made = 0;

/** Harbor & Pine with three vendors, each with one contact, and Olivia signed in at the desk. */
export async function workshop(portal: Portal) {
  const home = await harbor(portal);
  const n = ++made;
  /** One more vendor, with a contact. */
  const vendor = async (name: string, person: string, fields: object = {}): Promise<Vendor> => {
    const terms = { ...home.customer, is_customer: false, is_vendor: true, address: '3 Mill Lane', email: '' };
    const id = await addPartner(portal.knex, home.staff, { ...terms, name, ...fields });
    const contact = {
      name: person,
      email: `${person.split(' ')[0]?.toLowerCase()}${n}@${name.split(' ')[0]?.toLowerCase()}.example`,
    };
    return { id, name, person: { ...contact, id: await newContact(portal.knex, home.staff, id, contact) } };
  };
  const [nordholz, stahl, kiesel] = [
    await vendor('Nordholz Joinery', 'Nora Voss'),
    await vendor('Stahl Works', 'Sam Stahl'),
    await vendor('Kiesel Stone', 'Kim Kiesel'),
  ];
  return { ...home, vendor, nordholz, stahl, kiesel, desk: await portal.signIn(home.olivia.email) };
}

export type Workshop = Awaited<ReturnType<typeof workshop>>;

/** A form's lines: what, how many, at which price. */
export const lineFields = (lines: [string, string, string][]) => ({
  'line_description[]': lines.map(([what]) => what),
  'line_quantity[]': lines.map(([, quantity]) => quantity),
  'line_unit[]': lines.map(() => 'pc'),
  'line_price[]': lines.map(([, , price]) => price),
  'line_discount[]': lines.map(() => ''),
  'line_tax[]': lines.map(() => '0'),
});

/** Drafts a request for proposals, at the desk. Returns the draft's path. */
async function drafted(
  { desk, slug }: Workshop,
  lines: [string, string][],
  vendors: Vendor[],
  fields: Fields,
): Promise<string> {
  const draft = await post(desk, `/${slug}/requests/new`, {
    ...{ title: 'Stands for the fair', issued_on: day(-10), due_on: day(10), currency: 'USD' },
    'recipient[]': vendors.map(({ person }) => person.id),
    ...lineFields(lines.map(([what, quantity]) => [what, quantity, ''])),
    ...fields,
  });
  return draft.replace(/\/preview$/, '');
}

/** Asks vendors for a proposal, at the desk. Returns the request's path. */
export const asksFor = async (
  home: Workshop,
  lines: [string, string][],
  vendors: Vendor[],
  fields: Fields = {},
): Promise<string> => post(home.desk, `${await drafted(home, lines, vendors, fields)}/send`);

/** The same, nine days ago, with a last day that was yesterday. */
export async function askedLongAgo(
  portal: Portal,
  home: Workshop,
  lines: [string, string][],
  vendors: Vendor[],
): Promise<string> {
  const id = (await drafted(home, lines, vendors, { due_on: day(-1) })).split('/').at(-1) ?? '';
  const { number } = await act(portal.knex, { ...home.staff, now: noonBefore(9) }, id, 'send');
  return `/${home.slug}/documents/${number}`;
}

/** Sends a vendor an order, at the desk. Returns its path. */
export async function orders(
  { desk, slug }: Workshop,
  vendor: Vendor,
  lines: [string, string, string][],
  fields: Fields = {},
): Promise<string> {
  const draft = await post(desk, `/${slug}/purchase-orders/new?partner=${vendor.id}`, {
    ...{ title: 'Timber', issued_on: day(0), due_on: day(20), currency: 'USD', 'recipient[]': [vendor.person.id] },
    ...lineFields(lines),
    ...fields,
  });
  return post(desk, draft.replace(/\/preview$/, '/send'));
}

/** The page of a newest received to somebody, opened by its link alone in a browser that knows nobody. */
export async function opens(portal: Portal, { person }: Vendor, about: string) {
  const received = await portal.post.to(person.email, ({ subject }) => subject?.includes(about) ?? false);
  return Object.assign(await portal.open(received), { received });
}

/** A row of a document, by its number or id. */
export const row = (portal: Portal, { organization_id }: Harbor, key: string) =>
  portal.look(organization_id, (db) =>
    db('documents')
      .where(key.includes('-') && key.length < 20 ? { number: key } : { id: key })
      .first(),
  );

/** The form of a draft as its page would send it, from what it holds. */
export async function formOf(portal: Portal, home: Harbor, key: string): Promise<Record<string, string[]>> {
  const { id, title, issued_on, due_on, reference } = await row(portal, home, key);
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: id }).orderBy('position'),
  );
  const column = (name: string) => lines.map((line) => String(line[name] ?? ''));
  return {
    ...{ title: [title], issued_on: [issued_on], due_on: [due_on ?? ''], reference: [reference] },
    ...{
      'line_id[]': column('id'),
      'line_origin[]': column('origin_line'),
      'line_description[]': column('description'),
    },
    ...{ 'line_quantity[]': column('quantity'), 'line_unit[]': column('unit'), 'line_price[]': column('unit_price') },
    ...{ 'line_discount[]': column('discount_percent'), 'line_tax[]': column('tax_rate') },
  };
}

/** The number of a vendor's proposal to a request. */
export async function proposalOf(portal: Portal, home: Harbor, request: string, { id }: Vendor): Promise<string> {
  const origin = await row(portal, home, request.split('/').at(-1) ?? '');
  const found = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: origin.id, partner_id: id }).first('number'),
  );
  return found.number;
}
