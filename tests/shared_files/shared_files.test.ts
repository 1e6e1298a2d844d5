import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { errorsIn, post, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal({ MAX_FILE_MB: '1' })));
after(() => portal.close());

const folderOf = ({ slug }: Harbor, id: string) => `/${slug}/shared-files/${id}`;

/** Sends the form that shares files, or a new version of one. */
function send(
  agent: Browser,
  path: string,
  files: Record<string, string | Buffer>,
  fields: Record<string, string> = {},
) {
  const sending = agent.post(path).field(fields);
  for (const [name, bytes] of Object.entries(files)) void sending.attach('files', Buffer.from(bytes), name);
  return sending;
}

const share = (agent: Browser, folder: string, files: Record<string, string | Buffer>) =>
  send(agent, `${folder}/share`, files);

/** The addresses of a file's download and of its page, as a page shows them. */
async function addressesOf(agent: Browser, page: string, name: string) {
  const { text } = await agent.get(page).expect(200);
  const [, download = ''] = new RegExp(`href="(/[^"]+/files/[^"]+/${encodeURIComponent(name)})"`).exec(text) ?? [];
  const [, details = ''] = new RegExp(`href="([^"]+)"\\s+aria-label="${name}, Version`).exec(text) ?? [];
  return { download, details, file: details.split('/').at(-1) ?? '' };
}

test('Maya shares two files; staff who know her are told, open them by the link, and answer by email', async () => {
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  const folder = folderOf(home, home.partner_id);
  const maya = await portal.signIn(home.maya.email);
  const first = textOf((await maya.get(`/${home.slug}`).expect(200)).text);
  assert.match(first, /Shared files All files Price lists, certificates, contracts/);
  assert.match(first, /Harbor & Pine will get an email\. Up to 1 MB each\./);
  await maya.get(`/${home.slug}/shared-files`).expect(303).expect('Location', folder);
  await share(maya, folder, { 'floor plan.txt': 'Two doors', 'tax-exemption.txt': 'Exempt' }).expect(303);
  const told = await portal.post.to(home.olivia.email, 'Maya Chen shared floor plan.txt, tax-exemption.txt');
  assert.equal(told.subject, '[Harbor & Pine] Shared folder · Maple Street Clinic');
  assert.match(told.text ?? '', /Maple Street Clinic/);
  assert.match(told.text ?? '', /- floor plan\.txt \(9 byte\)/);
  const olivia = await portal.open(told);
  const page = textOf((await olivia.get(folder).expect(200)).text);
  assert.match(page, /floor plan\.txt Maya Chen, .* 9 byte Version 1/);
  const { download } = await addressesOf(olivia, folder, 'floor plan.txt');
  assert.equal((await olivia.get(download).expect(200)).text, 'Two doors');
  await portal.reply(told, 'Thank you, that is all we need.');
  const answer = await portal.post.to(home.maya.email, 'that is all we need');
  assert.match(answer.text ?? '', /Olivia Grant wrote about shared files/);
  assert.match(textOf((await maya.get(folder)).text), /Olivia Grant .*that is all we need/);
  assert.match(textOf((await maya.get(`/${home.slug}`)).text), /floor plan\.txt You, .* Version 1/);
});

test('Olivia shares on the partner’s page; its contacts are told; a new version takes the first one’s place', async () => {
  const home = await harbor(portal);
  const folder = folderOf(home, home.partner_id);
  const olivia = await portal.signIn(home.olivia.email);
  const partner = `/${home.slug}/partners/${home.partner_id}`;
  assert.match((await olivia.get(partner).expect(200)).text, new RegExp(`action="${folder}/share"`));
  await share(olivia, folder, { 'prices.txt': 'Desk 100' }).expect(303);
  await portal.post.to(home.noah.email, 'Olivia Grant shared prices.txt');
  const told = await portal.post.to(home.maya.email, 'Olivia Grant shared prices.txt');
  const maya = await portal.open(told);
  const { details, file } = await addressesOf(maya, folder, 'prices.txt');
  // What staff have shared, they alone change.
  assert.doesNotMatch((await maya.get(details).expect(200)).text, /\/replace"|\/remove"/);
  await send(maya, `${folder}/replace`, { 'prices.txt': 'Desk 1' }, { file }).expect(403);
  await maya.post(`${folder}/remove`).type('form').send({ file }).expect(403);
  const same = await send(olivia, `${folder}/replace`, { 'prices.txt': 'Desk 100' }, { file }).expect(422);
  assert.deepEqual(errorsIn(same.text), ['“prices.txt” is the same as before.']);
  await send(olivia, `${folder}/replace`, { 'prices 2027.txt': 'Desk 110' }, { file }).expect(303);
  await portal.post.to(home.maya.email, 'Olivia Grant shared a new version of prices 2027.txt');
  // One with the name of her own file is its next version, too.
  await share(olivia, folder, { 'prices 2027.txt': 'Desk 120' }).expect(303);
  const list = textOf((await maya.get(folder)).text);
  assert.match(list, /prices 2027\.txt .* Version 3/);
  assert.equal(list.match(/Version \d/g)?.length, 1);
  const versions = textOf((await maya.get(details).expect(200)).text);
  assert.match(versions, /Version 3 .*Version 2 .*Version 1 prices\.txt/);
});

