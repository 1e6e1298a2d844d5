import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { readBounce } from '../../src/inbound/reading/automated/bounce.js';
import { headerFields } from '../../src/inbound/reading/headers.js';
import { bounceAddress } from '../../src/mail/address.js';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { comments, decided } = inbox(() => portal);

const idOf = ({ messageId }: ReceivedEmail) => messageId?.slice(1, 33) ?? '';

const returnPath = (received: ReceivedEmail) =>
  bounceAddress(portal.services.secret, idOf(received), portal.config.mail_domain);

const dsn = (status: string, action: string, to: string, text = 'Sorry.') => ({
  headers: { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b' },
  raw: [
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    'From: Mail Delivery System <MAILER-DAEMON@mx.maple.example>',
    `Subject: Undelivered Mail Returned to Sender`,
    'MIME-Version: 1.0',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    text,
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.maple.example',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} no such user`,
    '--b--',
    '',
  ].join('\r\n'),
});

const report = (received: ReceivedEmail, raw: string, to = returnPath(received)) =>
  portal.rawIn({ mail_from: '', to, raw });

test('a bounce to the address of one message marks its reader, and the document shows it with what to do', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const olivias = await portal.signIn(home.olivia.email);
  await report(received, dsn('5.1.1', 'failed', 'forwarded@elsewhere.example').raw);
  const [row] = await decided(home);
  assert.deepEqual(
    [row.state, row.code, row.subject_id, row.person_id],
    ['ignored', 'bounce', invoice.id, home.maya.id],
  );
  const page = await olivias.get(invoice.url).expect(200);
  assert.match(page.text, /Maya Chen &lt;maya\d+@maple\.example&gt; did not get the last email/);
  assert.match(page.text, /There is no such address\..*Correct the address/s);
  assert.deepEqual(await comments(home), []);
  await (
    await portal.signIn(home.noah.email)
  )
    .get(invoice.url)
    .expect((res) => assert.doesNotMatch(res.text, /did not get/));
});

test('a report that it is late marks nobody', async () => {
  const { home, received } = await emailedInvoice(portal);
  await report(received, dsn('4.4.1', 'delayed', home.maya.email).raw);
  await decided(home);
  const maya = await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).first('bounced_at'),
  );
  assert.equal(maya.bounced_at, null);
});

test('a bounce without a secret of ours marks nobody, whomever it names', async () => {
  const { home, received } = await emailedInvoice(portal);
  const wrong = returnPath(received).replace(/.@/, (end) => (end === '0@' ? '1@' : '0@'));
  await report(received, dsn('5.1.1', 'failed', home.maya.email).raw, `${home.slug}@${portal.config.mail_domain}`);
  await assert.rejects(report(received, dsn('5.1.1', 'failed', home.maya.email).raw, wrong), /550/);
  await decided(home);
  const maya = await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).first('bounced_at'),
  );
  assert.equal(maya.bounced_at, null);
});

test('a person who attaches a bounce is not taken for one', async () => {
  const { home, received } = await emailedInvoice(portal);
  const attachments = [
    { filename: 'details.txt', contentType: 'message/delivery-status', content: 'Action: failed\nStatus: 5.1.1\n' },
  ];
  await portal.reply(received, 'My colleague’s mail came back, see attached', { attachments });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
});

test('a bounce that knows only a Message-ID is noted, but suppresses nobody', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const named = dsn('5.1.1', 'failed', home.maya.email, `Message-ID: ${received.messageId}`).raw;
  await report(received, named, `${home.slug}@${portal.config.mail_domain}`);
  await decided(home);
  const [bounces, email] = await portal.look(home.organization_id, async (db) => [
    await db('bounces').where({ person_id: home.maya.id }),
    await db('emails').where({ subject_id: invoice.id, person_id: home.maya.id }).first('state'),
  ]);
  assert.deepEqual([bounces, email.state], [[], 'bounced']);
});

test('verified mail from a person clears their bounces', async () => {
  const { home, received } = await emailedInvoice(portal);
  await report(received, dsn('5.1.1', 'failed', home.maya.email).raw);
  await decided(home);
  await portal.reply(received, 'I am here, though');
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  const maya = await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).first('bounced_at'),
  );
  assert.equal(maya.bounced_at, null);
});

test('an out-of-office note to the address for bounces is no bounce', async () => {
  const { home, received } = await emailedInvoice(portal);
  const raw = [
    'From: ' + home.maya.email,
    'Subject: Out of office',
    'Auto-Submitted: auto-replied',
    '',
    'I am away until Monday.',
    '',
  ].join('\r\n');
  await report(received, raw);
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['ignored', 'automatic']);
});

