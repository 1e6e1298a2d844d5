import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('a page is sent whole, in an encoding that its reader accepts', async () => {
  const home = await harbor(portal);
  const { url } = await sentInvoice(portal, home);
  const accepted = [
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br;q=0', 'gzip'],
    ['gzip', 'gzip'],
    ['identity', 'identity'],
    ['br;q=0, gzip;q=0', 'identity'],
  ] as const;
  const agent = await portal.signIn(home.maya.email);
  for (const [header, encoding] of accepted) {
    const answer = await agent
      .get(url)
      .set('Accept-Encoding', header)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
      });
    assert.equal(answer.headers['content-encoding'] ?? 'identity', encoding, header);
    assert.match(String(answer.headers['content-type']), /^text\/html; charset=utf-8$/);
    assert.match(String(answer.headers['vary']), /Accept-Encoding/);
    assert.equal(answer.headers['transfer-encoding'], undefined, 'its length is known');
  }
});
