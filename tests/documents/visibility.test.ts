import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { press } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(() => portal.close());

const sent = (type: string, fields: Record<string, unknown> = {}, of = home) => sentDocument(portal, of, type, fields);

const about =
  (number: string, words = '') =>
  (received: { subject?: string | undefined; text?: string | undefined }) =>
    Boolean(received.subject?.includes(number) && received.text?.includes(words));

test('a partner sees no draft, no internal note and nobody else’s documents, not even in the HTML', async () => {
  const estimate = await sent('estimate');
  await act(portal.knex, home.staff, estimate.id, 'comment', { text: 'Margin is 40 percent', audience: 'internal' });
  const copy = await act(portal.knex, home.staff, estimate.id, 'copy');
  const mayas = await portal.signIn(home.maya.email);
  const page = await mayas.get(estimate.url).expect(200);
  assert.doesNotMatch(page.text, /Margin|copied/);
  await mayas.get(`/${home.slug}/documents/${copy.created_id}`).expect(404);
  const rival = await harbor(portal);
  const other = await sent('estimate', {}, rival);
  await mayas.get(other.url).expect(404);
  await mayas.get(`/${home.slug}/documents/${other.id}`).expect(404);
});

test('an estimate is forwarded: the colleague reads it and writes about it, and nothing else is handed over', async () => {
  const [estimate, other] = [await sent('estimate'), await sent('estimate')];
  const mayas = await portal.signIn(home.maya.email);
  await mayas.get(estimate.url).expect(/Forward/);
  const form = { name: 'Ines Roth', email: 'ines@maple.example', message: 'What do you think?' };
  await press(mayas, `${estimate.url}/forward`, form).expect(303);
  const received = await portal.post.to('ines@maple.example', about(estimate.number, 'What do you think?'));
  assert.equal(received.attachments.length, 1);
  const byLink = await portal.open(received);
  const page = await byLink.get(estimate.url).expect(200);
  assert.doesNotMatch(page.text, />Accept</);
  await press(byLink, `${estimate.url}/accept`).expect(403);
  const ines = await portal.signIn('ines@maple.example');
  await ines.get(estimate.url).expect(200);
  await ines.get(other.url).expect(404);
  const list = await ines.get(`/${home.slug}/estimates`).expect(200);
  assert.match(list.text, new RegExp(estimate.number));
  assert.doesNotMatch(list.text, new RegExp(other.number));
  await press(ines, `${estimate.url}/accept`, {}).expect(403);
  await press(ines, `${estimate.url}/forward`, { name: 'Eve', email: 'eve@rival.example' }).expect(403);
  await ines.post(`${estimate.url}/comment`).field('text', 'Looks right to me.').expect(303);
  await portal.post.to(home.olivia.email, about(estimate.number, 'Looks right to me.'));
  await portal.post.to(home.olivia.email, about(estimate.number, 'forwarded'));
});

test('a person of the other side sees no draft, and can’t act on it', async () => {
  const draft = await draftInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/documents/${draft}`).expect(404);
  await assert.rejects(act(portal.knex, partnerActor(home, home.maya), draft, 'comment', { text: 'x' }), {
    status: 404,
  });
});
