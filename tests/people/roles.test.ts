import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';
import { MODULES } from '../../src/subjects/modules.js';
import { CONTACT_PERMISSIONS, permissionFor, STAFF_PERMISSIONS } from '../../src/subjects/permissions.js';
import { press, refused, textOf } from '../support/forms.js';
import { draftDocument, type Harbor, harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const change = (home: Harbor, id: string, fields: object) =>
  portal.look(home.organization_id, (db) => db('people').where({ id }).update(fields));

test('everything that anybody may do stands in the table of their side, and every kind is in a module', () => {
  for (const { module, actions, name } of LIFECYCLES) {
    assert.ok(
      MODULES.some((rule) => rule.name === module),
      name,
    );
    for (const [action, declared] of Object.entries(actions)) {
      const permits = (table: typeof STAFF_PERMISSIONS, side: 'staff' | 'partner') =>
        table.some((rule) => rule.name === permissionFor(side, module, declared));
      const by_staff = ['staff', 'either', 'starter'].includes(declared.by);
      const by_partner = ['partner', 'either'].includes(declared.by);
      assert.ok(!by_staff || permits(STAFF_PERMISSIONS, 'staff'), `${name}: ${action}`);
      assert.ok(!by_partner || permits(CONTACT_PERMISSIONS, 'partner'), `${name}: ${action}`);
    }
  }
});

test('an accountant of the staff sends invoices, but no estimates, and is told whom to ask; a viewer only writes', async () => {
  const home = await harbor(portal);
  const content = { title: 'Desk', issued_on: '2026-11-01', due_on: '2027-01-01', recipients: [home.maya.id] };
  const lines = [{ description: 'Desk', unit_price: '10' }];
  const [estimate, invoice] = [
    await draftDocument(portal, home, 'estimate', { ...content, lines }),
    await draftDocument(portal, home, 'invoice', { ...content, lines }),
  ];
  await change(home, home.tom.id, { role: 'accountant' });
  const tom = await portal.signIn(home.tom.email);
  const refusal = await refused(tom, `/${home.slug}/documents/${estimate}/send`, 403);
  assert.match(textOf(refusal), /This is for the owner and the admins\. Ask Olivia Grant, the owner\./);
  await press(tom, `/${home.slug}/documents/${invoice}/send`).expect(303);
  await tom.get(`/${home.slug}/estimates/new`).expect(403);
  await change(home, home.tom.id, { role: 'viewer' });
  const { number } = await portal.look(home.organization_id, (db) => db('documents').where({ id: invoice }).first());
  await refused(tom, `/${home.slug}/documents/${number}/record_payment`, 403, { amount: '10', paid_on: '2026-11-02' });
  await press(tom, `/${home.slug}/documents/${number}/comment`, { text: 'Seen' }).expect(303);
});

test('a contact who views can’t accept, and is told which of their managers can; a reply of theirs is posted', async () => {
  const home = await harbor(portal);
  await change(home, home.maya.id, { role: 'viewer' });
  await change(home, home.noah.id, { role: 'manager' });
  const estimate = await sentDocument(portal, home, 'estimate');
  const received = await portal.post.to(home.maya.email);
  const agent = await portal.open(received);
  const shown = await agent.get(estimate.url).expect(200);
  assert.doesNotMatch(shown.text, /\/accept"/);
  const text = textOf(await refused(agent, `${estimate.url}/accept`, 403));
  assert.match(text, /Your role doesn’t include this\. Ask Noah Weiss\./);
  await press(agent, `${estimate.url}/comment`, { text: 'Looks good to me' }).expect(303);
});

test('what is in a module that a contact may not use is on no list, page or search, unless it was sent to them', async () => {
  const home = await harbor(portal);
  await change(home, home.noah.id, { modules: ['invoices'] });
  const invoice = await sentInvoice(portal, home, { recipients: [home.maya.id] });
  const [hidden, theirs] = [
    await sentDocument(portal, home, 'estimate', { title: 'Shelves of oak' }),
    await sentDocument(portal, home, 'estimate', { title: 'Counter of oak', recipients: [home.noah.id] }),
  ];
  await act(portal.knex, home.staff, hidden.id, 'comment', { text: 'About the oak' });
  const noah = await portal.signIn(home.noah.email);
  await noah.get(hidden.url).expect(404);
  await noah.get(invoice.url).expect(200);
  await noah.get(theirs.url).expect(200);
  const all = textOf((await noah.get(`/${home.slug}/documents`).expect(200)).text);
  assert.ok(all.includes(invoice.number) && all.includes(theirs.number) && !all.includes(hidden.number));
  const found = textOf((await noah.get(`/${home.slug}/documents?q=oak`).expect(200)).text);
  assert.ok(found.includes(theirs.number) && !found.includes(hidden.number));
  const head = (await noah.get(`/${home.slug}`).expect(200)).text;
  assert.ok(head.includes(`href="/${home.slug}/invoices"`) && !head.includes(`href="/${home.slug}/estimates"`));
  // What the organization doesn't show at all is not there for anybody on the other side.
  await portal.look(home.organization_id, (db) => db('organizations').update({ modules: ['quotes'] }));
  await (await portal.signIn(home.maya.email)).get(invoice.url).expect(200);
  const nothing = await withActor(
    portal.knex,
    { ...home.staff, side: 'partner', role: 'member', person_id: home.noah.id, partner_id: home.partner_id, kinds: [] },
    async (db) => [...(await db('subjects')), ...(await db('payments')), ...(await db('balances'))],
  );
  assert.deepEqual(nothing, []);
});
