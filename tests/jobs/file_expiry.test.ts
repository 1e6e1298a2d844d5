import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { remindOfExpiry } from '../../src/jobs/file_expiry.js';
import { findOrphans } from '../../src/files/orphans.js';
import { errorsIn, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { timber } from '../support/timber.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF');
const noonBefore = (day: string, days: number) => new Date(Date.parse(`${day}T12:00:00Z`) - days * 86_400_000);

test('a document is uploaded, replaced and kept; before it expires both sides are reminded, each time once', async () => {
  const { home, vendor, erik, at_home, at_desk } = await timber(portal);
  const [eriks, olivia] = [await portal.signIn(erik), await portal.signIn(home.olivia.email)];
  const upload = (name: string, fields: Record<string, string>, bytes = PDF) => {
    const form = eriks.post(`${at_home}/files`).field({ kind: 'insurance', note: '', ...fields });
    return form.attach('files', bytes, { filename: name, contentType: 'application/pdf' });
  };
  const refused = await upload('insurance.pdf', { valid_until: '2027-02-30' }, Buffer.from('MZ no pdf')).expect(422);
  assert.deepEqual(errorsIn(refused.text), ['Enter a date.']);
  await upload('insurance.pdf', {}, Buffer.from('MZ no pdf')).expect(422);
  await upload('insurance.pdf', { valid_until: '2027-03-31' }).expect(303);
  await portal.post.to(home.olivia.email, 'Certificate of insurance: – → insurance.pdf');
  const file = await portal.look(home.organization_id, (db) =>
    db('partner_files').where({ partner_id: vendor }).first(),
  );
  await upload('insurance-2.pdf', { valid_until: '2027-05-31', replaces: file.id }).expect(303);
  await upload('insurance-3.pdf', { replaces: file.id }).expect(404);
  const page = (await olivia.get(at_desk).expect(200)).text;
  assert.match(textOf(page), /insurance-2\.pdf.*Earlier versions.*insurance\.pdf/);
  const [, link = ''] = /href="([^"]+insurance-2\.pdf)"/.exec(page) ?? [];
  await olivia.get(link).expect(200).expect('Content-Type', 'application/pdf');
  const maya = await portal.signIn(home.maya.email);
  await maya.get(link).expect(404);
  const old = Date.now() + 2 * 86_400_000;
  assert.deepEqual(await findOrphans(portal.knex, portal.services.storage, old), []);

  const reminders = () =>
    portal.post.emails.filter(({ subject }) =>
      subject?.includes('Certificate of insurance of Northern Timber expires'),
    );
  const on = async (days: number) => {
    const now = noonBefore('2027-05-31', days);
    await Promise.all([remindOfExpiry(portal.knex, now), remindOfExpiry(portal.knex, now)]);
    await portal.idle();
    return reminders().length;
  };
  assert.equal(await on(31), 0);
  assert.equal(await on(30), 2);
  assert.deepEqual(new Set(reminders().map(({ recipient }) => recipient)), new Set([erik, home.olivia.email]));
  assert.deepEqual([await on(29), await on(7), await on(3), await on(0), await on(-1)], [2, 4, 4, 6, 6]);
});
