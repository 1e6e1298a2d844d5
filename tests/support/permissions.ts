import { type Actor, asPerson, type PersonRow } from '../../src/db/scope.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { act } from '../../src/act.js';
import { addPartner, changePartner, newContact } from '../../src/people/partner.js';
import { day } from './days.js';
import { draftInvoice, type Harbor, partnerActor, sentDocument, sentInvoice } from './harbor.js';
import type { Browser, Portal } from './portal.js';
import { ROLE_NAMES, type RoleName, type Visitors } from './visitors.js';

/** Somebody in a browser, and the actor that `may` is asked about; null for whom the organization doesn't know. */
export interface Visitor {
  name: string;
  browser: Browser;
  actor: Actor | null;
}

/** A document in some state. */
export interface Shown {
  label: string;
  id: string;
  url: string;
}

/** Every kind of document that differs in who may do what. Maple Street Clinic both buys and sells. */
export async function openDocuments(portal: Portal, { home, invoice }: Visitors): Promise<Shown[]> {
  const { knex } = portal;
  const { staff, partner_id, slug } = home;
  const fields = { ...home.customer, name: 'Maple Street Clinic', email: '', is_vendor: true };
  await changePartner(knex, staff, partner_id, fields);
  const estimate = await sentDocument(portal, home, 'estimate', { signature_required: true });
  const accepted = await sentDocument(portal, home, 'estimate');
  await act(knex, partnerActor(home, home.maya), accepted.id, 'accept');
  const order = await sentDocument(portal, home, 'purchase_order');
  const voided = await sentInvoice(portal, home);
  await act(knex, staff, voided.id, 'void', { reason: 'Twice' });
  const bill = await createFrom(portal, home, 'bill', partner_id);
  await act(knex, staff, bill, 'submit');
  const request = await createFrom(portal, home, 'request_for_proposal', null);
  await act(knex, staff, request, 'send');
  const draft = await draftInvoice(portal, home);
  const rows: { id: string; number: string | null; type: string; state: string }[] = await portal.look(
    home.organization_id,
    (db) =>
      db('documents')
        .whereIn('id', [invoice.id, estimate.id, accepted.id, order.id, voided.id, bill, request, draft])
        .orWhere({ type: 'proposal' })
        .select('id', 'number', 'type', 'state'),
  );
  return rows.map(({ id, number, type, state }) => ({
    label: `${type} (${state})`,
    id,
    url: `/${slug}/documents/${number ?? id}`,
  }));
}

function createFrom({ knex }: Portal, { staff, maya }: Harbor, type: string, partner_id: string | null) {
  const content = {
    ...{ title: 'Stands', issued_on: day(0), due_on: day(10), recipients: [maya.id] },
    lines: [{ description: 'Stand', unit_price: '10' }],
  };
  return createDocument(knex, staff, type, partner_id, { currency: 'USD', content });
}

/** The visitors of the matrix of routes, staff by a link, and somebody of another partner; each with their actor. */
export async function openPermitted(portal: Portal, visitors: Visitors, documents: Shown[]): Promise<Visitor[]> {
  const { home, invoice, nobody, linked, guest, maya, tom, ada, olivia, rival } = visitors;
  const aurora = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const lena = { name: 'Lena Vogt', email: `lena.${home.slug}@aurora.example` };
  await newContact(portal.knex, home.staff, aurora, lena);
  const about = (number: string) => (received: { subject?: string | undefined }) =>
    received.subject?.includes(number) ?? false;
  const byLink = await portal.open(await portal.post.to(home.olivia.email, about(invoice.number)));
  const opened = await openLinks(portal, linked, home, documents);
  const actor = await actorsIn(portal, home);
  const roles = Object.keys(ROLE_NAMES) as RoleName[];
  return [
    { name: 'owner', browser: olivia, actor: actor('Olivia Grant') },
    { name: 'admin', browser: ada, actor: actor('Ada Admin') },
    { name: 'member of staff', browser: tom, actor: actor('Tom Reyes') },
    { name: 'staff by link', browser: byLink, actor: actor('Olivia Grant', [invoice.id]) },
    { name: 'contact', browser: maya, actor: actor('Maya Chen') },
    { name: 'contact by link', browser: linked, actor: actor('Maya Chen', opened) },
    { name: 'guest', browser: guest, actor: actor('Ines Roth') },
    ...roles.map((role) => ({ name: role, browser: visitors.roles[role], actor: actor(ROLE_NAMES[role]) })),
    { name: 'contact of another partner', browser: await portal.signIn(lena.email), actor: actor('Lena Vogt') },
    { name: 'staff of another organization', browser: rival, actor: null },
    { name: 'nobody', browser: nobody, actor: null },
  ];
}

/** Opens in one browser the links to all documents that were emailed to Maya. Returns their ids. */
async function openLinks(portal: Portal, linked: Browser, home: Harbor, documents: Shown[]): Promise<string[]> {
  await portal.idle();
  const opened: string[] = [];
  for (const { id, url } of documents) {
    const number = url.split('/').at(-1) ?? '';
    const received = portal.post.emails.findLast(
      ({ recipient, subject }) => recipient === home.maya.email && subject?.includes(number),
    );
    if (!received) continue;
    await linked.get(received.link).expect(303);
    opened.push(id);
  }
  return opened;
}

/** People of the organization by name, as `identifyVisitor` would know them: by a link, or signed in. */
async function actorsIn(portal: Portal, { organization_id }: Harbor) {
  const people: PersonRow[] = await portal.look(organization_id, (db) => db('people').select());
  const taken: { person_id: string; subject_id: string }[] = await portal.look(organization_id, (db) =>
    db('participants').select('person_id', 'subject_id'),
  );
  return (name: string, subject_ids: string[] | null = null): Actor => {
    const person = people.find((one) => one.name === name);
    if (!person) throw new Error(`There is no ${name}.`);
    const shared = taken.filter(({ person_id }) => person_id === person.id).map(({ subject_id }) => subject_id);
    const actor = asPerson({ ...person, organization_currency: 'USD' }, subject_ids);
    return person.guest ? { ...actor, subject_ids: shared } : actor;
  };
}
