import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hashOf } from '../../src/db/secrets.js';
import { inviteContact } from '../../src/people/invitations/contact_invitations.js';
import { removeContact } from '../../src/people/partner.js';
import { publishTerms } from '../../src/people/terms/terms.js';
import { fieldsOf, post, press, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Noah takes his invitation, and so accepts the texts as they are. */
async function joined(home: Harbor): Promise<Browser> {
  const invitation = { access: null, message: '' };
  await inviteContact(portal.knex, portal.services.secret, home.staff, home.partner_id, home.noah.id, invitation);
  const link = /\/invitation\/[\w-]{43}/.exec((await portal.post.to(home.noah.email, '/invitation/')).text ?? '')?.[0];
  const noah = portal.browser();
  const { text } = await noah.get(String(link)).expect(200);
  const names = { first_name: 'Noah', last_name: 'Weiss', terms: 'on', seen: fieldsOf(text)['seen']?.[0] };
  await press(noah, String(link), names).expect(303);
  return noah;
}

const publish = (home: Harbor, kind: 'terms' | 'privacy', text: string) =>
  publishTerms(portal.knex, home.staff, kind, text);

const NEW = /Harbor & Pine has updated its portal terms\./;
const formOn = (text: string) => ({
  seen: /name="seen" value="((?:terms|privacy)[^"]*)"/.exec(text)?.[1],
  return_to: /name="return_to" value="([^"]*)"/.exec(text)?.[1],
});

test('who accepted other terms is asked on each page, once signed in; who accepts is asked no more', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { recipients: [home.noah.id, home.maya.id] });
  const noah = await joined(home);
  const accept = `/${home.slug}/terms/accept`;
  assert.doesNotMatch((await noah.get(invoice.url).expect(200)).text, /terms\/accept/);
  await publish(home, 'terms', 'Be kind.');
  const { text } = await noah.get(`/${home.slug}/invoices?show=outstanding&done=saved`).expect(200);
  assert.match(textOf(text), NEW);
  const form = formOn(text);
  assert.deepEqual(form, { seen: 'terms:1', return_to: `/${home.slug}/invoices?show=outstanding` });
  // It stands in nobody's way: not in that of a link, nor of who never agreed to anything.
  const linked = await portal.open(await portal.post.to(home.noah.email, invoice.number));
  assert.doesNotMatch((await linked.get(invoice.url).expect(200)).text, /terms\/accept/);
  await press(linked, `${invoice.url}/comment`, { text: 'Thank you' }).expect(303);
  for (const other of [home.maya, home.tom])
    assert.doesNotMatch((await (await portal.signIn(other.email)).get(invoice.url)).text, /terms\/accept/);

  // Changed once more before the button is pressed, it is not what they read.
  await publish(home, 'terms', 'Be kind.\n\nPay on time.');
  await press(noah, accept, form).expect(409);
  const newer = formOn((await noah.get(`/${home.slug}`)).text);
  const twice = await Promise.all([post(noah, accept, newer), post(noah, accept, newer)]);
  assert.deepEqual(twice, [`/${home.slug}`, `/${home.slug}`]);
  assert.doesNotMatch((await noah.get(`/${home.slug}`)).text, /terms\/accept/);
  const kept = await portal.look(home.organization_id, async (db) => ({
    rows: await db('terms_acceptances').where({ person_id: home.noah.id, kind: 'terms' }).orderBy('version'),
    recorded: await db('activities').where({ action: 'accept_terms' }),
  }));
  assert.deepEqual(
    kept.rows.map(({ version }) => version),
    [0, 2],
  );
  assert.equal(kept.rows[1].text_sha256, hashOf('Be kind.\n\nPay on time.'));
  assert.equal(kept.recorded.length, 1);
  const desk = textOf((await (await portal.signIn(home.olivia.email)).get(`/${home.slug}/desk`)).text);
  assert.match(desk, /Noah Weiss accepted the updated terms/);
});

test('staff see how many have accepted what counts now; who is gone counts no more', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const page = async () => textOf((await olivia.get(`/${home.slug}/settings/organization/portal`).expect(200)).text);
  assert.match(await page(), /Our standard text counts now\. .*Nobody has accepted it yet\./);
  const noah = await joined(home);
  assert.match(await page(), /Accepted by 1 contact\./);
  await publish(home, 'privacy', 'We keep little.');
  assert.match(
    await page(),
    /Accepted by 1 contact\..*Nobody has accepted it yet\. 1 accepted an earlier version and is/,
  );
  const { text } = await noah.get(`/${home.slug}`).expect(200);
  assert.match(textOf(text), /Harbor & Pine has updated its privacy notice\..*I’ve read it/);
  await post(noah, `/${home.slug}/terms/accept`, formOn(text));
  assert.match(await page(), /Accepted by 1 contact\..*Accepted by 1 contact\. /);
  await removeContact(portal.knex, home.staff, home.partner_id, home.noah.id);
  assert.match(await page(), /Nobody has accepted it yet\..*Nobody has accepted it yet\. /);
});
