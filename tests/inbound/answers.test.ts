import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { emailedInvoice, type Harbor } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import { signedMessage } from '../support/signed_message.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { bodies, decided } = inbox(() => portal);

interface Part {
  subject: string;
  type: string;
  body: string;
  encoding?: string;
  headers?: string[];
}

type Received = Awaited<ReturnType<typeof emailedInvoice>>['received'];

/** Maya's mail program answers, and what it makes of it. */
async function program(home: Harbor, received: Received, { subject, type, body, encoding, headers = [] }: Part) {
  const raw = [
    `From: Maya Chen <${home.maya.email}>`,
    `To: ${received.reply_to}`,
    `Subject: ${subject}`,
    `In-Reply-To: ${received.messageId}`,
    `References: ${received.messageId}`,
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    ...(encoding ? [`Content-Transfer-Encoding: ${encoding}`] : []),
    '',
    body,
  ];
  await portal.rawIn({ mail_from: home.maya.email, to: received.reply_to, raw: raw.join('\r\n') });
}

const TEXT = 'text/plain; charset=utf-8';

test('the email that is answered is known by its Message-ID, not by being the last one', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'The second lift is out of order, too.' });
  await portal.post.to(home.maya.email, 'second lift');
  const first = (received.text ?? '').replace(/\n/g, '\r\n');
  const fields = [
    'From: Harbor <harbor@parley.example>',
    'Sent: Monday, March 9, 2026 4:02 PM',
    'To: Maya',
    'Subject: Re',
  ];
  const outlook = `________________________________\r\n${fields.join('\r\n')}\r\n\r\n`;
  await program(home, received, { subject: 'Re: Invoice', type: TEXT, body: `${outlook}${first}` });
  const typed = first.replace(/(Invoice INV-0001[^\n]*\n)/, '$1Gate 2\r\n');
  const answer = `On Tue, 10 Mar 2026 at 09:14, Harbor wrote:\r\n${`Ring twice.\r\n\r\n${typed}`.replace(/^/gm, '> ')}`;
  await program(home, received, { subject: 'Re: Invoice', type: TEXT, body: answer });
  const rows = await decided(home, 2);
  assert.deepEqual(
    rows.map(({ state, code }) => [state, code]),
    [
      ['held', 'empty'],
      ['posted', 'posted'],
    ],
  );
  const said = await bodies(home);
  assert.equal(said.length, 2);
  assert.match(said[1] ?? '', /Ring twice\./);
});

test('a new message to the same address quotes nothing of ours, even in our words', async () => {
  const { home, received } = await emailedInvoice(portal);
  const text = `Is this the text you sent?\n\n${received.text ?? ''}`;
  await portal.mailIn({ from: home.maya.email, to: received.reply_to, subject: 'A question', text });
  await decided(home);
  assert.match((await bodies(home))[0] ?? '', /Is this the text you sent\?[^]*INV-0001/);
});

test('what somebody said by pressing a button is posted as what it is', async () => {
  const { home, received } = await emailedInvoice(portal);
  const calendar = [
    'BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Look at the site',
    'ATTENDEE;PARTSTAT=DECLINED;CN=Maya Chen:mailto:maya@maple.example\r\nDTSTART:20270304T090000Z',
    'END:VEVENT\r\nEND:VCALENDAR\r\n',
  ].join('\r\n');
  const declined = { subject: 'Declined: Look at the site', type: 'text/calendar; method=REPLY', body: calendar };
  await program(home, received, declined);
  await program(home, received, { subject: `Approve: ${received.subject}`, type: TEXT, body: '' });
  const reaction = '👍\r\n\r\nMaya Chen reacted via Gmail\r\n';
  await program(home, received, { subject: `Re: ${received.subject}`, type: TEXT, body: reaction, encoding: '8bit' });
  await decided(home, 3);
  // What we say of it is said in the organization's language.
  await portal.look(home.organization_id, (db) => db('organizations').update({ locale: 'de-DE' }));
  await program(home, received, { ...declined, subject: 'Declined once more: Look at the site' });
  await decided(home, 4);
  assert.deepEqual(await bodies(home), [
    'Maya Chen declined: Look at the site, 2027-03-04 09:00:00 UTC',
    'Approve',
    '👍',
    'Maya Chen hat abgesagt: Look at the site, 2027-03-04 09:00:00 UTC',
  ]);
});

test('a message inside its signature is read', async () => {
  const { home, received } = await emailedInvoice(portal);
  const body = signedMessage(`Content-Type: ${TEXT}\r\n\r\nYes, we take the floor for 4,200.\r\n`);
  const type = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"';
  await program(home, received, { subject: 'Re: Invoice', type, body, encoding: 'base64' });
  await decided(home);
  assert.deepEqual(await bodies(home), ['Yes, we take the floor for 4,200.']);
});

test('a person’s answer is posted though a relay marked it as a list; an automatic one by its subject is not', async () => {
  const { home, received } = await emailedInvoice(portal);
  const relayed = ['List-Unsubscribe: <mailto:u@relay.example>', 'Precedence: bulk'];
  await program(home, received, { subject: 'Re: Invoice', type: TEXT, body: 'Friday is fine.', headers: relayed });
  for (const subject of ['תשובה אוטומטית', 'Trả lời tự động', 'ตอบกลับอัตโนมัติ', 'رد تلقائي', 'Automatski odgovor']) {
    const encoded = `=?utf-8?B?${Buffer.from(`${subject}: Invoice`).toString('base64')}?=`;
    await program(home, received, { subject: encoded, type: TEXT, body: 'Until Monday.' });
  }
  const rows = await decided(home, 6);
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['posted', ...Array.from({ length: 5 }, () => 'ignored')],
  );
  assert.deepEqual(await bodies(home), ['Friday is fine.']);
});
