import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import forge from 'node-forge';
import type { SendMailOptions } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { smtpTransport } from '../../src/mail/outbox/transport.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const nobody = async () => null;

/** A mail server that offers STARTTLS with a certificate of its own making, or with none. */
async function openServer(options: { tls: boolean; login?: boolean }) {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const cert = forge.pki.createCertificate();
  Object.assign(cert, { publicKey: keys.publicKey, serialNumber: '01' });
  cert.validity.notBefore = new Date(Date.now() - 60_000);
  cert.validity.notAfter = new Date(Date.now() + 3_600_000);
  const names = [{ name: 'commonName', value: 'localhost' }];
  cert.setSubject(names);
  cert.setIssuer(names);
  cert.sign(keys.privateKey, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(cert);
  assert.ok(new X509Certificate(pem));
  const taken: boolean[] = [];
  const server = new SMTPServer({
    key: forge.pki.privateKeyToPem(keys.privateKey),
    cert: pem,
    authOptional: !options.login,
    allowInsecureAuth: true,
    disabledCommands: options.tls ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push(session.secure);
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    taken,
    url: (login = '') => `smtp://${login}127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const HELLO: SendMailOptions = {
  from: 'a@b.example',
  to: { name: 'C', address: 'c@d.example' },
  subject: 'x',
  text: 'x',
};

test('with required TLS, a server without it, or with an unknown certificate, gets nothing', async () => {
  const [own, plain] = [await openServer({ tls: true }), await openServer({ tls: false })];
  for (const server of [own, plain]) {
    const strict = smtpTransport(server.url(), 'required', nobody);
    const failed: unknown = await strict.send(HELLO).catch((error: unknown) => error);
    assert.ok(
      failed instanceof Error &&
        !(
          'responseCode' in failed &&
          Number(failed.responseCode) >= 500 &&
          'command' in failed &&
          failed.command === 'DATA'
        ),
    );
    strict.close();
    assert.deepEqual(server.taken, []);
  }
  for (const server of [own, plain]) {
    const easy = smtpTransport(server.url(), 'opportunistic', nobody);
    await easy.send(HELLO);
    easy.close();
  }
  assert.deepEqual([own.taken, plain.taken], [[true], [false]]);
  const trusting = smtpTransport(own.url('user:secret@'), 'opportunistic', nobody);
  await assert.rejects(trusting.send(HELLO), /certificate/, 'a password goes to a server that is proven alone');
  trusting.close();
  await Promise.all([own.close(), plain.close()]);
});

test('a password is in no error, however it is looked at', async () => {
  const server = await openServer({ tls: false, login: true });
  const transport = smtpTransport(server.url('user:canary-7731@'), 'opportunistic', nobody);
  const failed: unknown = await transport.send(HELLO).catch((error: unknown) => error);
  assert.ok(failed instanceof Error);
  assert.doesNotMatch(inspect(failed, { depth: 10, showHidden: true }), /canary-7731|Y2FuYXJ5/);
  transport.close();
  await server.close();
});

test('no message makes the mailer read a file or fetch a page', async () => {
  const transport = smtpTransport(portal.post.url, 'opportunistic', nobody);
  for (const attachment of [{ path: '/etc/passwd' }, { href: 'http://127.0.0.1:1/' }])
    await assert.rejects(transport.send({ ...HELLO, attachments: [attachment] }), /rejected|disabled/i);
  transport.close();
});
