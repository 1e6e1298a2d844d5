import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../../src/act.js';
import { fitOut, plannedEvent } from '../../support/events.js';
import { textOf } from '../../support/forms.js';
import { harbor } from '../../support/harbor.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { mailOf } from './walk.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('an event that is no more shown is not told of, nor listed', async () => {
  const home = await harbor(portal);
  const { id: project, url } = await fitOut(portal, home);
  const event = await plannedEvent(portal, home.staff, project, { guests: [home.maya.id] });
  await portal.post.to(home.maya.email, 'Walk-through');
  await act(portal.knex, home.staff, project, 'share_project', { comments: true });
  const before = portal.post.emails.length;
  await act(portal.knex, home.staff, event.id, 'cancel_event', { message: 'Zqcanceled' });
  await portal.idle();
  assert.deepEqual(mailOf(portal.post.emails.slice(before), home.maya.email), []);
  const mayas = await portal.signIn(home.maya.email);
  assert.doesNotMatch(textOf((await mayas.get(`/${home.slug}/notifications`).expect(200)).text), /Walk-through/);
  await mayas.get(`${url}/calendar`).expect(404);
});
