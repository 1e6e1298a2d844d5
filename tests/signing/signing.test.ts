import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { PDFDocument } from 'pdf-lib';
import { act } from '../../src/act.js';
import { signingKeyOf } from '../../src/signing/seal_keys.js';
import { seenOn } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { sharedPrinter } from '../support/printer.js';

const run = promisify(execFile);

const installed = (program: string) =>
  run(program, ['-v']).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal({}, undefined, sharedPrinter());
  home = await harbor(portal);
});

after(() => portal.close());

const toSign = (type = 'estimate') =>
  sentDocument(portal, home, type, {
    due_on: '2099-01-01',
    terms: 'Payment within 30 days.',
    signature_required: true,
    lines: [
      { description: 'Desk', unit_price: '100.00' },
      { description: 'Panels', unit_price: '50.00', choice: 'optional' },
    ],
  });

const sign = (agent: Browser, url: string, fields: object) => agent.post(`${url}/accept`).type('form').send(fields);

/** A picture of one dot. */
const DOT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The bytes that a PDF's signature covers, and the signature (ISO 32000-1, 12.8). */
function sealOf(pdf: Buffer) {
  const [from, length, rest, last] = (
    /\/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(pdf.toString('latin1')) ?? []
  )
    .slice(1)
    .map(Number) as [number, number, number, number];
  assert.deepEqual([from, rest + last], [0, pdf.length], 'it covers the file from its first byte to its last');
  const hex = pdf
    .subarray(length + 1, rest - 1)
    .toString('latin1')
    .replace(/(00)+$/, '');
  return {
    covered: Buffer.concat([pdf.subarray(0, length), pdf.subarray(rest)]),
    cms: Buffer.from(hex.padEnd(hex.length + (hex.length % 2), '0'), 'hex'),
  };
}

/**
 * Checks the signature with nothing of ours: digest of what is covered, then the signature over the attributes, by
 * the certificate's key.
 */
function holds(pdf: Buffer): boolean {
  const { covered, cms } = sealOf(pdf);
  const message = forge.pkcs7.messageFromAsn1(
    forge.asn1.fromDer(cms.toString('latin1'), { parseAllBytes: false } as never),
  ) as unknown as {
    certificates: forge.pki.Certificate[];
    rawCapture: { authenticatedAttributes: forge.asn1.Asn1[]; signature: string };
  };
  const { authenticatedAttributes, signature } = message.rawCapture;
  const set = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SET, true, authenticatedAttributes);
  const attributes = Buffer.from(forge.asn1.toDer(set).getBytes(), 'latin1');
  const digest = createHash('sha256').update(covered).digest();
  const key = createPublicKey(forge.pki.publicKeyToPem(message.certificates[0]?.publicKey as forge.pki.PublicKey));
  return attributes.includes(digest) && verify('sha256', attributes, key, Buffer.from(signature, 'latin1'));
}

