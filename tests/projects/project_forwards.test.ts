import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { projectSite, type ProjectSite } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

let sent = 0;

async function forward(site: ProjectSite, more: object, from = site.maya.email) {
  const id = `<forward-${++sent}@maple.example>`;
  await portal.mailIn({
    from,
    to: await site.addressOf(),
    subject: 'Fwd: Keys',
    text: 'See below.',
    ...{ message_id: id, ...more },
  });
  await portal.idle();
  return portal.look(site.organization_id, (db) =>
    db('inbound_deliveries').orderBy('id', 'desc').first('state', 'code', 'reason'),
  );
}

const kept = (site: ProjectSite) =>
  portal.look(site.organization_id, async (db) => ({
    files: await db('project_files').whereNull('replaced_at').orderBy('id').pluck('name'),
    said: await db('comments').orderBy('id').pluck('body'),
    audiences: await db('project_files').distinct('audience').pluck('audience'),
  }));

test('an email forwarded as an attachment, ten files, one of no bytes and a winmail.dat: all of it is kept', async () => {
  const site = await projectSite(portal);
  const original = [
    'From: Landlord <l@house.example>',
    'Subject: Keys',
    'Date: Mon, 30 Nov 2026 09:00:00 +0000',
    '',
    'At the desk.',
  ];
  const eml = { filename: 'Keys.eml', content: original.join('\r\n'), contentType: 'message/rfc822' };
  assert.equal((await forward(site, { attachments: [eml], text: '' }))?.state, 'posted');
  const ten = Array.from({ length: 10 }, (_, n) => ({ filename: `plan-${n}.txt`, content: `Plan ${n}` }));
  assert.equal((await forward(site, { attachments: ten }))?.state, 'posted');
  assert.equal((await forward(site, { attachments: [{ filename: 'empty.txt', content: '' }] }))?.state, 'posted');
  const tnef = {
    filename: 'winmail.dat',
    content: Buffer.from('789f3e22000000', 'hex'),
    contentType: 'application/ms-tnef',
  };
  assert.equal((await forward(site, { attachments: [tnef], text: 'From Outlook' }))?.state, 'posted');
  const { files, said, audiences } = await kept(site);
  assert.ok(files.includes('Keys.eml'), files.join());
  for (const { filename } of ten) assert.ok(files.includes(filename), filename);
  assert.deepEqual(audiences, ['partner']);
  assert.equal(said.length, 4);
  const maya = await portal.signIn(site.maya.email);
  assert.match(textOf((await maya.get(`${site.url}/comments`).expect(200)).text), /From Outlook/);
  const olivia = await portal.signIn(site.olivia.email);
  for (const page of ['/comments', '/details', '/details?folder=By+email'])
    assert.doesNotMatch((await olivia.get(`${site.url}${page}`).expect(200)).text, /From Outlook|plan-\d|Keys\.eml/);
});

test('machines are not listened to, and an answer that came from the project itself goes round no more than once', async () => {
  const site = await projectSite(portal);
  const away = await forward(site, {
    subject: 'Out of office: Re: Keys',
    headers: { 'Auto-Submitted': 'auto-replied' },
  });
  assert.deepEqual([away?.state, away?.code], ['ignored', 'automatic']);
  const word = await forward(site, { subject: 'Automatische Antwort: Schlüssel' });
  assert.equal(word?.state, 'ignored');
  const own = await forward(site, { message_id: `<${'0'.repeat(32)}@${portal.config.mail_domain}>` });
  assert.equal(own?.code, 'own');
  assert.deepEqual((await kept(site)).said, []);
});
