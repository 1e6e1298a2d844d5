import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../../src/act.js';
import { post, press, refused, textOf } from '../../support/forms.js';
import { harbor, sentInvoice } from '../../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../../support/portal.js';
import { unzipped } from '../../support/unzipped.js';
import { xaviera } from '../../support/xaviera.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Makes the code that was typed in any session an old one. */
const forgetCodes = () =>
  portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });

async function archiveOf(agent: Browser, page: string) {
  await press(agent, `${page}/download`).expect(303, /./).expect('Location', `${page}/archive`);
  const { body } = await agent
    .get(`${page}/archive`)
    .responseType('blob')
    .expect(200)
    .expect('Content-Type', 'application/zip');
  const files = unzipped(body as Buffer);
  const data = JSON.parse(String(files.get('data.json'))) as Record<string, Record<string, unknown>[]>;
  return { files, data, json: String(files.get('data.json')) };
}

test('she downloads what she wrote and did, with her files; nothing of what others wrote', async () => {
  const { home, hers, name, address, former, invoice } = await xaviera(portal);
  const page = `/${home.slug}/settings/data`;
  assert.match(textOf((await hers.get(page).expect(200)).text), /Messages 3 Files 1/);
  await hers.get(`${page}/archive`).expect(303).expect('Location', page);
  const { files, data, json } = await archiveOf(hers, page);
  assert.match(String(files.get('README.txt')), /what Harbor & Pine keeps about you/);
  assert.deepEqual(
    data['messages']?.map(({ text }) => String(text).slice(0, 7)),
    ['By Xavi', 'Thanks!', 'From Xa'],
  );
  assert.deepEqual(data['messages']?.[0]?.['about'], {
    kind: 'invoice',
    number: invoice.number,
    title: 'Reception fit-out',
  });
  assert.equal(data['profile']?.[0]?.['email'], address);
  assert.equal(data['former_addresses']?.[0]?.['email'], former);
  assert.equal(data['payments']?.[0]?.['amount'], '108.00');
  assert.match(String(data['signatures']?.[0]?.['signed_at']), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal(data['passkeys']?.length, 1);
  const [file] = data['files'] ?? [];
  assert.equal(String(files.get(String(file?.['path']))), 'a plan');
  assert.ok(files.get('files/photo.webp')?.length);
  for (const others of ['I asked', 'Dear ', 'Ask Xav', 'Ines', 'hash', 'About ' + name, home.olivia.email])
    assert.ok(!json.includes(others), others);
  // The same by an admin, without what belongs to her user everywhere.
  const olivia = await portal.signInByCode(home.olivia.email);
  const id = await portal.look(home.organization_id, (db) => db('people').where({ email: address }).first('id'));
  const theirs = await archiveOf(olivia, `/${home.slug}/people/${id.id}/data`);
  assert.equal(theirs.data['devices'], undefined);
  assert.equal(theirs.data['messages']?.length, 3);
  const partner = textOf((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text);
  assert.match(partner, /Olivia Grant downloaded the data of Xaviera/);
  await forgetCodes();
  await press(hers, `${page}/download`).expect(403);
  await hers.get(`${page}/archive`).expect(303, /verify/);
});

test('a thousand messages and a draft of the other side: all of hers, and the draft’s title not', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Ours' });
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into comments (organization_id, id, subject_id, activity_id, person_id, audience, body, created_at)
      select organization_id, gen_random_uuid(), subject_id, activity_id, ?, 'shared', 'Nr. ' || n, now()
      from comments cross join generate_series(1, 1200) n where organization_id = ?`,
      [home.maya.id, home.organization_id],
    ),
  );
  const maya = await portal.signInByCode(home.maya.email);
  const { data } = await archiveOf(maya, `/${home.slug}/settings/data`);
  assert.equal(new Set(data['messages']?.map(({ text }) => text)).size, 1200);
  assert.match(textOf((await maya.get(`/${home.slug}/settings/data`)).text), /Messages more than 100/);
});

test('a file that can’t be read ends the download, and what is sent is no archive', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const maya = await portal.signInByCode(home.maya.email);
  await post(maya, `${invoice.url}/comment`, { text: 'See the plan' });
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into files (organization_id, id, subject_id, comment_id, sha256, name, content_type, size)
      select organization_id, gen_random_uuid(), subject_id, id, '', 'plan.txt', 'text/plain', 1
      from comments where organization_id = ?`,
      [home.organization_id],
    ),
  );
  const page = `/${home.slug}/settings/data`;
  await press(maya, `${page}/download`).expect(303);
  await assert.rejects(maya.get(`${page}/archive`), /aborted|hang up|ECONNRESET/);
});

test('who asks to be erased reaches owners and admins once a day; a former contact is found by their address', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const page = `/${home.slug}/settings/data`;
  await post(maya, `${page}/ask`);
  await post(maya, `${page}/ask`);
  const told = await portal.post.to(home.olivia.email, 'Maya Chen asks to have their data erased');
  assert.match(told.text ?? '', new RegExp(`/people/${home.maya.id}/data`));
  await portal.idle();
  assert.equal(
    portal.post.emails.filter(
      ({ recipient, subject }) => recipient === home.olivia.email && subject?.includes('data erased'),
    ).length,
    1,
  );
  const olivia = await portal.signIn(home.olivia.email);
  await refused(olivia, `${page}/ask`, 404);
  const privacy = `/${home.slug}/settings/organization/privacy`;
  assert.match(textOf((await olivia.get(privacy).expect(200)).text), /Asked to be erased .*Maya Chen/);
  await post(olivia, `/${home.slug}/partners/${home.partner_id}/contacts/${home.noah.id}/remove`);
  const found = await olivia.get(`${privacy}?email=${encodeURIComponent(home.noah.email.toUpperCase())}`).expect(200);
  assert.ok(found.text.includes(`/people/${home.noah.id}/data`));
  assert.match(textOf((await olivia.get(`${privacy}?email=nobody@x.example`)).text), /Nobody here has or had/);
  await olivia.get(`/${home.slug}/people/${home.noah.id}/data`).expect(200);
});
