import type { RefusalCode } from '../../src/inbound/reading/limits.js';
import type { ReadMail } from '../../src/inbound/reading/message.js';

/** A message that is made to hurt, and what must become of it: refused with a reason, or read so that `check` holds. */
export interface Hostile {
  readonly name: string;
  readonly make: () => Buffer;
  readonly refused?: RefusalCode;
  /** What the text that was read must match. Default: "Hello". */
  readonly text?: RegExp;
  readonly check?: (mail: ReadMail) => boolean;
}

export const FROM = 'From: Maya Chen <maya@maple.example>';
export const mail = (headers: readonly string[], body = 'Hello\n') => Buffer.from([...headers, '', body].join('\r\n'));
/** Of what takes longest, all with `npm run test:long`; a fifth proves the same, but for what only such sizes break. */
const LARGE = process.env['TEST_LONG'] ? 1 : 1 / 5;
const large = (count: number) => Math.ceil(count * LARGE);
const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join('');
const typed = (type: string, body: string) => mail([FROM, `Content-Type: ${type}`], body);
const html = (body: string) => typed('text/html', body);
const encoded = (encoding: string, body: string) => mail([FROM, `Content-Transfer-Encoding: ${encoding}`], body);
const parts = (...each: string[]) =>
  typed('multipart/mixed; boundary=b', `${each.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`);
const hello = '\r\nHello';
const file = (disposition: string) =>
  parts(hello, `Content-Type: application/pdf\r\nContent-Disposition: attachment; ${disposition}\r\n\r\nx`);
const named = (wanted: string) => (mail: ReadMail) => mail.attachments[0]?.filename === wanted;
const subject = (value: string) => mail([FROM, `Subject: ${value}`]);
const heldFrom = (mail: ReadMail) => mail.from === null && mail.from_problem !== null;
const as = (name: string, from: string[]): Hostile => ({
  name,
  make: () => mail(['To: x@x.example', ...from]),
  check: heldFrom,
});
const anything = /^/;

