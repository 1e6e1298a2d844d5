import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it, test } from 'node:test';
import { authenticate, dkimSign, sealMessage } from 'mailauth';
import { authenticateMail, type Resolve } from '../../src/inbound/reading/authenticate.js';
import type { ReadingContext } from '../../src/inbound/reading/message.js';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { comments, decided } = inbox(() => portal);

describe('which evidence of the sender counts', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const record = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;
  const zone: Record<string, string> = {
    '_dmarc.maple.example': 'v=DMARC1; p=reject',
    's1._domainkey.maple.example': record,
    's1._domainkey.lists.example': record,
  };
  const resolve: Resolve = async (name, type) => {
    const found = type === 'TXT' ? zone[name] : undefined;
    if (found === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
    return [[found]];
  };
  const away: ReadingContext = {
    remote_ip: '192.0.2.9',
    helo: 'x',
    mail_from: 'maya@maple.example',
    recipient: null,
    dns: {},
  };
  const check = (raw: Buffer, context: Partial<ReadingContext> = {}) =>
    authenticateMail(raw, 'maya@maple.example', { ...away, ...context }, resolve);
  const message = (...headers: string[]) =>
    Buffer.from(
      [
        ...headers,
        'From: maya@maple.example',
        'To: x@x.example',
        'Subject: Hi',
        'Date: Tue, 10 Mar 2026 09:14:00 +0100',
        'Content-Type: text/plain',
        '',
        'Hello',
        '',
      ].join('\r\n'),
    );
  const signed = async (names: string[]) => {
    // It reads a string with colons, whatever its types say.
    const headerList = names.join(':') as never;
    const signature = { signingDomain: 'maple.example', selector: 's1', privateKey, headerList };
    const { signatures } = await dkimSign(message(), { ...signature, signatureData: [signature] });
    return Buffer.concat([Buffer.from(signatures), message()]);
  };
  const trust = { authserv_id: 'mx.harbor.example', sealers: ['lists.example'] };

  it('the receiving server’s finding, under the configured name alone', async () => {
    const word = 'Authentication-Results: mx.harbor.example; dmarc=pass (p=reject) header.from=maple.example';
    assert.equal((await check(message(word))).verified, false);
    assert.equal((await check(message(word), { trust })).verified, true);
    assert.equal((await check(message(word.replace('mx.', 'other.')), { trust })).verified, false);
    assert.equal((await check(message(word.replace('from=maple', 'from=evil')), { trust })).verified, false);
    assert.equal(
      (await check(message(word.replace('dmarc=pass (p=reject)', 'dmarc=fail (dmarc=pass)')), { trust })).verified,
      false,
    );
  });

  it('not what stands below the server’s own finding, where anybody may have written it', async () => {
    const own = 'Authentication-Results: mx.harbor.example; dmarc=fail header.from=maple.example';
    const forged = 'Authentication-Results: mx.harbor.example; dmarc=pass header.from=maple.example';
    assert.equal((await check(message(own, forged), { trust })).verified, false);
  });

  it('a signature, if it covers what people see of the message', async () => {
    assert.equal((await check(await signed(['from', 'subject', 'date', 'to']))).verified, true);
    assert.equal((await check(await signed(['from', 'subject', 'date', 'content-type']))).verified, true);
    assert.equal((await check(await signed(['from', 'subject', 'date']))).verified, false);
    assert.equal((await check(await signed(['from', 'date', 'to']))).verified, false);
  });

  it('the seal of a forwarder that is configured', async () => {
    const raw = await signed(['from', 'subject', 'date', 'to']);
    const { arc } = await authenticate(raw, {
      ip: '192.0.2.9',
      helo: 'x',
      sender: 'maya@maple.example',
      mta: 'lists.example',
      resolver: resolve as never,
    });
    assert.ok(arc);
    const found = 'lists.example; dmarc=pass header.from=maple.example';
    const seal = {
      signingDomain: 'lists.example',
      selector: 's1',
      privateKey,
      authResults: found,
      cv: 'none' as const,
    };
    const changed = Buffer.from(raw.toString().replace('Hello', 'Hello\r\n-- sent through a list'));
    const passed_on = Buffer.concat([Buffer.from(await sealMessage(changed, seal)), changed]);
    assert.equal((await check(passed_on)).verified, false);
    assert.deepEqual(
      await check(passed_on, { trust }).then(({ verified, evidence }) => [
        verified,
        /lists\.example saw/.test(evidence),
      ]),
      [true, true],
    );
    assert.equal((await check(passed_on, { trust: { ...trust, sealers: ['others.example'] } })).verified, false);
  });
});

test('a forged sender whose domain’s policy is reject is held and never posted', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.reply(received, 'Wire it to the new account', { mail_from: 'x@attacker.example' });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['held', 'forged']);
  assert.deepEqual(await comments(home), []);
  await portal.idle();
  assert.ok(!portal.post.emails.some(({ recipient }) => recipient === 'x@attacker.example'));
});