describe('bounces as mail servers phrase them', () => {
  const read = (from: string, subject: string, text: string, mail_from: string | null = '') =>
    readBounce({
      fields: headerFields(Buffer.from(`From: ${from}\r\nSubject: ${subject}\r\n\r\n`)),
      subject,
      text,
      parts: [],
      from,
      mail_from,
    });
  const reports: [string, string, string, string | null, string][] = [
    [
      'MAILER-DAEMON@mx.example',
      'failure notice',
      "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<maya@maple.example>:\nSorry, no mailbox here by that name. (#5.1.1)",
      '5.1.1',
      'failed',
    ],
    [
      'Mailer-Daemon@mx.example',
      'Mail delivery failed: returning message to sender',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.\n\n  maya@maple.example\n    host mx.maple.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<maya@maple.example>:\n    550 5.2.2 mailbox full',
      '5.2.2',
      'failed',
    ],
    [
      'postmaster@maple.example',
      'Undeliverable: Invoice',
      'Your message did not reach some or all of the intended recipients.\n\nmaya@maple.example\nThe e-mail account does not exist at the organization this message was sent to.',
      '5.1.1',
      'failed',
    ],
    [
      'postmaster@maple.example',
      'Unzustellbar: Rechnung',
      'Ihre Nachricht konnte nicht zugestellt werden.\nDas Postfach des Empfängers ist voll.',
      '5.2.2',
      'failed',
    ],
    [
      'postmaster@maple.example',
      'Non remis : Facture',
      'Le message n’a pas pu être remis. L’adresse est introuvable.',
      '5.1.1',
      'failed',
    ],
    [
      'MAILER-DAEMON@yahoo.example',
      'Failure Notice',
      "Sorry, we were unable to deliver your message to the following address.\n\n<maya@maple.example>:\nRemote host said: 554 delivery error: dd This user doesn't have an account",
      null,
      'failed',
    ],
    [
      'mailer-daemon@googlemail.example',
      'Delivery Status Notification (Failure)',
      "Address not found\nYour message wasn't delivered to maya@maple.example because the address couldn't be found, or is unable to receive mail.",
      '5.1.1',
      'failed',
    ],
    [
      'MAILER-DAEMON@mx.example',
      'Warning: could not send message for past 4 hours',
      'The original message was received... THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. Delivery will be retried.\n<maya@maple.example> delayed',
      null,
      'delayed',
    ],
    [
      'MAILER-DAEMON@mx.example',
      'Returned mail: Host unknown',
      '----- The following addresses had permanent fatal errors -----\n<maya@maple.example>\n550 Host unknown (Name server: maple.example: host not found)',
      '5.1.2',
      'failed',
    ],
    [
      'postmaster@maple.example',
      'Mail System Error - Returned Mail',
      'This Message was undeliverable due to the following reason:\nThe user(s) account is disabled.',
      '5.2.1',
      'failed',
    ],
    [
      'MAILER-DAEMON@mx.example',
      '配信不能',
      '宛先のメールアドレスが存在しません。\n<maya@maple.example>',
      '5.1.1',
      'failed',
    ],
    [
      'MAILER-DAEMON@mx.example',
      'Undelivered Mail Returned to Sender',
      '<maya@maple.example>: host mx said: 554 5.7.1 Message rejected as spam',
      '5.7.1',
      'failed',
    ],
  ];
  for (const [from, subject, text, status, action] of reports)
    it(`${subject}: ${status ?? action}`, () => {
      const bounce = read(from, subject, text);
      assert.equal(bounce?.action, action);
      if (status) assert.equal(bounce?.status, status);
    });
  const people: [string, string, string][] = [
    [
      'maya@maple.example',
      'Delivery of the desks',
      'The delivery failed yesterday: nobody was there at 550 Main Street.',
    ],
    [
      'maya@maple.example',
      'Re: Undeliverable: Invoice',
      'Your first mail came back to me, here is a new address: accounts@maple.example',
    ],
    [
      'postmaster@maple.example',
      'Re: Invoice INV-0042',
      'Maya here, writing from the shared mailbox. We will pay on Friday.',
    ],
    ['maya@maple.example', 'Returned goods', 'Two chairs were returned to sender. Please credit them.'],
    ['maya@maple.example', 'Delay', 'The payment is delayed by a week.'],
  ];
  for (const [from, subject, text] of people)
    it(`not a person’s: ${subject}`, () => assert.equal(read(from, subject, text, from), null));
});