test('what was removed is gone for the other side, with all its versions, and stays in the record', async () => {
  const home = await harbor(portal);
  const folder = folderOf(home, home.partner_id);
  const maya = await portal.signIn(home.maya.email);
  const olivia = await portal.signIn(home.olivia.email);
  await share(maya, folder, { 'salaries.txt': 'Secret' }).expect(303);
  const { download, details, file } = await addressesOf(olivia, folder, 'salaries.txt');
  await olivia.get(download).expect(200);
  await post(maya, `${folder}/remove`, { file });
  await portal.post.to(home.olivia.email, 'Maya Chen removed salaries.txt');
  await olivia.get(download).expect(404);
  await olivia.get(details).expect(404);
  const page = textOf((await olivia.get(folder).expect(200)).text);
  assert.match(page, /Price lists, certificates.*What happened.*Maya Chen removed salaries\.txt/);
  const late = await send(maya, `${folder}/replace`, { 'salaries.txt': 'Other' }, { file }).expect(409);
  assert.match(textOf(late.text), /This file is no longer shared\./);
  const kept = await portal.look(home.organization_id, (db) => db('shared_files').whereNotNull('removed_at'));
  assert.equal(kept.length, 1);
});

test('nobody else finds it: another customer, a vendor, a guest, who came by another link, who may not use files', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email, invoice.number);
  const { vendor } = await addVendor(portal, home, `erik@${home.slug}.example`);
  const ines = { name: 'Ines Roth', email: `ines@${home.slug}.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ines);
  const other = await harbor(portal);
  const [folder, theirs] = [folderOf(home, home.partner_id), folderOf(home, vendor)];
  const maya = await portal.signIn(home.maya.email);
  const erik = await portal.signIn(`erik@${home.slug}.example`);
  await share(maya, folder, { 'plan.txt': 'Plan' }).expect(303);
  await share(erik, theirs, { 'certificate.txt': 'ISO' }).expect(303);
  const { download, details, file } = await addressesOf(maya, folder, 'plan.txt');
  const linked = await portal.open(received);
  await linked.get(folder).expect(303);
  await share(linked, folder, { 'x.txt': 'x' }).expect(404);
  await linked.get(download).expect(404);
  const strangers = [erik, await portal.signIn(ines.email), await portal.signIn(other.olivia.email)];
  for (const stranger of strangers) {
    for (const path of [folder, details, download]) await stranger.get(path).expect(404);
    await share(stranger, folder, { 'x.txt': 'x' }).expect(404);
    await stranger.post(`${folder}/remove`).type('form').send({ file }).expect(404);
  }
  for (const path of [theirs, (await addressesOf(erik, theirs, 'certificate.txt')).download])
    await maya.get(path).expect(404);
  // Another's file can't be named in one's own folder.
  await erik.post(`${theirs}/remove`).type('form').send({ file }).expect(409);
  await act(portal.knex, home.staff, home.partner_id, 'comment', { text: 'We got it.' });
  const told = await portal.post.to(home.maya.email, 'We got it.');
  await portal.look(home.organization_id, (db) =>
    db('people')
      .where({ id: home.maya.id })
      .update({ modules: ['invoices'] }),
  );
  // Neither what she takes part in nor an old link or reply address leads back.
  const before = await portal.signIn(home.maya.email);
  await before.get(folder).expect(404);
  await before.get(download).expect(404);
  await before.get(`/${home.slug}/shared-files`).expect(403);
  assert.doesNotMatch(textOf((await before.get(`/${home.slug}`).expect(200)).text), /Shared files/);
  await (await portal.open(told)).get(download).expect(404);
  await portal.reply(told, 'Still here?');
  await portal.idle();
  const said = await portal.look(home.organization_id, (db) =>
    db('comments').where({ subject_id: home.partner_id }).pluck('body'),
  );
  assert.deepEqual(said, ['We got it.']);
  await act(portal.knex, home.staff, home.partner_id, 'comment', { text: 'Between us.' });
  await portal.idle();
  const mails = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id, subject_id: home.partner_id }).count('* as sent').first(),
  );
  assert.equal(Number(mails?.['sent']), 1, 'nor is she told of what is said since');
});

test('what is said before anything was shared reaches the other side, too', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const folder = folderOf(home, home.partner_id);
  await post(maya, `${folder}/comment`, { text: 'Please share the price list.', audience: 'shared' });
  const asked = await portal.post.to(home.olivia.email, 'Please share the price list.');
  await portal.reply(asked, 'Here it comes.');
  await portal.post.to(home.maya.email, 'Here it comes.');
});

test('who may only read shares nothing, and sees no form', async () => {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) =>
    db('people').whereIn('id', [home.noah.id, home.tom.id]).update({ role: 'viewer' }),
  );
  const folder = folderOf(home, home.partner_id);
  for (const { email } of [home.noah, home.tom]) {
    const viewer = await portal.signIn(email);
    assert.doesNotMatch((await viewer.get(folder).expect(200)).text, /\/share"/);
    await share(viewer, folder, { 'x.txt': 'x' }).expect(403);
    await post(viewer, `${folder}/comment`, { text: 'May I see the plan?', audience: 'shared' });
  }
});

test('what can’t be shared is refused beside the field: empty, too large, misnamed, none, the same twice', async () => {
  const home = await harbor(portal);
  const folder = folderOf(home, home.partner_id);
  const maya = await portal.signIn(home.maya.email);
  const refusal = async (files: Record<string, string | Buffer>, status = 422) =>
    errorsIn((await share(maya, folder, files).expect(status)).text);
  assert.deepEqual(await refusal({ 'nothing.txt': '' }), ['“nothing.txt” is empty.']);
  assert.deepEqual(await refusal({ 'film.txt': Buffer.alloc(2 * 2 ** 20, 'a') }, 413), [
    '“film.txt” is larger than 1 MB.',
  ]);
  assert.deepEqual(await refusal({ 'plan.pdf': 'MZ program' }), ['“plan.pdf” is not what its name says.']);
  assert.deepEqual(errorsIn((await maya.post(`${folder}/share`).field({ seen: '' }).expect(422)).text), [
    'Choose a file.',
  ]);
  await share(maya, folder, { [`${'n'.repeat(300)}.txt`]: 'long' }).expect(303);
  const twice = await Promise.all([share(maya, folder, { 'a.txt': 'a' }), share(maya, folder, { 'a.txt': 'a' })]);
  assert.deepEqual(
    twice.map(({ status }) => status).toSorted((one, other) => one - other),
    [303, 422],
  );
  assert.deepEqual(await refusal({ 'a.txt': 'a' }), ['“a.txt” is shared already.']);
  // A form that arrives twice is done once.
  const again = () => send(maya, `${folder}/share`, { 'b.txt': 'b' }, { form_token: 'one-and-the-same' });
  await again().expect(303);
  await again().expect(303);
  const rows = await portal.look(home.organization_id, (db) =>
    db('shared_files').orderBy('id').select('name', 'version'),
  );
  assert.deepEqual(
    rows.map(({ name, version }) => [String(name).length, version]),
    [[200, 1], ...Array<[number, number]>(2).fill([5, 1])],
  );
});

test('a long list has pages, and is searched by name', async () => {
  const home = await harbor(portal);
  const folder = folderOf(home, home.partner_id);
  const files = (from: number) =>
    Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        portal.services.storage.put(Buffer.from(`${from + n}`), `Prüfbericht ${from + n}.txt`, ''),
      ),
    );
  for (const from of [1, 31])
    await act(portal.knex, home.staff, home.partner_id, 'share', { files: await files(from) });
  const maya = await portal.signIn(home.maya.email);
  assert.equal((await maya.get(`/${home.slug}`)).text.match(/Prüfbericht \d+\.txt</g)?.length, 5);
  const { text } = await maya.get(folder).expect(200);
  assert.match(text, /Prüfbericht 60\.txt/);
  assert.doesNotMatch(text, /Prüfbericht 10\.txt</);
  const [, next = ''] = /href="([^"]+before=[^"]+)"/.exec(text) ?? [];
  assert.match((await maya.get(next.replaceAll('&amp;', '&')).expect(200)).text, /Prüfbericht 10\.txt</);
  const found = (await maya.get(`${folder}?q=PRUFBERICHT%201.`).expect(200)).text;
  assert.match(found, /Prüfbericht 1\.txt</);
  assert.doesNotMatch(found, /Prüfbericht 11\.txt</);
  assert.match(textOf((await maya.get(`${folder}?q=nothing`).expect(200)).text), /No file has a name like this\./);
});
