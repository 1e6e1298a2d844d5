import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/documents/act.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { parseDraft } from '../../src/documents/drafts/parse_draft.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(() => portal.close());

const DAY = 86_400_000;

const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

async function sent(type: string, fields: Record<string, unknown> = {}, of = home) {
  const form = {
    title: 'Reception',
    issued_on: day(0),
    due_on: day(10),
    recipient: [of.maya.id],
    line_description: ['Desk'],
    line_price: ['100.00'],
    ...fields,
  };
  const { draft, errors } = parseDraft(form, 'en-US', 'USD');
  assert.ok(draft, JSON.stringify(errors));
  const id = await createDocument(portal.knex, of.staff, type, of.partner_id, draft);
  const { number } = await act(portal.knex, of.staff, id, 'send');
  return { id, number: String(number), url: `/${of.slug}/documents/${number}` };
}

const about =
  (number: string, words = '') =>
  (received: { subject?: string | undefined; text?: string | undefined }) =>
    Boolean(received.subject?.includes(number) && received.text?.includes(words));

const seenOn = (page: { text: string }) => /name="seen" value="([0-9a-f]{64})"/.exec(page.text)?.[1] ?? '';

const post = (agent: Browser, url: string, fields: Record<string, unknown>) =>
  agent.post(url).type('form').send(fields);

test('a partner sees no draft, no internal note and nobody else’s documents, not even in the HTML', async () => {
  const estimate = await sent('estimate');
  await act(portal.knex, home.staff, estimate.id, 'comment', { text: 'Margin is 40 percent', audience: 'internal' });
  const copy = await act(portal.knex, home.staff, estimate.id, 'copy');
  const mayas = await portal.signIn(home.maya.email);
  const page = await mayas.get(estimate.url).expect(200);
  assert.doesNotMatch(page.text, /Margin|copied/);
  await mayas.get(`/${home.slug}/documents/${copy.redirect}`).expect(404);
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
  await post(mayas, `${estimate.url}/forward`, form).expect(303);
  const received = await portal.post.to('ines@maple.example', about(estimate.number, 'What do you think?'));
  assert.equal(received.attachments.length, 1);
  const byLink = await portal.open(received);
  const page = await byLink.get(estimate.url).expect(200);
  assert.doesNotMatch(page.text, />Accept</);
  await post(byLink, `${estimate.url}/accept`, { seen: seenOn(page) }).expect(403);
  const ines = await portal.signIn('ines@maple.example');
  await ines.get(estimate.url).expect(200);
  await ines.get(other.url).expect(404);
  const list = await ines.get(`/${home.slug}/estimates`).expect(200);
  assert.match(list.text, new RegExp(estimate.number));
  assert.doesNotMatch(list.text, new RegExp(other.number));
  await post(ines, `${estimate.url}/accept`, {}).expect(403);
  await post(ines, `${estimate.url}/forward`, { name: 'Eve', email: 'eve@rival.example' }).expect(403);
  await ines.post(`${estimate.url}/comment`).field('text', 'Looks right to me.').expect(303);
  await portal.post.to(home.olivia.email, about(estimate.number, 'Looks right to me.'));
  await portal.post.to(home.olivia.email, about(estimate.number, 'forwarded'));
});
