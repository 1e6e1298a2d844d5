import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addContact } from '../../src/people/contact.js';
import { changeContact } from '../../src/people/partner.js';
import { refused, textOf } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor, partnerActor, sendDraft, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const reason = { reason: 'x' };

/** Sent by Tom: of the staff, he alone takes part. */
async function sentByTom() {
  const tom = { ...home.staff, role: 'member' as const, person_id: home.tom.id, ...home.tom };
  const id = await draftInvoice(portal, { ...home, staff: tom });
  return sendDraft(portal, { ...home, staff: tom }, id);
}

test('a partner who tries what only staff may is told whom of them to ask: who takes part, or else the owner', async () => {
  const invoice = await sentByTom();
  const maya = await portal.signIn(home.maya.email);
  const page = textOf(await refused(maya, `${invoice.url}/void`, 403, reason));
  assert.match(page, /Only Harbor & Pine can do this\. Ask Tom Reyes\./);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'I follow it, too' });
  assert.match(textOf(await refused(maya, `${invoice.url}/void`, 403, reason)), /Ask Olivia Grant or Tom Reyes\./);
  await portal.look(home.organization_id, (db) => db('participants').where({ subject_id: invoice.id }).delete());
  assert.match(textOf(await refused(maya, `${invoice.url}/void`, 403, reason)), /Ask Olivia Grant\./);
});

test('staff who try what only the partner may are told whom there to ask', async () => {
  const invoice = await sentByTom();
  const tom = await portal.signIn(home.tom.email);
  const page = textOf(await refused(tom, `${invoice.url}/pay`, 403));
  assert.match(page, /Only Maple Street Clinic can do this\. Ask Maya Chen\./);
  // Nobody can press what happens by itself.
  assert.doesNotMatch(textOf(await refused(tom, `${invoice.url}/receive`, 403)), /Ask|Only/);
});

test('staff without the role are told who the owner is', async () => {
  const tom = await portal.signIn(home.tom.email);
  const { text } = await tom.get(`/${home.slug}/delivery`).expect(403);
  assert.match(textOf(text), /This is for the owner and the admins\. Ask Olivia Grant, the owner\./);
});

test('a guest is told who forwarded it, or else who of their company is no guest', async () => {
  const estimate = await sentDocument(portal, home, 'estimate');
  const ines = { name: 'Ines Roth', email: `ines.${home.slug}@maple.example` };
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'forward', ines);
  const guest = await portal.signIn(ines.email);
  const forwarded = textOf(await refused(guest, `${estimate.url}/accept`, 403));
  assert.match(forwarded, /write about it, nothing else\. Ask Maya Chen, who forwarded this to you\./);
  // Of what staff may, guests are told as all partners are.
  assert.match(textOf(await refused(guest, `${estimate.url}/void`, 403, reason)), /Only Harbor & Pine/);

  const uwe = await portal.look(home.organization_id, async (db) => {
    const fields = { name: 'Uwe Gast', email: `uwe.${home.slug}@maple.example`, guest: true };
    const person_id = await addContact(db, home.organization_id, home.partner_id, fields);
    await db('participants').insert({ organization_id: home.organization_id, subject_id: estimate.id, person_id });
    return fields.email;
  });
  const other = await portal.signIn(uwe);
  assert.match(textOf(await refused(other, `${estimate.url}/accept`, 403)), /nothing else\. Ask Maya Chen\./);
  // A bill of their own, which no contact of this customer can make, is no guest's to begin.
  const { text } = await other.get(`/${home.slug}/bills/new`).expect(403);
  assert.match(textOf(text), /nothing else\. Ask Maya Chen or Noah Weiss\./);
});

test('in German, too', async () => {
  const invoice = await sentByTom();
  const { id, ...maya } = home.maya;
  await changeContact(portal.knex, home.staff, home.partner_id, id, { ...maya, locale: 'de-DE' });
  const page = textOf(await refused(await portal.signIn(maya.email), `${invoice.url}/void`, 403, reason));
  assert.match(page, /Das kann nur Harbor & Pine\. Fragen Sie Tom Reyes\./);
});
