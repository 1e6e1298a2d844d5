import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, sentInvoice } from '../support/harbor.js';
import { checkOut } from '../support/checkout.js';
import { press } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { sharedPrinter } from '../support/printer.js';

let portal: Portal;

before(async () => (portal = await openPortal({}, undefined, sharedPrinter())));

after(() => portal.close());

const subjectOf = (number: string) => `[Harbor & Pine] Invoice ${number}`;

const about = (words: string) => (received: { text?: string | undefined }) => received.text?.includes(words) ?? false;

test('an invoice is emailed, opened, answered by email, answered from the desk, and paid', async () => {
  const home = await harbor(portal);
  const { olivia, maya, slug } = home;
  const invoice = await sentInvoice(portal, home);

  const received = await portal.post.to(maya.email);
  assert.equal(received.subject, subjectOf(invoice.number));
  assert.match(received.text ?? '', /Olivia Grant sent you invoice INV-0001/);
  assert.match(received.text ?? '', /\$108\.00/);
  assert.deepEqual(
    received.attachments.map(({ filename }) => filename),
    ['INV-0001.pdf'],
  );
  assert.equal(received.headers.get('auto-submitted'), 'auto-generated');
  assert.match(received.attachments[0]?.content.subarray(0, 5).toString() ?? '', /%PDF-/);

  const mayas = await portal.open(received);
  assert.equal(mayas.page, invoice.url);
  await mayas
    .get(invoice.url)
    .expect(200)
    .expect(/Reception desk/)
    .expect(/Maya/);

  const answer = await portal.reply(received, 'Could you send the floor plan?\n\n-- \nMaya Chen\nPractice manager', {
    attachments: [{ filename: 'sketch.txt', content: 'a room' }],
  });
  assert.match(answer, /^250/);
  const forwarded = await portal.post.to(olivia.email, about('floor plan'));
  assert.equal(forwarded.subject, subjectOf(invoice.number));
  const page = await mayas.get(invoice.url).expect(200);
  assert.match(page.text, /Could you send the floor plan\?/);
  assert.match(page.text, /sketch\.txt/);
  assert.doesNotMatch(page.text, /class="comment-text">[^<]*Practice manager/);

  const olivias = await portal.signIn(olivia.email);
  await olivias.get(`/${slug}/desk`).expect(200);
  await olivias
    .get(invoice.url)
    .expect(200)
    .expect(/Could you send the floor plan\?/);
  await olivias
    .post(`${invoice.url}/comment`)
    .field('text', 'It is attached.')
    .field('audience', 'shared')
    .attach('files', Buffer.from('%PDF-1.4\n'), 'floor-plan.pdf')
    .expect(303);
  const second = await portal.post.to(maya.email, about('It is attached.'));
  assert.equal(second.subject, received.subject);
  assert.ok([second.references].flat().includes(received.messageId ?? '?'), 'it names the message before it');

  await portal.reply(forwarded, 'And the desk itself arrives on Monday.');
  const third = await portal.post.to(maya.email, about('arrives on Monday'));
  assert.match(third.text ?? '', /Olivia Grant wrote about invoice INV-0001/);

  const checkout = await press(mayas, `${invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(303);
  await checkOut(mayas, String(checkout.headers['location'])).expect(303);
  const receipt = await portal.post.to(maya.email, about('You paid $108.00 of invoice INV-0001'));
  const receiptLink = new URL(/View receipt:\s+(\S+)/.exec(receipt.text ?? '')?.[1] ?? '');
  const opened = await mayas.get(receiptLink.pathname + receiptLink.search).expect(303);
  await mayas
    .get(String(opened.headers['location']))
    .expect(200)
    .expect(/Receipt[^]*\$108\.00/);
  await portal.post.to(olivia.email, about('Maya Chen paid $108.00'));
  await mayas.get(invoice.url).expect(200).expect(/Paid/);
  await portal.idle();
  const [entry] = await portal.look(home.organization_id, (db) =>
    db('ledger_entries').where({ document_id: invoice.id }).sum('amount as open'),
  );
  assert.equal(Number(entry?.open), 0);
});
