import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { removeAddress } from '../../src/inbound/mail_room/filing.js';
import { deleteOldMail } from '../../src/inbound/receive.js';
import { addProject } from '../../src/projects/project.js';
import { harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { deliveries, comments, decided } = inbox(() => portal);

const general = (home: Harbor) => `${home.slug}@${portal.config.mail_domain}`;

const lettersTo = (email: string) => portal.post.emails.filter((received) => received.recipient === email);

type By = NonNullable<Parameters<Portal['reply']>[2]>;

/** Somebody answers the invoice that Maya got; and Olivia is at her desk. */
async function answered(by: By | ((home: Harbor) => By), words = 'About this one') {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  await portal.reply(received, words, typeof by === 'function' ? by(home) : by);
  const [row] = await decided(home);
  const olivias = await portal.signIn(home.olivia.email);
  const room = `/${home.slug}/mail-room`;
  return { home, invoice, received, row, olivias, room, page: `${room}/${row.id}` };
}

const send = (browser: Browser, url: string, form: Record<string, string>) => browser.post(url).type('form').send(form);

test('new mail to the organization’s own address waits in the mail room, and its sender gets one answer a day', async () => {
  const home = await harbor(portal);
  const ann = `ann.${home.slug}@rival.example`;
  for (const text of ['We need twelve desks.', 'And chairs.', 'Hello?'])
    await portal.mailIn({ from: `Ann New <${ann}>`, to: general(home), subject: 'Do you sell desks?', text });
  const rows = await decided(home, 3);
  assert.ok(rows.every(({ state, code }) => state === 'held' && code === 'new'));
  await portal.idle();
  const [answer, ...more] = lettersTo(ann);
  assert.deepEqual(more, []);
  assert.match(answer?.subject ?? '', /Your message has arrived/);
  assert.match(answer?.raw ?? '', /^Auto-Submitted: auto-replied/m);
  assert.match(answer?.raw ?? '', /^In-Reply-To: /m);
  assert.doesNotMatch(answer?.raw ?? '', /desks/, 'nothing of what they wrote comes back');
});

test('an unverified sender gets no answer: somebody else may have written', async () => {
  const home = await harbor(portal);
  for (let i = 0; i < 3; i++)
    await portal.mailIn({ from: 'victim@unproven.example', to: general(home), subject: 'Hello', text: `Bomb ${i}` });
  await decided(home, 3);
  await portal.idle();
  assert.deepEqual(lettersTo('victim@unproven.example'), []);
});

test('the answer goes where a bounce would go, not to Reply-To', async () => {
  const home = await harbor(portal);
  const [from, back] = [`a.${home.slug}@rival.example`, `back.${home.slug}@rival.example`];
  const headers = { 'Reply-To': `else.${home.slug}@rival.example` };
  await portal.mailIn({ from, mail_from: back, to: general(home), subject: 'Hello', text: 'Hello', headers });
  await portal.post.to(back);
  assert.deepEqual([...lettersTo(from), ...lettersTo(`else.${home.slug}@rival.example`)], []);
});

test('every message is found by its sender, subject and text, with what was decided and why', async () => {
  const { home, olivias, room, page } = await answered({ from: 'eve@rival.example' }, 'Pay to the other account');
  for (const q of ['eve@rival.example', 'riv other', 'acco']) {
    const found = await olivias.get(`${room}?show=all&q=${encodeURIComponent(q)}`).expect(200);
    assert.match(found.text, /Pay to the other account/, q);
    assert.match(found.text, /It came from eve@rival\.example/);
  }
  assert.match((await olivias.get(`${room}?show=all&q=nothing-like-it`)).text, /Nothing found/);
  const shown = await olivias.get(page).expect(200);
  assert.match(shown.text, /spf=pass/);
  assert.match(
    (await olivias.get(`/${home.slug}/documents/INV-0001`)).text,
    /A message from eve@rival\.example waits for you/,
  );
});

test('a message is shown as it came in a frame that runs, loads and sends nothing; the original is a download', async () => {
  const html =
    '<p onclick="x()">Hello <script>alert(1)</script><a href="javascript:x">there</a></p><img src="https://tracker.example/p.png">';
  const { home, olivias, page } = await answered({ from: 'eve@rival.example', html });
  const shown = await olivias.get(page).expect(200);
  assert.match(shown.text, /<iframe[^>]+sandbox="allow-popups/);
  const frame = await olivias.get(`${page}/preview`).expect(200);
  assert.match(frame.headers['content-security-policy'] ?? '', /sandbox.*default-src 'none'/);
  assert.doesNotMatch(frame.text, /<script|onclick|javascript:|tracker\.example/);
  const original = await olivias.get(`${page}/original`).expect(200);
  assert.match(original.headers['content-disposition'] ?? '', /^attachment/);
  const mayas = await portal.signIn(home.maya.email);
  for (const url of [page, `${page}/preview`, `${page}/original`]) await mayas.get(url).expect(404);
});

test('a colleague’s reply is held, and posted as theirs once staff place it, whole and with its files', async () => {
  const attachments = [{ filename: 'approval.txt', content: 'approved by the board' }];
  const { home, invoice, row, olivias, page } = await answered(
    ({ noah }) => ({ from: noah.email, attachments }),
    'Maya is away; go ahead.',
  );
  assert.deepEqual([row.state, row.code], ['held', 'colleague']);
  assert.deepEqual(await comments(home), []);
  await send(olivias, `${page}/place`, { number: invoice.number, as: 'sender' }).expect(303);
  const [comment] = await comments(home);
  assert.deepEqual(
    [comment?.person_id, comment?.audience, comment?.body, comment?.placed_by],
    [home.noah.id, 'shared', 'Maya is away; go ahead.', 'Olivia Grant'],
  );
  const mayas = await portal.signIn(home.maya.email);
  const shown = await mayas.get(invoice.url).expect(200);
  assert.match(shown.text, /Placed by Olivia Grant/);
  assert.match(shown.text, /approval\.txt/);
  await send(olivias, `${page}/place`, { number: invoice.number }).expect(409);
});

test('a message is placed on a project as on a document', async () => {
  const { home, olivias, page } = await answered(({ noah }) => ({ from: noah.email }), 'The door is too narrow.');
  const id = await addProject(portal.knex, home.staff, { key: 'WARD-1', name: 'Ward', partner: home.partner_id });
  const { headers } = await send(olivias, `${page}/place`, { number: ' ward-1 ', as: 'sender' }).expect(303);
  assert.equal(headers['location'], `/${home.slug}/projects/WARD-1?done=placed`);
  const [comment] = await comments(home);
  assert.deepEqual(
    [comment?.subject_id, comment?.person_id, comment?.body],
    [id, home.noah.id, 'The door is too narrow.'],
  );
});

test('a message placed as a note is whole, internal, and has its files', async () => {
  const long = `${'All of it. '.repeat(400)}The end.`;
  const attachments = [{ filename: 'plan.txt', content: 'the plan' }];
  const { home, invoice, olivias, page } = await answered({ from: 'eve@rival.example', attachments }, long);
  await send(olivias, `${page}/place`, { number: 'INV-9999' })
    .expect(422)
    .expect(/There is no document or project with this number/);
  await send(olivias, `${page}/place`, { number: invoice.number, as: 'sender' })
    .expect(422)
    .expect(/Add them first/);
  await send(olivias, `${page}/place`, { number: invoice.number, as: 'note' }).expect(303);
  const [note] = await comments(home);
  assert.equal(note?.audience, 'staff');
  assert.match(note?.body ?? '', /eve@rival\.example> wrote by email:[^]*The end\.$/);
  const files = await portal.look(home.organization_id, (db) =>
    db('files').where({ comment_id: note?.id }).pluck('name'),
  );
  assert.deepEqual(files, ['plan.txt']);
  await portal.idle();
  assert.ok(!lettersTo(home.maya.email).some(({ text }) => text?.includes('All of it')));
});

test('only staff make a stranger a contact, and their message can then be posted as theirs', async () => {
  const { home, invoice, olivias, page } = await answered(
    { from: 'Paul Roth <paul@rival.example>' },
    'I take over from Maya.',
  );
  const before = await portal.look(home.organization_id, (db) =>
    db('people').where({ email: 'paul@rival.example' }).select(),
  );
  assert.deepEqual(before, []);
  await send(olivias, `${page}/contact`, { name: 'Paul Roth', partner: 'Nobody Ltd' })
    .expect(422)
    .expect(/There is no partner of this name/);
  await send(olivias, `${page}/contact`, { name: 'Paul Roth', partner: 'maple street clinic' }).expect(303);
  await send(olivias, `${page}/place`, { number: invoice.number, as: 'sender' }).expect(303);
  const [comment] = await comments(home);
  const [paul] = await portal.look(home.organization_id, (db) =>
    db('people').where({ email: 'paul@rival.example' }).select(),
  );
  assert.deepEqual([comment?.person_id, paul?.partner_id], [paul?.id, home.partner_id]);
});

test('another address counts as Maya’s once staff confirm it, as long as it is verified', async () => {
  const { home, received, olivias, page } = await answered(
    ({ slug }) => ({ from: `maya.${slug}@aurora.example` }),
    'From my other desk',
  );
  await send(olivias, `${page}/address`, {}).expect(303);
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  const from = `maya.${home.slug}@aurora.example`;
  await portal.reply(received, 'And once more', { from });
  await portal.idle();
  assert.equal((await comments(home)).length, 2);
  assert.ok((await comments(home)).every(({ person_id, verified }) => person_id === home.maya.id && verified));
  await portal.reply(received, 'Not proven', { from, mail_from: 'x@unproven.example' });
  const rows = await decided(home, 3);
  assert.equal(rows.at(-1)?.state, 'held');
  const edit = `/${home.slug}/partners/${home.partner_id}/contacts/${home.maya.id}/edit`;
  assert.ok((await olivias.get(edit).expect(200)).text.includes(from));
  await removeAddress(portal.knex, home.staff, home.partner_id, home.maya.id, from);
  await portal.reply(received, 'No more', { from });
  assert.equal((await decided(home, 4)).at(-1)?.code, 'stranger');
});

test('a refused message is answered with the reason, if its sender is verified', async () => {
  const { home, olivias, page, row } = await answered(
    ({ slug }) => ({ from: `eve.${slug}@rival.example` }),
    'Buy my list',
  );
  await send(olivias, `${page}/refuse`, { reason: ' ' })
    .expect(422)
    .expect(/Fill this in/);
  await send(olivias, `${page}/refuse`, { reason: 'We do not buy lists.' }).expect(303);
  const answer = await portal.post.to(`eve.${home.slug}@rival.example`, ({ subject }) =>
    /not taken/.test(subject ?? ''),
  );
  assert.match(answer.text ?? '', /We do not buy lists\./);
  assert.equal((await deliveries(home)).find(({ id }) => id === row.id)?.state, 'refused');
});

test('a message is filed with a partner, and found on their page', async () => {
  const { home, olivias, page } = await answered({ from: 'eve@rival.example' });
  await send(olivias, `${page}/assign`, { partner: 'Maple Street Clinic' }).expect(303);
  const shown = await olivias.get(`/${home.slug}/partners/${home.partner_id}`).expect(200);
  assert.match(shown.text, /filed a message from eve@rival\.example/);
  assert.ok(shown.text.includes(page));
});

test('replayed, a message held because of its sender is posted once the sender is right', async () => {
  const { home, olivias, page, invoice } = await answered(({ noah }) => ({ from: noah.email }), 'It is me now');
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).update({ email: home.noah.email }),
  );
  await send(olivias, `${page}/replay`, {}).expect(303);
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  await send(olivias, `${page}/replay`, {}).expect(409);
  assert.equal((await comments(home)).length, 1);
  await olivias
    .get(invoice.url)
    .expect(200)
    .expect(/It is me now/);
});

