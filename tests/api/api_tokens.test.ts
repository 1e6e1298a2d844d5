import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { removeMember } from '../../src/people/members/remove_member.js';
import { changeContact, removeContact } from '../../src/people/partner.js';
import { actorOfPerson, program, tokenFor } from '../support/api.js';
import { faultsOf } from '../support/axe.js';
import { errorsIn, post, refused } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const later = () => portal.knex('sessions').update({ proven_at: portal.knex.raw(`now() - interval '16 minutes'`) });

const allowPartners = async (home: Harbor, partner_tokens = true) => {
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `/${home.slug}/settings/organization/security`, partner_tokens ? { partner_tokens: 'on' } : {});
};

const tokenIn = (html: string) => /parley_[\w-]{43}/.exec(html)?.[0] ?? '';

test('Tom makes a token, which is shown once, emailed about, logged, used and revoked', async () => {
  const home = await harbor(portal);
  const tom = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/settings/api-tokens`;
  const fields = { name: 'Ledger sync', days: '90', scope_invoices: 'read' };
  const made = await tom.post(url).type('form').send(fields);
  assert.equal(made.status, 200, errorsIn(made.text).join(' '));
  const token = tokenIn(made.text);
  assert.ok(token);
  await portal.post.to(home.tom.email, 'You made the API token Ledger sync');
  const stored = await portal.look(home.organization_id, (db) => db('api_tokens').first());
  assert.ok(!JSON.stringify(stored).includes(token.slice(7)));
  const list = (await tom.get(url)).text;
  assert.match(list, /Ledger sync[\s\S]*Invoices: Read[\s\S]*never used/);
  assert.equal(tokenIn(list), '');
  const tomProgram = program(portal, token);
  const me = await tomProgram('me');
  assert.deepEqual(
    [me.status, me.body.person.name, me.body.organization.slug, me.body.scopes],
    [200, 'Tom Reyes', home.slug, ['invoices:read']],
  );
  assert.match((await tom.get(url)).text, /last used/);
  await post(tom, `${url}/${stored.id}/revoke`);
  assert.equal((await tomProgram('me')).status, 401);
  const olivia = await portal.signIn(home.olivia.email);
  const log = (await olivia.get(`/${home.slug}/security`)).text;
  assert.match(log, /API token revoked[\s\S]*Ledger sync[\s\S]*API token made/);
});

test('the same form twice makes one token, and shows it once', async () => {
  const home = await harbor(portal);
  const tom = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/settings/api-tokens`;
  const fields = { form_token: 'a'.repeat(20), name: 'Sync', days: '30', scope_files: 'write' };
  const first = await tom.post(url).type('form').send(fields);
  const second = await tom.post(url).type('form').send(fields);
  assert.ok(tokenIn(first.text));
  assert.deepEqual([second.status, tokenIn(second.text)], [303, '']);
  const all = await portal.look(home.organization_id, (db) => db('api_tokens').pluck('id'));
  assert.equal(all.length, 1);
});

test('a token needs a fresh proof, a name, a scope and a lifetime', async () => {
  const home = await harbor(portal);
  const tom = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/settings/api-tokens`;
  assert.match(await refused(tom, url, 422, { name: '', days: '30', scope_files: 'read' }), /Fill this in/);
  assert.match(await refused(tom, url, 422, { name: 'Sync', days: '30' }), /Choose what it is for/);
  assert.match(await refused(tom, url, 422, { name: 'Sync', days: '9999', scope_files: 'read' }), /Choose one/);
  await later();
  assert.equal((await tom.post(url).type('form').send({ name: 'Sync', days: '30', scope_files: 'read' })).status, 303);
  assert.match((await tom.get(url)).text, /To make a token, confirm it’s you/);
  assert.equal(await portal.look(home.organization_id, (db) => db('api_tokens').first()), undefined);
});

test('a partner’s people have tokens once the organization lets them, and lose them when it no longer does', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}/settings/api-tokens`;
  assert.match((await maya.get(url)).text, /Tokens for customers and vendors are turned off here/);
  const fields = { name: 'Payables', days: '30', scope_invoices: 'read' };
  await refused(maya, url, 403, fields);
  await allowPartners(home);
  // What is no module of a customer, and not for partners at all, gives nothing.
  await refused(maya, url, 422, { name: 'Payables', days: '30', scope_partners: 'write', scope_bills: 'write' });
  const token = tokenIn((await maya.post(url).type('form').send(fields)).text);
  const invoice = await sentInvoice(portal, home);
  assert.equal((await program(portal, token)(`invoices/${invoice.number}`)).status, 200);
  await allowPartners(home, false);
  assert.equal((await program(portal, token)('me')).status, 401);
});

test('the token of who has left, who was removed, or whose address is another’s now opens nothing', async () => {
  const home = await harbor(portal);
  await allowPartners(home);
  const olivia = await actorOfPerson(portal, home, home.olivia.id);
  const [tom, maya, noah] = [
    await tokenFor(portal, home, home.tom.id),
    await tokenFor(portal, home, home.maya.id),
    await tokenFor(portal, home, home.noah.id),
  ];
  for (const token of [tom, maya, noah]) assert.equal((await program(portal, token)('me')).status, 200);
  await removeContact(portal.knex, olivia, home.partner_id, home.maya.id);
  const moved = { name: 'Noah Weiss', email: `new.${home.noah.email}` };
  await changeContact(portal.knex, olivia, home.partner_id, home.noah.id, moved);
  await removeMember(portal.knex, olivia, home.tom.id);
  for (const token of [tom, maya, noah]) assert.equal((await program(portal, token)('me')).status, 401);
});

test('an expired token, none, a made-up one and a browser’s cookie are 401, as problem details', async () => {
  const home = await harbor(portal);
  const token = await tokenFor(portal, home, home.tom.id);
  const owner = await actorOfPerson(portal, home, home.tom.id);
  await portal.look(home.organization_id, (db) =>
    db('api_tokens')
      .where({ person_id: owner.person_id })
      .update({ expires_at: db.raw('now()') }),
  );
  for (const shown of [token, `parley_${'x'.repeat(43)}`, null]) {
    const answer = await program(portal, shown)('me');
    assert.equal(answer.status, 401);
    assert.match(String(answer.headers.get('WWW-Authenticate')), /^Bearer/);
    assert.match(String(answer.headers.get('Content-Type')), /^application\/problem\+json/);
    assert.deepEqual(Object.keys(answer.body).toSorted(), ['detail', 'status', 'title']);
  }
  const tom = await portal.signIn(home.tom.email);
  assert.equal((await tom.get('/api/v1/me')).status, 401);
});

test('the page has no axe faults, wide and narrow, with a token just made', async () => {
  const home = await harbor(portal);
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, home.tom.email, portal.codeFor(home.tom.email));
  await page.goto(`${portal.base_url}/${home.slug}/settings/api-tokens`);
  assert.deepEqual(await faultsOf(page), []);
  await page.setViewport({ width: 390, height: 800 });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true);
  await page.type('[name=name]', 'Phone');
  await page.click('[name=scope_invoices][value=read]');
  await Promise.all([page.waitForNavigation(), page.click('main .form-end button')]);
  assert.match(await page.content(), /parley_/);
  assert.deepEqual(await faultsOf(page), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true);
});
