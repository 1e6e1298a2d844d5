import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { maskFile } from '../../src/inbound/reading/attachments/masked_file.js';
import { withoutSecrets } from '../../src/input/own_secrets.js';
import { bare, base64, decoded, words } from '../support/encoded.js';
import { seeded } from '../support/random.js';

const wrapped = (text: string, mark: string) => (text.match(/.{1,40}/g) ?? []).join(`\n${mark}`);

/** How mail programs and servers write an address that they pass on. */
const WRITTEN: Record<string, (url: string) => string> = {
  plain: (url) => `View invoice:\n${url}\n`,
  quoted: (url) => `> View invoice:\n> ${url}\n`,
  'wrapped in a quote': (url) => `> ${wrapped(url, '> ')}\n> More`,
  'with soft line breaks': (url) => `<a href=3D"${wrapped(url, '').replaceAll('\n', '=\r\n')}">`,
  'behind a scanner': (url) => `https://safe.example/?url=${encodeURIComponent(url)}&data=05`,
  'behind two scanners': (url) => `https://a.example/?u=${encodeURIComponent(encodeURIComponent(url))}`,
  'between a scanner’s marks': (url) => `https://scanned.example/v3/__${url}__;!!AbC!xyz$`,
  emphasised: (url) => `_${url}_`,
  'in HTML': (url) => `<a href="${url}">${url.slice(0, 30)}<wbr>${url.slice(30)}</a>`,
  'in HTML without slashes': (url) => `<a href="${url.replaceAll('/', '&#x2F;')}">`,
  'in JSON': (url) => JSON.stringify({ url }).replaceAll('/', String.raw`\/`),
  'in a calendar': (url) => `BEGIN:VEVENT\r\nDESCRIPTION:${wrapped(url, ' ').replaceAll('\n', '\r\n')}\r\nEND:VEVENT`,
};
const ENCODED: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'as a part in base64': (text) => `Content-Transfer-Encoding: base64\r\n\r\n${base64(text)}\r\n`,
  'as a message in a message': (text) => base64(`Subject: Fwd\r\n\r\n${base64(text)}\r\n`),
  'in words of a header': (text) => `Subject: ${words(text.replace(/\s+/g, ' '))}\r\n\r\nHello`,
  'in two bytes a letter': (text) => Buffer.from(text, 'utf16le').toString('latin1'),
};
test('no secret of an email is left in what is read or sent on, however it is written; everything else is', () => {
  const random = seeded(Number(process.env['TEST_SEED'] ?? 7));
  for (let i = 0; i < 40; i++) {
    const [token, hex] = [randomBytes(32).toString('base64url'), (bytes: number) => randomBytes(bytes).toString('hex')];
    const [key, bounce, stop] = [hex(16), hex(28), hex(32)];
    const secrets: [url: string, secret: string][] = [
      [`https://portal${random(9)}.example/in/${token}`, token],
      [`http://localhost:3000/sign-in/link/${token}`, token],
      [`https://portal.example/unsubscribe/${stop}`, stop],
      [`mailto:reply+${key}@mail.example`, key],
      [`mailto:bounce+${bounce}@mail.example`, bounce],
    ];
    for (const [url, secret] of secrets)
      for (const [how, write] of Object.entries(WRITTEN)) {
        const text = `Good morning, ${write(url)} see you`;
        const clean = withoutSecrets(text);
        assert.ok(!bare(clean).includes(secret), `${url} ${how}: ${clean}`);
        assert.match(clean, /^Good morning,[^]*see you$/);
        for (const [where, encode] of Object.entries(ENCODED)) {
          const file = Buffer.from(encode(text), 'latin1');
          const masked = maskFile(file);
          assert.equal(masked.length, file.length);
          assert.ok(!bare(decoded(masked)).includes(secret), `${url} ${how}, ${where}`);
        }
      }
  }
});

test('a link is left out where its line ends in a space, in a frame, and where a scanner wrote other letters', () => {
  for (const token of ['Y-7InWlazAIMuellLR-mW0uGXRjr-T9HyTIT1HXRsfE', 'q1Zt0Vb2mNc4Xd6Lf8Kg0Jh2Gj4Fk6Dl8Sp0Ao2Iu4Q']) {
    const url = `https://portal.example/in/${token}`;
    const [begin, end] = [url.slice(0, 50), url.slice(50)];
    const escaped = token.replaceAll('-', '-2D').replaceAll('_', '-5F');
    for (const text of [
      ...[`> ${begin} \n> ${end}`, `${begin}\n\u00a0${end}`, `| ${begin}\n| ${end}`],
      `https://scanned.example/v2/url?u=https-3A__portal.example_in_${escaped}&d=Dw`,
    ])
      for (const part of [token.slice(0, 20), token.slice(-20), escaped.slice(-20)])
        assert.ok(!withoutSecrets(text).includes(part), text);
  }
});

test('codes of our emails are left out; what only looks like a secret stays', () => {
  assert.doesNotMatch(withoutSecrets('> 482913 is your code for Harbor & Pine\n> Your code: 482913'), /482913/);
  for (const text of [
    'The article is 482913, your code of 2025.',
    'https://docs.example/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
    'https://www.linkedin.example/in/maya-chen-of-the-maple-street-clinic-abcdef1',
    'Harbor-and-Pine_Estimate_EST-0024_signed_v2.pdf',
    'See /in/box and reply+me@maple.example, or d41d8cd98f00b204e9800998ecf8427e',
  ])
    assert.equal(withoutSecrets(text), text);
  const image = Buffer.concat([Buffer.from('\x89PNG'), randomBytes(5000)]);
  assert.deepEqual(maskFile(image), image);
});
