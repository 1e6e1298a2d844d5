import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { emailedInvoice, type Harbor } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

const { decided } = inbox(() => portal);

const general = (home: Harbor) => `${home.slug}@${portal.config.mail_domain}`;

test('who bears the name of somebody we know is not shown as verified: staff are warned wherever they meet it', async () => {
  const { home, received } = await emailedInvoice(portal);
  const impostors: [from: string, whose: string][] = [
    ['Maya Chen <maya@rival.example>', 'Maya Chen'],
    ['"CHEN, Maya" <m.chen@rival.example>', 'Maya Chen'],
    ['=?utf-8?q?M=D0=B0ya_Chen?= <cyrillic@rival.example>', 'Maya Chen'],
    ['"Maya Chen (Maple Street Clinic)" <long@rival.example>', 'Maya Chen'],
    [`"${home.maya.email}" <shown@rival.example>`, 'Maya Chen'],
    ['"Harbor & Pine Billing" <billing@rival.example>', 'Harbor &amp; Pine'],
    ['Tom Reyes <tom@rival.example>', 'Tom Reyes'],
    ['Maple Street Clinic <office@rival.example>', 'Maple Street Clinic'],
  ];
  const text = 'Please pay to our new bank account from now on: DE89 3704 0044 0532 0130 00.';
  for (const [from] of impostors) await portal.mailIn({ from, to: general(home), subject: 'Payment', text });
  await portal.reply(received, 'Our bank details have changed', { from: 'Maya Chen <maya.chen@rival.example>' });
  const rows = await decided(home, impostors.length + 1);
  const desk = await portal.signIn(home.olivia.email);
  for (const [i, row] of rows.entries()) {
    const whose = impostors[i]?.[1] ?? 'Maya Chen';
    const { text: page } = await desk.get(`/${home.slug}/mail-room/${row.id}`).expect(200);
    assert.ok(page.includes(`Not the address we know for ${whose}`), `${row.from_name} ${row.from_address}`);
    assert.ok(page.includes(`Ask ${whose} in a way you already know`));
    assert.match(page, /It mentions bank details/);
    assert.doesNotMatch(page, /badge good/);
  }
  assert.match((await desk.get(`/${home.slug}/mail-room`)).text, /Not the address we know for Maya Chen/);
  await portal.idle();
  const told = portal.post.emails.filter(
    ({ recipient, text }) => recipient === home.olivia.email && /mail-room/.test(text ?? ''),
  );
  assert.match(told[0]?.text ?? '', /Not the address we know for Maya Chen\.[^]*bank details/);
});

test('who writes from their own address, or bears no name of ours, is shown by the domain that is proven', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.mailIn({
    from: `Maya Chen <${home.maya.email}>`,
    to: general(home),
    subject: 'Desks',
    text: 'Six more',
  });
  await portal.mailIn({
    from: 'Maple Street Clinic <office@maple.example>',
    to: general(home),
    subject: 'x',
    text: 'Hi',
  });
  await portal.mailIn({
    from: 'Maya Chandra <mc@rival.example>',
    to: general(home),
    subject: 'x',
    text: 'Do you bank on oak?',
  });
  await portal.reply(received, 'For Maya', { from: `Noah Weiss <${home.noah.email}>` });
  const desk = await portal.signIn(home.olivia.email);
  for (const { id, from_address } of await decided(home, 4)) {
    const { text } = await desk.get(`/${home.slug}/mail-room/${id}`).expect(200);
    assert.doesNotMatch(text, /Not the address we know|bank details/);
    assert.ok(text.includes(`Sent by ${from_address.split('@')[1]}`), from_address);
  }
});