const headers: Hostile[] = [
  { name: 'no header section', make: () => Buffer.from('just words\n'), refused: 'no_header' },
  { name: 'nothing', make: () => Buffer.alloc(0), refused: 'no_header' },
  { name: 'zeros alone', make: () => Buffer.alloc(1_000_000), refused: 'no_header' },
  { name: '36 MB', make: () => Buffer.concat([mail([FROM]), Buffer.alloc(36 * 1_048_576, 65)]), refused: 'too_large' },
  {
    name: 'a header folded 200,000 times',
    make: () => mail([FROM, `X: ${'a\r\n '.repeat(200_000)}a`]),
    refused: 'too_many_headers',
  },
  { name: 'a header folded 7,000 times', make: () => mail([FROM, `X: ${'a\r\n '.repeat(7000)}a`]) },
  {
    name: 'a Subject folded 7,000 times',
    make: () => subject(`${'a\r\n '.repeat(7000)}a`),
    check: ({ subject }) => subject.length === 255,
  },
  {
    name: 'References of 1.5 MB',
    make: () => mail([FROM, `References: ${many(60_000, (i) => `<${i}@x.example>\r\n `)}x`]),
    refused: 'header_too_large',
  },
  {
    name: '4,000 references',
    make: () => mail([FROM, `References: ${many(4000, (i) => `<${i}@x.example>\r\n `)}`]),
    check: ({ references }) => references.length === 32,
  },
  { name: 'a header of 5 MB', make: () => mail([FROM, `X: ${'a'.repeat(5_000_000)}`]), refused: 'headers_too_large' },
  {
    name: '100,000 headers',
    make: () => mail([FROM, ...Array.from({ length: 100_000 }, () => 'X: y')]),
    refused: 'too_many_headers',
  },
  {
    name: '300,000 bytes of headers',
    make: () => mail([FROM, ...Array.from({ length: 900 }, () => `X: ${'y'.repeat(340)}`)]),
    refused: 'headers_too_large',
  },
  { name: 'a header that never ends', make: () => Buffer.from(`${FROM}\r\nSubject: x`), text: /^$/ },
  {
    name: '100,000 in To',
    make: () => mail([FROM, `To: ${'a@x.example, '.repeat(100_000)}`]),
    refused: 'headers_too_large',
  },
  {
    name: '5,000 in To',
    make: () => mail([FROM, `To: ${many(5000, (i) => `${i}@x.example,`)}`]),
    check: ({ recipients }) => recipients.length === 1001,
  },
  { name: '10,000 nested groups', make: () => mail([FROM, `To: ${'a:'.repeat(10_000)};`]) },
  {
    name: '10,000 nested groups in From',
    make: () => mail([`From: ${'a:'.repeat(10_000)}x@x.example;`]),
    check: heldFrom,
  },
  {
    name: '10,000 nested comments in From',
    make: () => mail([`From: x@x.example ${'('.repeat(10_000)}`]),
    check: heldFrom,
  },
  { name: 'open quotes in To', make: () => mail([FROM, `To: ${'"a'.repeat(40_000)}`]) },
  { name: 'open quotes in From', make: () => mail([`From: ${'"a'.repeat(40_001)} <x@x.example>`]), check: heldFrom },
  { name: 'open angles in From', make: () => mail([`From: ${'<a'.repeat(40_000)}`]), check: heldFrom },
  {
    name: '50,000 encoded words',
    make: () => subject('=?utf-8?q?a?=\r\n '.repeat(50_000)),
    refused: 'header_too_large',
  },
  {
    name: '6,000 encoded words',
    make: () => subject('=?utf-8?q?a?=\r\n '.repeat(6000)),
    check: ({ subject }) => /^a{255}$/.test(subject),
  },
  {
    name: '6,000 encoded words in From',
    make: () => mail([`From: ${'=?utf-8?q?a?=\r\n '.repeat(6000)} <maya@maple.example>`]),
    check: ({ from }) => from?.address === 'maya@maple.example',
  },
  {
    name: 'encoded words that never end',
    make: () => subject('=?utf-8?q?'.repeat(9000)),
    check: ({ subject }) => subject.length === 255,
  },
  {
    name: 'an encoded word of 90 kB',
    make: () => subject(`=?gb18030?b?${'1tDO'.repeat(22_000)}?=`),
    check: ({ subject }) => subject.startsWith('中文') || subject.startsWith('中'),
  },
  {
    name: 'NUL in the subject and the body',
    make: () => mail([FROM, 'Subject: a\0b'], 'Hel\0lo\0'),
    check: ({ subject }) => subject === 'ab',
  },
  {
    name: 'lone surrogates',
    make: () => mail([FROM, 'Subject: =?utf-16be?b?2ADYAABh?=', 'Content-Type: text/html'], 'Hello&#xD800;'),
    text: /^Hello\ufffd$/,
    check: ({ subject }) => !/\p{Surrogate}/u.test(subject),
  },
  {
    name: 'names of prototypes as headers',
    make: () =>
      mail([
        FROM,
        '__proto__: x',
        'constructor: x',
        'hasOwnProperty: x',
        'toString: x',
        'Content-Type: text/plain; __proto__=x; constructor=y',
      ]),
    check: () => !('x' in {}),
  },
  {
    name: 'raw bytes in headers',
    make: () =>
      Buffer.concat([
        Buffer.from(`${FROM}\r\nSubject: Gr`),
        Buffer.from([0xfc, 0xdf]),
        Buffer.from('e\r\n\r\nHello\r\n'),
      ]),
    check: ({ subject }) => subject === 'Grüße',
  },
  {
    name: 'a date of the year 275760',
    make: () => mail([FROM, 'Date: Sat, 13 Sep 275760 00:00:00 +0000']),
    check: ({ date }) => date === null,
  },
  {
    name: 'a date that is none',
    make: () => mail([FROM, `Date: ${'(('.repeat(20_000)}`]),
    check: ({ date }) => date === null,
  },
  {
    name: 'our own headers from outside',
    make: () => mail([FROM, 'X-Parley-Document: INV-0042', 'X-Parley-Person: 1']),
    check: ({ from }) => from?.address === 'maya@maple.example',
  },
  { name: 'lines that end with CR alone', make: () => Buffer.from(`${FROM}\rSubject: x\r\rHello`), text: anything },
  {
    name: 'a mailbox line first',
    make: () => Buffer.concat([Buffer.from('From maya@maple.example Tue Mar 10 09:14:00 2026\r\n'), mail([FROM])]),
  },
];

