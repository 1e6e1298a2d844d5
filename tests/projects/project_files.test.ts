import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { act } from '../../src/act.js';
import { errorsIn, post, textOf } from '../support/forms.js';
import { harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { photo, projectFileOn, projectSite, sendFiles } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal({ MAX_FILE_MB: '1' })));
after(() => portal.close());

test('staff keep a file to themselves, then share it; its earlier version stays theirs', async () => {
  const site = await projectSite(portal);
  const details = `${site.url}/details`;
  const olivia = await portal.signIn(site.olivia.email);
  const maya = await portal.signIn(site.maya.email);
  await act(portal.knex, site.staff, site.id, 'add_person', { person: site.maya.id });
  const added = { 'plan.txt': 'Two doors' };
  await sendFiles(olivia, `${site.url}/add_file`, added, { folder: 'Drawings', audience: 'own' })
    .expect(303)
    .expect('Location', `${details}?folder=Drawings&done=saved`);
  const folder = `${details}?folder=Drawings`;
  const own = await projectFileOn(olivia, folder, 'plan.txt');
  assert.match(textOf(own.text), /plan\.txt Only Harbor & Pine/);
  for (const path of [own.download, own.details]) await maya.get(path).expect(404);
  assert.doesNotMatch((await maya.get(folder).expect(200)).text, /plan\.txt|Drawings<|aria-label="Folders"/);
  await sendFiles(olivia, `${site.url}/replace_file`, { 'plan.txt': 'Three doors' }, { file: own.file }).expect(303);
  await post(olivia, `${site.url}/share_file`, { file: own.file });
  const told = await portal.post.to(site.maya.email, 'Olivia Grant shared plan.txt');
  assert.match(told.subject ?? '', /MAPLE/);
  const hers = await projectFileOn(maya, folder, 'plan.txt');
  assert.equal((await maya.get(hers.download).expect(200)).text, 'Three doors');
  await maya.get(own.download).expect(404);
  const versions = textOf((await maya.get(hers.details).expect(200)).text);
  assert.match(versions, /Version 2/);
  assert.doesNotMatch(versions, /Version 1 |Share with|New version/);
  const again = await olivia.post(`${site.url}/share_file`).type('form').send({ file: own.file }).expect(422);
  assert.deepEqual(errorsIn(again.text), ['This file is shared already.']);
  // A new version of a shared file is shared.
  await sendFiles(olivia, `${site.url}/add_file`, { 'plan.txt': 'Four doors' }, { folder: 'Drawings' }).expect(303);
  const fourth = await projectFileOn(maya, folder, 'plan.txt');
  assert.equal((await maya.get(fourth.download).expect(200)).text, 'Four doors');
});

