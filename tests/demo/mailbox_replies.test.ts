import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { programs } from '../../src/demo/mailbox/mail_clients.js';
import { extractReply } from '../../src/inbound/reply.js';
import { type MailboxMessage, mailboxOf, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

const TYPED = [
  'Thursday is fine, thank you.',
  'Two things:\n\n1. the side door is 90 cm wide, <b>not</b> 100 & a bit\n2. who brings the key?\n\nBy the way: „Grüße“ from the café — 50 % is paid.',
  'A line that is much longer than what mail programs put on one line, so that it is broken somewhere in the middle and has to be joined again without losing a word.\nYes.',
];

for (const program of Object.keys(programs)) {
  for (const [address, company] of [
    ['maya@maple.example', 'Maple Street Clinic'],
    ['lena@aurora.example', 'Café Aurora'],
  ] as const) {
    test(`A reply as ${program} writes it, by ${address}, arrives as exactly what was typed`, async () => {
      const message = (await mailboxOf(portal, address)).find(
        ({ replyTo, attachments }) => replyTo && attachments.length > 0,
      );
      assert.ok(message);
      for (const typed of TYPED) {
        const raw = await replied(message, program, typed);
        assert.equal((await extractReply(raw)).text, typed);
        const source = raw.toString();
        assert.match(source, new RegExp(`^From: .*<${address}>`, 'm'));
        assert.match(source, new RegExp(`^Message-ID: <[0-9a-f]{32}@${address.split('@')[1]}>`, 'm'));
        const id = message.headers['message-id'];
        assert.ok(
          typeof id === 'string' &&
            source.includes(`In-Reply-To: ${id}`) &&
            source
              .replace(/\r\n[ \t]+/g, ' ')
              .match(/^References: .*$/m)?.[0]
              .endsWith(id),
        );
        await portal.idle();
        const delivery = await delivered(raw);
        assert.ok(delivery);
        assert.deepEqual([delivery.state, delivery.body, delivery.verified], ['posted', typed, true], delivery.reason);
        assert.ok(!delivery.body.includes(company));
      }
    });
  }
}

/** The message as it arrived over SMTP, after pressing "Send the reply". */
async function replied({ id }: MailboxMessage, program: string, text: string): Promise<Buffer> {
  const form = portal
    .browser()
    .post(`/mailbox/messages/${id}/reply`)
    .field('text', text.replaceAll('\n', '\r\n'))
    .field('program', program);
  const { headers } = await form
    .attach('files', Buffer.from('a key'), { filename: 'schlüssel.txt', contentType: 'text/plain' })
    .expect(303);
  const back = decodeURIComponent(String(headers['location']));
  const [, message_id] = /\?replied=250 .* kept as ([\w-]+)$/.exec(back) ?? [];
  await portal
    .browser()
    .get(String(headers['location']))
    .expect(200)
    .expect(/The mail server said: 250/);
  return withActor(
    portal.knex,
    systemActor(null),
    async (db) => (await db('inbound_messages').where({ id: message_id }).first('raw')).raw,
  );
}

/** Where a message ended, with the comment that it became; null while it waits. */
const delivered = (raw: Buffer) =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries as d')
      .join('inbound_messages as m', 'm.id', 'd.message_id')
      .where({ 'm.raw': raw })
      .whereNot({ state: 'pending' })
      .first('d.*'),
  ).then(
    (delivery) =>
      delivery &&
      portal.look(delivery.organization_id, async (db) => ({
        state: String(delivery.state),
        reason: String(delivery.reason),
        body: '',
        verified: null,
        ...(await db('comments').where({ id: delivery.comment_id }).first('body', 'verified')),
      })),
  );
