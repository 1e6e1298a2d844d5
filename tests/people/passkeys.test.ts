import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { relyingParty, signedCounter } from '../../src/people/credentials/passkey_ceremonies.js';
import { findPasskey } from '../../src/people/credentials/passkeys.js';
import { faultsOf } from '../support/axe.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Gives a page an authenticator that checks its user by a fingerprint. Returns what its passkeys are read by. */
async function addAuthenticator(page: Page) {
  const devtools = await page.createCDPSession();
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  return async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
}

const press = async (page: Page, selector: string) => {
  await page.waitForSelector(selector, { visible: true });
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
};

test('Tom adds a passkey and signs in with it alone; its answer is good once, here, and for nobody else', async () => {
  const home = await harbor(portal);
  const { page } = await openWindow();
  const credentials = await addAuthenticator(page);
  const code = portal.codeFor(home.tom.email);
  await signInAt(page, portal.base_url, home.tom.email, code);
  const settings = `${portal.base_url}/${home.slug}/settings/sign-in`;
  await page.goto(settings);
  assert.deepEqual(await faultsOf(page), []);
  await page.type('#passkey-name', 'Pine laptop');
  await page.click('form[data-passkey="add"] button');
  await page.waitForFunction(`document.querySelector('.move-words')?.textContent.includes('Pine laptop')`);
  assert.equal((await credentials()).length, 1);
  await portal.post.to(home.tom.email, 'You added the passkey Pine laptop');

  await page.goto(`${portal.base_url}/${home.slug}/desk`);
  await page.evaluate(`document.querySelector('form[action="/sign-out"]').requestSubmit()`);
  await page.waitForSelector('form[data-passkey="sign-in"]');
  assert.deepEqual(await faultsOf(page), []);
  const [sent] = await Promise.all([
    page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/sign-in/passkey')),
    press(page, 'form[data-passkey="sign-in"] button'),
  ]);
  await page.goto(settings);
  assert.match(await page.content(), /Pine laptop/);
  assert.ok((await credentials()).every(({ signCount }) => signCount > 0));

  // What it signed was for this site and this challenge.
  const { id, response: parts } = JSON.parse(new URLSearchParams(sent.postData() ?? '').get('response') ?? '');
  const { challenge } = JSON.parse(Buffer.from(parts.clientDataJSON, 'base64url').toString());
  const stored = await portal.knex.transaction((db) => findPasskey(db, id));
  assert.ok(stored);
  const fresh = { ...stored, credential: { ...stored.credential, counter: 0 } };
  const shown = { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response: parts };
  const here = relyingParty(portal.base_url);
  assert.equal(await signedCounter(here, challenge, shown, fresh), stored.credential.counter);
  assert.equal(await signedCounter(here, challenge, shown, stored), null, 'a counter that did not rise');
  for (const [rp, asked] of [
    [{ ...here, origin: 'https://elsewhere.example' }, challenge],
    [{ ...here, id: 'elsewhere.example' }, challenge],
    [here, 'b3RoZXI'],
  ] as const)
    assert.equal(await signedCounter(rp, asked, shown, fresh), null);

  // The same answer again, in this browser or another.
  const response = new URLSearchParams(sent.postData() ?? '').get('response') ?? '';
  const again = portal.browser();
  await again.post('/sign-in/passkey').type('form').send({ response }).expect(422);
  await again.post('/sign-in/passkey/options').expect(200);
  await again.post('/sign-in/passkey').type('form').send({ response }).expect(422);
  for (const broken of ['', '{}', 'not json', response.slice(0, -9)])
    await again.post('/sign-in/passkey').type('form').send({ response: broken }).expect(422);
});
