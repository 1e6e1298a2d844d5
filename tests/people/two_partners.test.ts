import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { press, textOf } from '../support/forms.js';
import { harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Maya is a contact of the clinic and of a café of the same organization, by the same address. */
async function bothSides() {
  const home = await harbor(portal);
  const fields = { ...home.customer, name: 'Café Aurora', email: '' };
  const cafe = await addPartner(portal.knex, home.staff, fields);
  const at_cafe = await newContact(portal.knex, home.staff, cafe, { name: 'Maya C. Chen', email: home.maya.email });
  const clinics = await sentInvoice(portal, home);
  const cafes = await sentDocument(portal, { ...home, partner_id: cafe }, 'estimate', { recipients: [at_cafe] });
  return { home, at_cafe, clinics, cafes };
}

test('a link acts as the contact it was sent to, whichever of their partners that is', async () => {
  const { home, at_cafe, clinics, cafes } = await bothSides();
  const about = (number: string) => (one: { subject?: string | undefined }) => one.subject?.includes(number) ?? false;
  const agent = await portal.open(await portal.post.to(home.maya.email, about(clinics.number)));
  await agent.get((await portal.post.to(home.maya.email, about(cafes.number))).link).expect(303);
  const page = await agent.get(cafes.url).expect(200);
  assert.match(textOf(page.text), /You act for Café Aurora\./);
  assert.match(textOf((await agent.get(clinics.url).expect(200)).text), /You act for Maple Street Clinic\./);
  await press(agent, `${cafes.url}/accept`).expect(303);
  await press(agent, `${clinics.url}/comment`, { text: 'From the clinic' }).expect(303);
  const done = await portal.look(home.organization_id, (db) =>
    db('activities').whereIn('action', ['accept', 'comment']).orderBy('id').select('subject_id', 'person_id'),
  );
  assert.deepEqual(done, [
    { subject_id: cafes.id, person_id: at_cafe },
    { subject_id: clinics.id, person_id: home.maya.id },
  ]);
});

test('signed in, they choose for whom they act, and documents of either open as theirs', async () => {
  const { home, at_cafe, clinics, cafes } = await bothSides();
  const agent = await portal.signIn(home.maya.email);
  const start = await agent.get(`/${home.slug}`).expect(200);
  assert.match(
    textOf(start.text),
    /Harbor & Pine for Maple Street Clinic .*You act for Maple Street Clinic\. Act for Café Aurora/,
  );
  await press(agent, `/${home.slug}/act-as`, { person: at_cafe }).expect(303);
  assert.match(textOf((await agent.get(`/${home.slug}`).expect(200)).text), /You act for Café Aurora\./);
  const list = await agent.get(`/${home.slug}/estimates`).expect(200);
  assert.ok(list.text.includes(cafes.number));
  const invoices = await agent.get(`/${home.slug}/invoices`).expect(200);
  assert.ok(!invoices.text.includes(clinics.number));
  assert.match(textOf((await agent.get(clinics.url).expect(200)).text), /You act for Maple Street Clinic\./);
  // Nobody acts as somebody else.
  await press(agent, `/${home.slug}/act-as`, { person: home.noah.id }).expect(404);
  await act(portal.knex, home.staff, clinics.id, 'void', { reason: 'Twice' });
});