test('the customer adds files, which staff are told of, may move, but not replace or remove', async () => {
  const site = await projectSite(portal);
  const details = `${site.url}/details`;
  const olivia = await portal.signIn(site.olivia.email);
  const maya = await portal.signIn(site.maya.email);
  await sendFiles(maya, `${site.url}/add_file`, { 'permit.txt': 'Granted' }).expect(303);
  const told = await portal.post.to(site.olivia.email, 'Maya Chen added permit.txt');
  assert.match(told.text ?? '', /- permit\.txt \(7 byte\)/);
  const { download, details: page, file } = await projectFileOn(olivia, details, 'permit.txt');
  assert.equal((await olivia.get(download).expect(200)).text, 'Granted');
  assert.doesNotMatch((await olivia.get(page).expect(200)).text, /\/replace_file"|\/remove_file"|\/share_file"/);
  await sendFiles(olivia, `${site.url}/replace_file`, { 'permit.txt': 'Forged' }, { file }).expect(403);
  await olivia.post(`${site.url}/remove_file`).type('form').send({ file }).expect(403);
  await post(olivia, `${site.url}/move_file`, { file, folder: 'Permits' });
  assert.match(textOf((await maya.get(details)).text), /All (?:No folder )?Permits/);
  await post(maya, `${site.url}/remove_file`, { file });
  await portal.post.to(site.olivia.email, 'Maya Chen removed permit.txt');
  for (const path of [download, page]) await olivia.get(path).expect(404);
  const late = await sendFiles(maya, `${site.url}/replace_file`, { 'permit.txt': 'New' }, { file }).expect(409);
  assert.match(textOf(late.text), /This file is no longer here\./);
  const kept = await portal.look(site.organization_id, (db) => db('project_files').whereNotNull('removed_at'));
  assert.equal(kept.length, 1);
});

test('nobody else reaches a file: another customer, vendors, a guest, by another link, without details or module', async () => {
  const site = await projectSite(portal);
  const invoice = await sentInvoice(portal, site);
  const received = await portal.post.to(site.maya.email, invoice.number);
  const ines = { name: 'Ines Roth', email: `ines@${site.slug}.example` };
  await act(portal.knex, partnerActor(site, site.maya), invoice.id, 'forward', ines);
  const other = await harbor(portal);
  const olivia = await portal.signIn(site.olivia.email);
  const details = `${site.url}/details`;
  const blue = await photo('#224466');
  await sendFiles(olivia, `${site.url}/add_file`, { 'wall.jpg': blue }, { audience: 'both' }).expect(303);
  await portal.idle();
  const { text, download, details: page, file } = await projectFileOn(olivia, details, 'wall.jpg');
  const [, picture = ''] = /src="(\/[^"]+\/pictures\/[^"]+)"/.exec(text) ?? [];
  const all = [details, page, download, picture];
  const maya = await portal.signIn(site.maya.email);
  for (const path of all) await maya.get(path).expect(200);
  const rivals = [site.erik.email, ines.email, other.olivia.email];
  for (const stranger of await Promise.all(rivals.map((email) => portal.signIn(email)))) {
    for (const path of all) await stranger.get(path).expect(404);
    await sendFiles(stranger, `${site.url}/add_file`, { 'x.txt': 'x' }).expect(404);
    await stranger.post(`${site.url}/remove_file`).type('form').send({ file }).expect(404);
  }
  const linked = await portal.open(received);
  for (const path of [page, download, picture]) assert.notEqual((await linked.get(path)).status, 200, path);
  await portal.browser().get(download).expect(303);
  const hide = (shown: string[]) =>
    portal.look(site.organization_id, (db) => db('projects').where({ id: site.id }).update({ shown }));
  await hide(['tasks', 'comments']);
  for (const path of all) await maya.get(path).expect(404);
  await sendFiles(maya, `${site.url}/add_file`, { 'x.txt': 'x' }).expect(404);
  await hide(['tasks', 'comments', 'details']);
  await maya.get(download).expect(200);
  await portal.look(site.organization_id, (db) =>
    db('people')
      .where({ id: site.maya.id })
      .update({ modules: ['invoices'] }),
  );
  const without = await portal.signIn(site.maya.email);
  for (const path of all) await without.get(path).expect(404);
});

test('pictures are a gallery of small copies without what the camera wrote; what is none stays a row', async () => {
  const site = await projectSite(portal);
  const olivia = await portal.signIn(site.olivia.email);
  const red = await photo('#aa2211', 1600, 1200);
  const broken = Buffer.concat([red.subarray(0, 300), Buffer.from('no more')]);
  await sendFiles(olivia, `${site.url}/add_file`, { 'red.jpg': red, 'broken.jpg': broken, 'a.txt': 'a' }).expect(303);
  await portal.idle();
  const { text } = await projectFileOn(olivia, `${site.url}/details`, 'red.jpg');
  assert.equal(text.match(/<img/g)?.length, 1);
  const [, src = ''] = /src="(\/[^"]+\/pictures\/[^"]+)" width="640" height="480"\s+alt="red\.jpg"/.exec(text) ?? [];
  const { body, headers } = await olivia.get(src).expect(200).expect('Content-Type', /webp/);
  assert.match(String(headers['cache-control']), /immutable/);
  const small = await sharp(body as Buffer).metadata();
  assert.deepEqual([small.width, small.height, small.exif], [640, 480, undefined]);
  assert.match(textOf(text), /broken\.jpg .*a\.txt|a\.txt .*broken\.jpg/);
});

test('what can’t be added is refused beside its field, and shown again', async () => {
  const site = await projectSite(portal);
  const maya = await portal.signIn(site.maya.email);
  const refusal = async (files: Record<string, string | Buffer>, status = 422, fields = {}) =>
    errorsIn((await sendFiles(maya, `${site.url}/add_file`, files, fields).expect(status)).text);
  assert.deepEqual(await refusal({}), ['Choose a file.']);
  assert.deepEqual(await refusal({ 'nothing.txt': '' }), ['“nothing.txt” is empty.']);
  assert.deepEqual(await refusal({ 'plan.pdf': 'MZ program' }), ['“plan.pdf” is not what its name says.']);
  const film = Buffer.alloc(2 * 2 ** 20, 'a');
  assert.deepEqual(await refusal({ 'film.txt': film }, 413), ['“film.txt” is larger than 1 MB.']);
  const long = await sendFiles(maya, `${site.url}/add_file`, { 'a.txt': 'a' }, { folder: 'n'.repeat(201) }).expect(422);
  assert.deepEqual(errorsIn(long.text), ['Use at most 200 characters.']);
  assert.match(long.text, new RegExp(`value="${'n'.repeat(201)}"`));
  // So much isn't read at all.
  const announced = await maya
    .post(`${site.url}/add_file`)
    .set({ 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(2 * 2 ** 30) })
    .send('--x--\r\n')
    .expect(413);
  assert.match(textOf(announced.text), /The files are larger than 4 MB together\./);
});

test('a form that comes twice is done once; the same file again is refused, also at the same time', async () => {
  const site = await projectSite(portal);
  const maya = await portal.signIn(site.maya.email);
  const again = () => sendFiles(maya, `${site.url}/add_file`, { 'b.txt': 'b' }, { form_token: 'one-and-the-same' });
  await again().expect(303);
  await again().expect(303);
  const same = await sendFiles(maya, `${site.url}/add_file`, { 'b.txt': 'b' }).expect(422);
  assert.deepEqual(errorsIn(same.text), ['“b.txt” is there already.']);
  const twice = await Promise.all(['c', 'c'].map((c) => sendFiles(maya, `${site.url}/add_file`, { 'c.txt': c })));
  assert.deepEqual(
    twice.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
  );
  const rows = await portal.look(site.organization_id, (db) => db('project_files').orderBy('id').pluck('name'));
  assert.deepEqual(rows, ['b.txt', 'c.txt']);
});

test('who may only read adds nothing, and sees no form', async () => {
  const site = await projectSite(portal);
  await portal.look(site.organization_id, (db) =>
    db('people').whereIn('id', [site.noah.id, site.tom.id]).update({ role: 'viewer' }),
  );
  for (const { email } of [site.noah, site.tom]) {
    const viewer = await portal.signIn(email);
    assert.doesNotMatch((await viewer.get(`${site.url}/details`).expect(200)).text, /\/add_file"|\/renew_address"/);
    await sendFiles(viewer, `${site.url}/add_file`, { 'x.txt': 'x' }).expect(403);
  }
});

test('a folder with many files has pages', async () => {
  const site = await projectSite(portal);
  const files = (from: number) =>
    Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        portal.services.storage.put(Buffer.from(`${from + n}`), `Note ${from + n}.txt`, ''),
      ),
    );
  for (const from of [1, 41])
    await act(portal.knex, site.staff, site.id, 'add_file', { files: await files(from), audience: 'both' });
  const maya = await portal.signIn(site.maya.email);
  const { text } = await maya.get(`${site.url}/details`).expect(200);
  assert.match(text, /Note 80\.txt<[\s\S]*Note 21\.txt</);
  assert.doesNotMatch(text, /Note 20\.txt</);
  const [, next = ''] = /href="([^"]+before=[^"#]+)/.exec(text) ?? [];
  assert.match((await maya.get(next.replaceAll('&amp;', '&')).expect(200)).text, /Note 20\.txt</);
});
