import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { fitOut } from '../support/events.js';
import { post, press, textOf } from '../support/forms.js';
import { addVendor, harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('an archived partner is offered for nothing new; its people see and answer what there is; it can be restored', async () => {
  const home = await harbor(portal);
  const { id: invoice, url } = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const partner = `/${home.slug}/partners/${home.partner_id}`;
  const offered = async () => textOf((await olivia.get(`/${home.slug}/invoices/new`).expect(200)).text);
  assert.match(await offered(), /Maple Street Clinic/);
  assert.match((await olivia.get(`${partner}/edit`).expect(200)).text, /\/archive"/);
  await post(olivia, `${partner}/archive`);
  await post(olivia, `${partner}/archive`);
  assert.doesNotMatch(await offered(), /Maple Street Clinic/);
  const listed = async (query: string) => textOf((await olivia.get(`/${home.slug}/partners${query}`)).text);
  assert.doesNotMatch(await listed(''), /Maple Street Clinic/);
  assert.match(await listed('?kind=archived'), /Maple Street Clinic/);
  const page = (await olivia.get(partner).expect(200)).text;
  assert.match(textOf(page), /Archived. It isn’t offered for new documents/);
  assert.doesNotMatch(page, /invoices\/new\?partner/);

  const refused = { form: /This partner is archived/ };
  await assert.rejects(sentInvoice(portal, home), ({ fields }: { fields: { form: string } }) =>
    refused.form.test(fields.form),
  );
  await assert.rejects(fitOut(portal, home), /This partner is archived/);

  await assert.rejects(act(portal.knex, home.staff, invoice, 'copy', {}), /This partner is archived/);

  const maya = await portal.open(await portal.post.to(home.maya.email));
  await post(maya, `${url}/comment`, { text: 'Still here' });
  assert.match(textOf((await olivia.get(url).expect(200)).text), /Still here/);

  await post(olivia, `${partner}/archive`, { restore: 'yes' });
  assert.match(await listed(''), /Maple Street Clinic/);
  const done: string[] = await portal.look(home.organization_id, (db) =>
    db('activities').where({ partner_id: home.partner_id }).whereLike('action', '%_partner').pluck('action'),
  );
  assert.deepEqual(done.filter((action) => !/add/.test(action)).toSorted(), ['archive_partner', 'restore_partner']);
});

test('an archived vendor keeps its task, and gets no other', async () => {
  const home = await harbor(portal);
  const { id: project } = await fitOut(portal, home);
  const { vendor } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const task = await addTask(portal.knex, home.staff, project, { title: 'Wire the desk', vendor });
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `/${home.slug}/partners/${vendor}/archive`);
  await act(portal.knex, home.staff, task, 'change', { title: 'Wire the desk twice', vendor });
  await assert.rejects(addTask(portal.knex, home.staff, project, { title: 'More', vendor }), /archived/);
});

test('while a new partner is typed, those that it may be are shown: by name, address or tax number', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const similar = async (typed: Record<string, string>) => {
    const { text } = await olivia.get(`/${home.slug}/partners/new`).query(typed).expect(200);
    return textOf(/<div id="matches"[^]*?<\/form>/.exec(text)?.[0] ?? '');
  };
  assert.match(await similar({ name: 'maple str' }), /Is it one of these\? Maple Street Clinic/);
  assert.match(await similar({ name: 'Maple Street Clinic Ltd' }), /Maple Street Clinic/);
  assert.match(await similar({ email: home.maya.email.toUpperCase() }), /Maple Street Clinic/);
  assert.doesNotMatch(await similar({ name: 'ma' }), /Maple/);
  assert.doesNotMatch(await similar({ name: '%' }), /Maple/);
  const rival = await harbor(portal);
  const stranger = await portal.signIn(rival.olivia.email);
  const other = await stranger.get(`/${rival.slug}/partners/new`).query({ email: home.maya.email }).expect(200);
  assert.doesNotMatch(other.text, new RegExp(home.slug + '/partners/[0-9a-f]'));
  await press(stranger, `/${home.slug}/partners/${home.partner_id}/archive`).expect(404);
});
