import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { replyKey } from '../../src/db/secrets.js';
import { composeEvent } from '../../src/mail/messages/compose.js';
import { type DueEmail, readEventEmails } from '../../src/mail/messages/event_email.js';
import { emailedComment, emailedInvoice, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

const { comments, decided } = inbox(() => portal);

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const token = () => randomBytes(32).toString('base64url');

/** A secret of ours in each way that it may come along, with what of it must not be read by others. */
function secrets(): [text: string, secret: string][] {
  const [link, code, stop, reply, bounce] = [token(), token(), hex(32), hex(16), hex(28)];
  return [
    [`https://portal.example/in/${link}`, link],
    [`<https://portal.example/in/${link}?file=1>`, link],
    [`https://safe.example/?url=https%3A%2F%2Fportal.example%2Fin%2F${link}&data=1`, link],
    [`https://portal.example/sign-in/link/${code}`, code],
    [`https://portal.example/unsubscribe/${stop}/undo`, stop],
    [`reply+${reply}@mail.example`, reply],
    [`Write to Reply%2B${reply}%40mail.example!`, reply],
    [`bounce+${bounce}@mail.example`, bounce],
  ];
}

/** The event with this text in one of its strings, once for each of them. */
function* withTextInEach(event: DueEmail, text: string): Generator<[path: string, event: DueEmail]> {
  const fields: [string, DueEmail][] = [
    ['title', { ...event, subject: { ...event.subject, title: text } }],
    ['number', { ...event, subject: { ...event.subject, number: text } }],
    ['organization', { ...event, organization: { ...event.organization, name: text } }],
    ['reader', { ...event, reader: { ...event.reader, name: text } }],
    ['actor', { ...event, activity: { ...event.activity, actor: text } }],
    ['reason', { ...event, comments: [], activity: { ...event.activity, details: { reason: text } } }],
    ['forwarded to', { ...event, activity: { ...event.activity, action: 'forward', details: { name: text } } }],
    ['others', { ...event, others: [text] }],
    ['comment', { ...event, comments: event.comments.map((one) => ({ ...one, body: text })) }],
    ['author', { ...event, comments: event.comments.map((one) => ({ ...one, author: text })) }],
    ['earlier', { ...event, comments: [1, 2].map(() => ({ ...earlierOf(event), body: text, author: text })) }],
    [
      'file',
      { ...event, files: [{ id: 'f', name: text, size: 1, content_type: '', sha256: '', said: true, fresh: true }] },
    ],
    ['merged', { ...event, merged: { count: 1, last: [{ action: 'comment', details: {}, actor: text }] } }],
  ];
  yield* fields;
}

const earlierOf = ({ email }: DueEmail) => ({
  author: '',
  body: '',
  created_at: email.created_at,
  activity_id: '',
  files: 0,
});

test('no email carries another’s token, whichever of its texts holds it, nor a mark that turns text around', async () => {
  const { home } = await emailedComment(portal);
  const { id } = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).orderBy('id', 'desc').first('id'),
  );
  const [event] = await portal.look(home.organization_id, (db) => readEventEmails(db, home.organization_id, [id]));
  assert.ok(event);
  const own = { link: token(), reply: replyKey(portal.services.secret, 'x') };
  for (const [text, secret] of secrets())
    for (const [path, injected] of withTextInEach(event, `\u202e${text}\u2066 and\u2028more`)) {
      const message = JSON.stringify(composeEvent(injected, own, portal.services.post, []));
      assert.ok(!message.includes(secret), `${path}: ${text}`);
      assert.doesNotMatch(message, /[\u202a-\u202e\u2066-\u2069\u2028]/, path);
      assert.ok(message.includes(`/in/${own.link}`), path);
    }
});

test('an answer typed between the lines of our email gives nobody its link: not on the page, in emails or the mail room', async () => {
  const { home, invoice, received } = await emailedInvoice(portal, {});
  const other = await sentInvoice(portal, home, { recipients: [home.noah.id] });
  assert.ok(other.id && received.link);
  const [, link = ''] = /\/in\/([\w-]{43})/.exec(received.text ?? '') ?? [];
  const interleaved = (received.text ?? '').replace(/^/gm, '> ').replace(/^> View.*$/m, '> $&\nYes, this one.\n');
  const text = `See below.\n\nOn Tue, 3 Nov 2026 at 09:14, ${received.from?.text} wrote:\n\n${interleaved}\nThe link was ${link ? received.link : ''}`;
  await portal.reply(received, '', { text });
  await portal.reply(received, '', { text, from: 'eve@rival.example' });
  await decided(home, 2);
  await portal.idle();
  const [comment] = await comments(home);
  assert.ok(comment && link);
  for (const part of [comment.body, comment.trimmed, comment.notices]) assert.ok(!String(part).includes(link));
  const told = portal.post.emails.filter(({ recipient }) => recipient === home.olivia.email);
  assert.ok(told.length > 0 && told.every(({ raw }) => !raw.replace(/=\r\n/g, '').includes(link)));
  const desk = await portal.signIn(home.olivia.email);
  const held = (await decided(home, 2)).find(({ state }) => state === 'held');
  const room = `/${home.slug}/mail-room/${held?.id}`;
  for (const url of [invoice.url, room, `${room}/preview`, `${room}/original`]) {
    const { text: page, body } = await desk.get(url).buffer(true).expect(200);
    assert.ok(!`${page} ${String(body)}`.replace(/=\r\n/g, '').includes(link), url);
  }
});
