import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addParticipants } from '../../src/subjects/participants.js';
import { day } from '../support/days.js';
import { addVendor, draftDocument, emailedInvoice, harbor, sendDraft } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const put = (name: string, bytes: Buffer = PNG) => portal.services.storage.put(bytes, name, '');

const attachedTo = ({ attachments }: ReceivedEmail) => attachments.map(({ filename }) => filename);

test('a comment’s files are named and linked in its emails; small harmless ones are attached', async () => {
  const { home, invoice } = await emailedInvoice(portal);
  const files = [
    await put('grundriß \u202egnp.png'),
    await put('notes.txt', Buffer.from('Two doors.')),
    await put('photo.png', Buffer.concat([PNG, Buffer.alloc(2 * 2 ** 20)])),
    await put('setup.exe', Buffer.from('MZ program')),
    await put('page.html', Buffer.from('<script>alert(1)</script>')),
    ...(await Promise.all(
      [1, 2, 3, 4].map((n) => put(`plan-${n}.png`, Buffer.concat([PNG, Buffer.alloc(900_000, n)]))),
    )),
  ];
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'See the plans', files });
  const received = await portal.post.to(home.maya.email, 'See the plans');
  const names = files.map(({ name }) => name);
  assert.deepEqual(attachedTo(received), ['grundriß gnp.png', 'notes.txt', 'plan-1.png', 'plan-2.png', 'plan-3.png']);
  assert.deepEqual(received.attachments[0]?.content, PNG);
  for (const name of names) assert.ok(received.text?.includes(`- ${name} (`), name);
  assert.match(received.text ?? '', /photo\.png \(2\.1 MB\)/);
  const links = [...(received.text ?? '').matchAll(/^ +https?:\/\/[^/]+(\/in\/\S+\?file=\S+)$/gm)].map(
    ([, path = '']) => path,
  );
  assert.equal(links.length, files.length);
  assert.ok(links.every((path) => String(received.html).includes(path)));
  const agent = portal.browser();
  const { headers } = await agent.get(links[0] ?? '').expect(303);
  const cookie = [headers['set-cookie'] ?? []]
    .flat()
    .map((one: string) => one.split(';')[0])
    .join('; ');
  const file = await agent.get(String(headers['location'])).set('Cookie', cookie).buffer(true).expect(200);
  assert.deepEqual(file.body, PNG);
  await portal.browser().get(String(headers['location'])).expect(303);
});

test('a document that is sent says which files come with it; a bill, what its vendor attached', async () => {
  const home = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, home);
  const fields = {
    ...{ title: 'Stands', issued_on: day(0), due_on: day(10), recipients: [erik] },
    lines: [{ description: 'Stand', unit_price: '10' }],
  };
  const id = await draftDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', fields);
  await act(portal.knex, home.staff, id, 'edit', { content: fields, files: [await put('drawing.png')] });
  await sendDraft(portal, home, id);
  const order = await portal.post.to('erik@northern.example');
  assert.deepEqual(attachedTo(order), ['PO-0001.pdf', 'drawing.png']);
  assert.match(order.text ?? '', /drawing\.png/);
  const bill = await draftDocument(portal, { ...home, partner_id: vendor }, 'bill', fields);
  await act(portal.knex, home.staff, bill, 'submit', {
    files: [await put('NT-884.txt', Buffer.from('Our own invoice'))],
  });
  const told = await portal.post.to('erik@northern.example', 'NT-884.txt');
  assert.deepEqual(attachedTo(told), ['NT-884.txt']);
  await act(portal.knex, home.staff, bill, 'approve');
  assert.doesNotMatch((await portal.post.to('erik@northern.example', 'approved')).text ?? '', /NT-884/);
});

test('who may not read a comment learns nothing of its files', async () => {
  const { home, invoice } = await emailedInvoice(portal);
  await portal.look(home.organization_id, (db) =>
    addParticipants(db, { organization_id: home.organization_id, id: invoice.id }, [home.tom.id, home.noah.id]),
  );
  const files = [await put('margin.txt', Buffer.from('30 %'))];
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Our margin', audience: 'internal', files });
  await portal.post.to(home.tom.email, 'margin.txt');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Nothing attached' });
  await portal.idle();
  const told = portal.post.emails.filter(({ recipient }) => [home.maya.email, home.noah.email].includes(recipient));
  assert.ok(told.length >= 3 && told.every(({ raw }) => !/margin\.txt|Our margin/.test(raw)));
});
