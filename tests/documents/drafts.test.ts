import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/documents/act.js';
import { draftInvoice, emailedInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a signed-in person of the other side sees what was sent, and no draft', async () => {
  const { home } = await emailedInvoice(portal);
  const draft = await draftInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/documents/${draft}`).expect(404);
  await assert.rejects(
    act(
      portal.knex,
      { ...home.staff, side: 'partner', partner_id: home.partner_id, person_id: home.maya.id },
      draft,
      'comment',
      {
        text: 'x',
      },
    ),
    { status: 404 },
  );
});
