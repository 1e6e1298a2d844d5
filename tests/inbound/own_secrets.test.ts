import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { bare, base64, decoded, word, words } from '../support/encoded.js';
import { emailedComment, partnerActor } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { comments, decided } = inbox(() => portal);

test('nobody gets another reader’s link: not by a reply, its files and its subject, nor by a comment', async () => {
  const { home, invoice, received } = await emailedComment(portal);
  const link = `${portal.base_url}${received.link}`;
  const token = link.split('/in/')[1] ?? '';
  const key = /reply\+([0-9a-f]{32})@/.exec(received.reply_to)?.[1] ?? '';
  assert.ok(token.length === 43 && key);
  const original = [`Subject: Fwd`, 'Content-Transfer-Encoding: base64', '', base64(`View:\n${link}\n`)];
  const file = (type: string, body: string, ...more: string[]) => [
    ...['--b', `Content-Type: ${type}; name="${link}.txt"`, 'Content-Disposition: attachment', ...more, ''],
    body,
  ];
  const raw = [
    `From: ${word(`Maya ${link}`)} <${home.maya.email}>`,
    `To: ${received.reply_to}`,
    `Subject: ${words(`Re: ${link}`)}`,
    `In-Reply-To: ${received.messageId}`,
    `Message-ID: <secrets.${key.slice(0, 4)}@maple.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    ...['', '--b', 'Content-Type: text/html; charset=utf-8', ''],
    `<p>My page is <a href="${link}">${link}</a>, write to ${received.reply_to}.</p>`,
    `<blockquote type="cite">${received.html ?? ''}</blockquote><p>It does not open.</p>`,
    ...file('message/rfc822', original.join('\r\n')),
    ...file('text/calendar', `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:${link}\r\nEND:VEVENT\r\nEND:VCALENDAR`),
    ...file('text/html', `<a href="${link}">here</a>`),
    '--b--',
  ];
  for (const to of [received.reply_to, `${home.slug}@${portal.config.mail_domain}`])
    await portal.rawIn({ mail_from: home.maya.email, to, raw: raw.join('\r\n') });
  const mayas = partnerActor(home, home.maya);
  await act(portal.knex, mayas, invoice.id, 'comment', { text: `Mine is ${link}` });
  const rows = await decided(home, 2);
  const bodies = (await comments(home)).map(({ body }) => String(body));
  assert.ok(
    bodies.some((body) => /My page is[^]*It does not open\./.test(body)),
    JSON.stringify([bodies, rows.map(({ reason }) => reason)]),
  );

  const seen: string[] = portal.post.emails
    .filter(({ recipient }) => recipient !== home.maya.email)
    .flatMap((email) => [email.raw, email.text ?? '', email.html || '', email.subject ?? '']);
  const olivias = await portal.signIn(home.olivia.email);
  const page = await olivias.get(invoice.url).expect(200);
  seen.push(page.text, JSON.stringify(await comments(home)));
  const files = [...new Set(page.text.match(/\/[\w-]+\/files\/[\w-]+\/[^"']+/g) ?? [])];
  assert.equal(files.length, 3);
  const room = `/${home.slug}/mail-room`;
  const pages = [`${room}?show=all`, ...rows.flatMap(({ id }) => [`${room}/${id}`, `${room}/${id}/preview`])];
  for (const url of [...files, ...pages, ...rows.map(({ id }) => `${room}/${id}/original`)]) {
    const { body, text } = await olivias.get(url).buffer(true).expect(200);
    seen.push(text ?? '', Buffer.isBuffer(body) ? decoded(body) : '', decoded(Buffer.from(text ?? '')));
  }
  for (const each of seen)
    for (const secret of [token, key]) assert.ok(!bare(each).includes(secret), each.slice(0, 2000));
});