test('an estimate is signed: a code first, then name and agreement; both sides get the sealed PDF, and anyone who has it can check it', async (t) => {
  const estimate = await toSign();
  const received = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes(estimate.number) ?? false);
  const byLink = await portal.open(received);
  const first = await byLink.get(estimate.url).expect(200);
  assert.match(first.text, /Accept and sign/);
  assert.match(first.text, /\/verify\?return_to=/);
  await sign(byLink, estimate.url, { seen: seenOn(first), signature: 'Maya Chen', agree: 'on' }).expect(403);

  const mayas = await portal.signIn(home.maya.email);
  const page = await mayas.get(`${estimate.url}?open=accept`).expect(200);
  assert.match(page.text, /I sign estimate EST-\d+ for Maple Street Clinic/);
  assert.match(page.text, /Payment within 30 days/);
  const seen = seenOn(page);
  await sign(mayas, estimate.url, { seen, signature: '', agree: 'on' })
    .expect(422)
    .expect(/Type your full name/);
  await sign(mayas, estimate.url, { seen, signature: 'Maya Chen' })
    .expect(422)
    .expect(/Tick the box/);
  await sign(mayas, estimate.url, {
    seen,
    signature: 'Maya Chen',
    agree: 'on',
    signature_drawing: 'data:image/png;base64,PHN2Zz4=',
  })
    .expect(422)
    .expect(/could not be read/);
  await sign(mayas, estimate.url, { seen: 'f'.repeat(64), signature: 'Maya Chen', agree: 'on' }).expect(409);
  await sign(mayas, estimate.url, { signature: 'Maya Chen', agree: 'on' })
    .expect(422)
    .expect(/Open the page again before you decide/);
  await mayas
    .post(`${estimate.url}/accept`)
    .set('User-Agent', 'Firefox on a phone')
    .type('form')
    .send({ seen, choices: '1', signature: 'Maya Chen', agree: 'on', signature_drawing: DOT })
    .expect(303);

  const row = await portal.look(home.organization_id, (db) =>
    db('signatures').where({ document_id: estimate.id }).first(),
  );
  const version = await portal.look(home.organization_id, (db) =>
    db('versions').where({ document_id: estimate.id, version: row.version }).first(),
  );
  assert.deepEqual(
    [row.name, row.email, row.method, row.user_agent, row.version],
    ['Maya Chen', home.maya.email, 'drawn', 'Firefox on a phone', 2],
  );
  assert.equal(row.content_sha256, version.sha256);
  assert.equal(row.remote_ip, '127.0.0.1');

  const signedCopy = ({
    text,
    attachments,
  }: {
    text?: string | undefined;
    attachments: { filename?: string | undefined }[];
  }) => Boolean(text?.includes('accepted')) && attachments[0]?.filename === `${estimate.number} signed.pdf`;
  const [hers, ours] = [
    await portal.post.to(home.maya.email, signedCopy),
    await portal.post.to(home.olivia.email, signedCopy),
  ];
  // Whoever downloads it has the copy that was signed.
  const download = await mayas.get(`${estimate.url}/pdf`).expect(200);
  assert.match(String(download.headers['content-disposition']), /signed\.pdf/);
  const pdf = hers.attachments[0]?.content ?? Buffer.alloc(0);
  assert.ok(ours.attachments[0]?.content.equals(pdf), 'both sides get the same bytes');
  assert.ok(holds(pdf));
  const ines = { name: 'Ines Roth', email: `ines.${home.slug}@maple.example` };
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'forward', ines);
  const forwarded = await portal.post.to(ines.email);
  assert.equal(forwarded.attachments[0]?.filename, `${estimate.number} signed.pdf`);
  assert.ok(forwarded.attachments[0]?.content.equals(pdf), 'what was signed is forwarded as it was signed');
  assert.equal((await PDFDocument.load(pdf)).getPageCount(), 2);

  const changed = Buffer.from(pdf);
  changed[1200] = (changed[1200] ?? 0) ^ 1;
  assert.ok(!holds(changed));
  const anyone = portal.browser();
  await anyone.get('/check').expect(200);
  const known = await anyone.post('/check').attach('file', pdf, 'x.pdf').expect(200);
  assert.match(known.text, /Unchanged[\s\S]*Maya Chen/);
  await anyone
    .post('/check')
    .attach('file', changed, 'x.pdf')
    .expect(200)
    .expect(/don’t know this file/);
  await anyone.post('/check').expect(422);
  await mayas.get(estimate.url).expect(new RegExp(`${estimate.number} signed\\.pdf`));

  await t.test(
    'pdfsig finds the signature valid, over the whole document',
    { skip: !(await installed('pdfsig')) && 'poppler-utils is not installed' },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'parley-sign-'));
      await writeFile(join(folder, 'signed.pdf'), pdf);
      const { stdout } = await run('pdfsig', [join(folder, 'signed.pdf')]);
      assert.match(stdout, /Signature is Valid/);
      assert.match(stdout, /Total document signed/);
      assert.match(stdout, /Harbor & Pine/);
      const { stdout: words } = await run('pdftotext', ['-layout', join(folder, 'signed.pdf'), '-']);
      for (const fact of [
        'Certificate of signature',
        'Maya Chen',
        home.maya.email,
        row.content_sha256,
        'Firefox on a phone',
        '/check',
      ])
        assert.ok(words.replaceAll(/\s+/g, '').includes(fact.replaceAll(/\s+/g, '')), fact);
      await rm(folder, { recursive: true });
    },
  );
});

test('a signed PDF is made once, however many ask', async () => {
  const order = await toSign('sales_order');
  const mayas = await portal.signIn(home.maya.email);
  await sign(mayas, order.url, {
    seen: seenOn(await mayas.get(order.url)),
    signature: 'Maya Chen',
    agree: 'on',
  }).expect(303);
  const { version } = await portal.look(home.organization_id, (db) =>
    db('signatures').where({ document_id: order.id }).first('version'),
  );
  const made = await Promise.all(
    [1, 2, 3].map(() => portal.services.post.signed(home.organization_id, order.id, version)),
  );
  const [first, ...others] = made.map((one) => one?.content);
  assert.ok(first && first.length > 1000);
  for (const other of others) assert.ok(other?.equals(first));
  const files = () =>
    portal.look(home.organization_id, (db) =>
      db('files').where({ subject_id: order.id }).whereLike('name', '%signed.pdf'),
    );
  await portal.idle();
  assert.equal((await files()).length, 1);
});

test('an organization’s signing key is made once, and opens with its own secret alone', async () => {
  const other = await harbor(portal);
  const keys = await Promise.all(
    [1, 2, 3].map(() => signingKeyOf(portal.knex, portal.services.secret, other.organization_id)),
  );
  assert.equal(new Set(keys.map(({ certificate }) => certificate.toString('hex'))).size, 1);
  await assert.rejects(
    signingKeyOf(portal.knex, 'another secret, just as long as it must be', other.organization_id),
    /another SECRET/,
  );
});

test('signatures are append-only, and nobody else sees them', async () => {
  const change = portal.look(home.organization_id, (db) => db('signatures').update({ name: 'Eve' }));
  await assert.rejects(change, /append-only/);
  const other = await harbor(portal);
  assert.deepEqual(await portal.look(other.organization_id, (db) => db('signatures').select()), []);
});