const senders: Hostile[] = [
  as('two From', ['From: a@x.example', 'From: b@x.example']),
  as('"From :"', ['From : a@x.example']),
  as('"From :" and "From:"', ['From : a@x.example', 'From: b@x.example']),
  as('a list in From', ['From: a@x.example, b@x.example']),
  as('a group in From', ['From: Us: a@x.example, b@x.example;']),
  as('a quoted local part', ['From: "boss@corp.example evil"@bad.example']),
  as('a folded name of a header', ['From\r\n : a@x.example']),
  as('NUL in From', ['From: a@x.example\0@bad.example']),
  as('an encoded address', ['From: =?utf-8?q?boss=40corp.example?=']),
  as('a name that is an address, unquoted', ['From: boss@corp.example <evil@bad.example> <x@x.example>']),
  as('escapes that could hide an address', ['From: \x1b$B<a@x.example>\x1b(B <b@x.example>']),
];

const structure: Hostile[] = [
  {
    name: '50,000 levels',
    make: () =>
      typed(
        'multipart/mixed; boundary=b0',
        many(50_000, (i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`),
      ),
    refused: 'too_deep',
  },
  {
    name: '1,000 levels',
    make: () =>
      typed(
        'multipart/mixed; boundary=b0',
        many(1000, (i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`),
      ),
    refused: 'too_deep',
  },
  {
    name: '99 levels',
    make: () =>
      typed(
        'multipart/mixed; boundary=b0',
        `${many(98, (i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`)}--b98\r\n\r\nHello`,
      ),
  },
  {
    name: '100,000 parts',
    make: () => typed('multipart/mixed; boundary=b', '--b\r\n\r\nx\r\n'.repeat(100_000)),
    refused: 'too_many_parts',
  },
  {
    name: '900 texts',
    make: () => typed('multipart/mixed; boundary=b', '--b\r\n\r\nx\r\n'.repeat(900)),
    text: /^x(?:\nx){899}$/,
  },
  { name: '900 empty parts', make: () => typed('multipart/mixed; boundary=b', '--b\r\n'.repeat(900)), text: /^$/ },
  {
    name: '900 files',
    make: () =>
      parts(hello, ...Array.from({ length: 900 }, (_, i) => `Content-Disposition: attachment; filename=f\r\n\r\n${i}`)),
    check: ({ attachments, notices }) =>
      attachments.length === 50 && /^850 files were left out.*f \(51\).*and 840 more/.test(notices[0] ?? ''),
  },
  {
    name: '10,000 nested messages',
    make: () => typed('message/rfc822', 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000)),
    text: /^$/,
    check: ({ attachments }) => attachments.length === 1,
  },
  {
    name: '50,000 parameters',
    make: () => typed(`text/plain${many(50_000, (i) => `;\r\n a${i}=b`)}`, 'Hello'),
    refused: 'too_many_headers',
  },
  { name: '8,000 parameters', make: () => typed(`text/plain${many(8000, (i) => `; a${i}=b`)}`, 'Hello') },
  {
    name: '6,000 continuations',
    make: () => file(many(6000, (i) => `filename*${i % 999}=a;`)),
    check: ({ attachments }) => attachments.length === 1,
  },
  { name: 'quotes in parameters that never end', make: () => typed(`text/plain; ${'a="'.repeat(30_000)}`, 'Hello') },
  { name: 'a boundary that is missing', make: () => typed('multipart/mixed', 'Hello') },
  { name: 'a boundary that is empty', make: () => typed('multipart/mixed; boundary=""', 'Hello') },
  { name: 'a boundary that never comes', make: () => typed('multipart/mixed; boundary=never', 'Hello') },
  {
    name: 'a boundary of 2,000 characters',
    make: () => typed(`multipart/mixed; boundary=${'b'.repeat(2000)}`, `--${'b'.repeat(2000)}\r\n\r\nHello`),
  },
  {
    name: 'a boundary of 5,000 characters',
    make: () => typed(`multipart/mixed; boundary=${'b'.repeat(5000)}`, 'Hello'),
  },
  {
    name: 'lines without end that are nearly the boundary',
    make: () => typed('multipart/mixed; boundary=b', `--b\r\n\r\n${'--c\r\n'.repeat(large(1_000_000))}`),
    text: /^--c/,
  },
  {
    name: 'the same boundary inside itself',
    make: () =>
      typed(
        'multipart/mixed; boundary=b',
        '--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n--b--\r\n',
      ),
  },
  { name: 'a part without the blank line', make: () => parts('Hello') },
  {
    name: 'a missing inner boundary',
    make: () =>
      parts(
        'Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\nHello\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>Hello',
        'Content-Type: application/pdf; name=plan.pdf\r\n\r\nx',
      ),
    check: named('plan.pdf'),
  },
  {
    name: 'lines without end that are nearly a boundary, 99 levels deep',
    make: () =>
      typed(
        'multipart/mixed; boundary=b0',
        `${many(98, (i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`)}--b98\r\n\r\nHello\r\n${'--c\r\n'.repeat(large(1_000_000))}`,
      ),
    text: /^Hello\n--c/,
  },
  {
    name: 'many parts with 8,000 parameters each',
    make: () =>
      typed(
        'multipart/mixed; boundary=b',
        `--b\r\n\r\nHello\r\n${`--b\r\nContent-Type: application/pdf${many(8000, (i) => `; a${i}=b`)}\r\n\r\nx\r\n`.repeat(large(300))}`,
      ),
  },
  {
    name: 'a whole that is cut off in a part’s header',
    make: () => typed('multipart/mixed; boundary=b', '--b\r\n\r\nHello\r\n--b\r\nContent-Ty'),
    text: /^Hello/,
    check: ({ attachments }) => attachments.length === 0,
  },
  { name: 'two Content-Types', make: () => mail([FROM, 'Content-Type: text/plain', 'Content-Type: application/pdf']) },
  {
    name: 'a Content-Type that is none',
    make: () => typed('???', 'Hello'),
    text: anything,
    check: ({ attachments, reply }) => attachments.length === 1 || reply.text === 'Hello',
  },
];

const bodies: Hostile[] = [
  {
    name: '1 MB of flowed text',
    make: () => typed('text/plain; format=flowed', 'hello there \r\n'.repeat(75_000)),
    text: /^hello there hello/,
  },
  {
    name: 'flowed quotes without end',
    make: () => typed('text/plain; format=flowed', `Hello\r\n${'> a \r\n>> b \r\n'.repeat(large(80_000))}`),
    text: /^Hello/,
  },
  {
    name: 'text without end',
    make: () => typed('text/plain', 'Hello there\r\n'.repeat(large(2_400_000))),
    text: /^Hello/,
    check: ({ notices }) => notices.includes('It is very long; only its beginning is shown.'),
  },
  { name: 'a line without end', make: () => typed('text/plain', 'Hello '.repeat(large(5_000_000))), text: /^Hello/ },
  { name: 'HTML without end', make: () => html('<p>Hello</p>'.repeat(large(1_700_000))), text: /^Hello/ },
  { name: '200,000 nested div', make: () => html(`${'<div>'.repeat(200_000)}Hello`) },
  { name: '5,000 nested tables', make: () => html(`${'<table><tr><td>'.repeat(5000)}Hello`), text: /Hello/ },
  { name: '20,000 nested blockquote', make: () => html(`above${'<blockquote>'.repeat(20_000)}deep`), text: /^above/ },
  { name: '100,000 nested b', make: () => html(`${'<b>'.repeat(100_000)}Hello`) },
  {
    name: '6,000 links',
    make: () => html('<a href="https://x.example/">x</a> '.repeat(6000)),
    text: /^x/,
    check: ({ notices, reply }) => notices.length === 1 && (reply.html ?? '').split(' href=').length <= 5001,
  },
  { name: 'attributes without end', make: () => html(`<a ${'x="'.repeat(200_000)}`), text: anything },
  { name: 'attributes by the thousand', make: () => html(`<p ${many(large(100_000), (i) => `a${i}=b `)}>Hello`) },
  { name: 'entities', make: () => html('&amp;'.repeat(large(200_000))), text: /^&/ },
  { name: 'open tags', make: () => html('<'.repeat(large(1_000_000))), text: anything },
  { name: 'comments', make: () => html('<!--'.repeat(250_000)), text: anything },
  {
    name: 'doctypes and CDATA',
    make: () => html(`Hello${'<!DOCTYPE <![CDATA['.repeat(large(50_000))}`),
    text: /^Hello/,
  },
  { name: '1 MB of ">"', make: () => mail([FROM], `Hello\r\n${'>'.repeat(1_000_000)}`), text: anything },
  { name: '1 MB of "a@"', make: () => mail([FROM], 'a@'.repeat(500_000)), text: anything },
  { name: '1 MB of "a."', make: () => mail([FROM], 'a.'.repeat(500_000)), text: anything },
  {
    name: 'a text and an HTML that contradict each other',
    make: () =>
      typed(
        'multipart/alternative; boundary=b',
        '--b\r\n\r\ndo not approve\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>approve</p>\r\n--b--',
      ),
    text: /^approve$/,
    check: ({ notices }) => /say different things/.test(notices[0] ?? ''),
  },
  {
    name: 'utf-7',
    make: () => typed('text/html; charset=utf-7', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-Hi'),
    text: /^\+ADw-script/,
  },
  {
    name: 'utf-7 under another name',
    make: () => typed('text/html; charset=unicode-1-1-utf-7', '+ADw-img src=x+AD4-'),
    text: /^\+ADw-/,
  },
  { name: 'an unknown charset', make: () => typed('text/plain; charset=x-nope', 'Hello') },
  { name: 'a charset of 90 kB', make: () => typed(`text/plain; charset=${'x'.repeat(90_000)}`, 'Hello') },
  {
    name: 'a wrong charset',
    make: () => Buffer.concat([typed('text/plain; charset=utf-8', ''), Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65])]),
    text: /^Grüße$/,
  },
  {
    name: 'base64 that is cut off',
    make: () => encoded('base64', Buffer.from('Hello there').toString('base64').slice(0, -3)),
    text: /^Hello the/,
  },
  { name: '1 MB of base64 that is none', make: () => encoded('base64', '!'.repeat(1_000_000)), text: /^!/ },
  {
    name: 'base64 that is text',
    make: () => encoded('base64', 'Hello there, how are you today?'),
    text: /^Hello there/,
  },
  { name: 'base64 in pieces', make: () => encoded('base64', 'SGU=\r\nbGxv\r\n'), text: /^Hello$/ },
  {
    name: 'quoted-printable that is broken',
    make: () => encoded('quoted-printable', 'Hel=6Co =ZZ =\r\n='),
    text: /^Hello =ZZ\s*$/,
  },
  {
    name: '1 MB of "=" and spaces',
    make: () => encoded('quoted-printable', `Hello${' '.repeat(500_000)}\r\n${'= '.repeat(250_000)}`),
    text: /^Hello/,
  },
  {
    name: 'spaces in quoted-printable',
    make: () => encoded('quoted-printable', `Hello${' '.repeat(500_000)}there`),
    text: /^Hello\s+there$/,
  },
  { name: 'an unknown encoding', make: () => encoded('x-nope', 'Hello') },
];

const zip = Buffer.from('504b0304140000000800', 'hex').toString('base64');
const tnef = (body: Buffer) =>
  parts(
    hello,
    `Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${body.toString('base64')}`,
  );
const tnefHead = Buffer.from('789f3e220100', 'hex');
const attribute = (id: number, length: number, data: Buffer) => {
  const head = Buffer.alloc(9);
  head.writeUInt16LE(id, 1);
  head.writeUInt32LE(length, 5);
  return Buffer.concat([head, data, Buffer.alloc(2)]);
};

const files: Hostile[] = [
  { name: 'a name that leaves its folder', make: () => file('filename="../../etc/passwd"'), check: named('passwd') },
  {
    name: 'a name with line breaks',
    make: () => file("filename*=utf-8''a%0D%0ASet-Cookie%3A%20x.pdf"),
    check: named('aSet-Cookie_ x.pdf'),
  },
  {
    name: 'a name that turns its direction',
    make: () => file("filename*=utf-8''invoice%E2%80%AEfdp.exe"),
    check: named('invoicefdp.exe'),
  },
  { name: 'a name with NUL', make: () => file("filename*=utf-8''a.pdf%00.exe"), check: named('a.pdf.exe') },
  {
    name: 'a name of 50,000 characters',
    make: () => file(`filename="${'ü'.repeat(50_000)}.pdf"`),
    check: ({ attachments }) => Buffer.byteLength(attachments[0]?.filename ?? '') <= 200,
  },
  { name: 'a name that is only dots', make: () => file('filename=".."'), check: named('attachment-1.pdf') },
  { name: 'a name of a prototype', make: () => file('filename="__proto__"'), check: named('__proto__') },
  {
    name: 'a zip bomb, which nobody opens',
    make: () =>
      parts(
        hello,
        `Content-Type: application/zip; name=42.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip.repeat(50_000)}`,
      ),
    check: named('42.zip'),
  },
  {
    name: 'a large file',
    make: () =>
      parts(
        hello,
        `Content-Disposition: attachment; filename=big.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(large(25_000_000), 7).toString('base64')}`,
      ),
    check: ({ attachments }) => attachments[0]?.content.length === large(25_000_000),
  },
  {
    name: 'uuencode',
    make: () => mail([FROM], 'Hello\r\nbegin 644 ../cat.txt\r\n#0V%T\r\n`\r\nend\r\n'),
    check: ({ attachments }) => attachments[0]?.filename === 'cat.txt' && attachments[0].content.toString() === 'Cat',
  },
  {
    name: 'uuencode that never ends',
    make: () => mail([FROM], `Hello\r\n${'begin 644 x\r\n'.repeat(large(80_000))}`),
    text: /^Hello\nbegin/,
  },
  { name: 'winmail.dat that is none', make: () => tnef(Buffer.alloc(100_000, 7)), check: named('winmail.dat') },
  {
    name: 'winmail.dat that says it is 4 GB',
    make: () => tnef(Buffer.concat([tnefHead, attribute(0x800f, 0xffffffff, Buffer.alloc(9))])),
    check: ({ attachments }) => attachments.length === 0,
  },
  {
    name: 'winmail.dat with 60,000 files',
    make: () =>
      tnef(Buffer.concat([tnefHead, ...Array.from({ length: 60_000 }, () => attribute(0x9002, 0, Buffer.alloc(0)))])),
  },
  {
    name: 'winmail.dat with four billion properties',
    make: () => tnef(Buffer.concat([tnefHead, attribute(0x9003, 12, Buffer.from('ffffffff1f100010ffffffff', 'hex'))])),
  },
  {
    name: 'an endless calendar',
    make: () =>
      parts(hello, `Content-Type: text/calendar; method=REQUEST\r\n\r\n${'BEGIN:VEVENT\r\n'.repeat(100_000)}`),
    check: ({ event }) => event?.summary === '',
  },
  {
    name: 'quotes in a calendar',
    make: () => parts(hello, `Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY;X=${'"'.repeat(200_001)}:x`),
    check: ({ event }) => event !== null,
  },
  {
    name: 'OpenPGP frames without end',
    make: () => mail([FROM], `Hello\r\n${'-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n'.repeat(20_000)}`),
    text: /^Hello/,
  },
];

export const HOSTILE: readonly Hostile[] = [...headers, ...senders, ...structure, ...bodies, ...files];
