import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { openPortal, type Portal } from '../support/portal.js';
import { projectSite, type ProjectSite } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const show = (site: ProjectSite, shown: string[]) =>
  portal.look(site.organization_id, (db) => db('projects').where({ id: site.id }).update({ shown }));

test('without the conversation, what is written to who is added is read by them and staff alone, also later', async () => {
  const site = await projectSite(portal);
  await show(site, ['tasks', 'details']);
  const message = 'Noah, the price of the desk is not settled.';
  await act(portal.knex, site.staff, site.id, 'add_person', { person: site.noah.id, message });
  const email = await portal.post.to(site.noah.email, 'added you');
  assert.match(email.text ?? '', /Olivia Grant:\s+Noah, the price of the desk is not settled\./);
  assert.match(email.text ?? '', /Reply to this email and Harbor & Pine will read it\./);
  assert.match(email.text ?? '', /You get this because Harbor & Pine added you\./);
  // Once the customer has the conversation, its other contacts still don't read it.
  await show(site, ['tasks', 'details', 'comments']);
  const maya = await portal.signIn(site.maya.email);
  assert.doesNotMatch((await maya.get(`${site.url}/comments`).expect(200)).text, /not settled/);
  const olivia = await portal.signIn(site.olivia.email);
  assert.match((await olivia.get(`${site.url}/comments`).expect(200)).text, /not settled/);
  await act(portal.knex, site.staff, site.id, 'add_person', { person: site.maya.id, message: 'Welcome, all of you' });
  assert.match((await maya.get(`${site.url}/comments`).expect(200)).text, /Welcome, all of you/);
});