test('old messages are deleted; those that wait, and every decision, stay', async () => {
  const { home, received, row, olivias, page } = await answered({ from: 'eve@rival.example' });
  await portal.reply(received, 'Posted at once');
  const posted = (await decided(home, 2)).at(-1);
  const old = (ids: string[]) =>
    withActor(portal.knex, systemActor(null), (db) =>
      db('inbound_messages')
        .whereIn('id', ids)
        .update({ received_at: db.raw(`now() - interval '91 days'`) }),
    );
  await old([row.message_id, posted?.message_id]);
  await deleteOldMail(portal.knex, 90);
  await olivias.get(`${page}/original`).expect(200);
  const gone = `/${home.slug}/mail-room/${posted?.id}`;
  await olivias.get(`${gone}/original`).expect(404);
  await olivias
    .get(gone)
    .expect(200)
    .expect(/not kept any more/)
    .expect(/Posted at once/);
});

test('an internal comment of partners is hidden from staff, on the document and in the mail room', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { recipients: [home.maya.id, home.noah.id] });
  const maya = partnerActor(home, home.maya);
  await act(portal.knex, maya, invoice.id, 'comment', { text: 'Shall we ask for a discount?', audience: 'internal' });
  const received = await portal.post.to(home.noah.email, 'a discount');
  await portal.reply(received, 'Five percent at least', { subject: 'Re: our secret' });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.audience], ['posted', 'partner']);
  const olivias = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/mail-room/${row.id}`;
  for (const url of [`/${home.slug}/mail-room?show=all`, `/${home.slug}/mail-room?show=all&q=noah`, page])
    assert.doesNotMatch((await olivias.get(url).expect(200)).text, /percent|secret/, url);
  for (const url of [`${page}/original`, `${page}/preview`]) await olivias.get(url).expect(404);
  assert.match((await olivias.get(page)).text, /Internal to the other side/);
});

test('nobody becomes a colleague by a private address, and no reply key is on a page', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await act(portal.knex, { ...home.staff, person_id: home.olivia.id }, invoice.id, 'comment', { text: 'Any news?' });
  await portal.reply(await portal.post.to(home.maya.email), 'Not yet');
  const received = await portal.post.to(home.olivia.email, 'Not yet');
  await portal.reply(received, 'It is me, Olivia', { from: 'tom.private@rival.example' });
  const row = (await decided(home, 2)).find(({ state }) => state === 'held');
  const toms = await portal.signIn(home.tom.email);
  const shown = await toms.get(`/${home.slug}/mail-room/${row?.id}`).expect(200);
  assert.doesNotMatch(shown.text, /reply\+[0-9a-f]|another address of/);
  await send(toms, `/${home.slug}/mail-room/${row?.id}/address`, {}).expect(409);
});

test('no answer goes to a mailbox of another domain than the verified sender’s', async () => {
  const home = await harbor(portal);
  await portal.mailIn({
    from: `x.${home.slug}@rival.example`,
    mail_from: 'victim@aurora.example',
    to: general(home),
    subject: 'Hi',
    text: 'Hi',
  });
  await decided(home);
  await portal.idle();
  assert.deepEqual(lettersTo('victim@aurora.example'), []);
});
