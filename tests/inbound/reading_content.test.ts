import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingContext, ReadMail } from '../../src/inbound/reading/message.js';
import { previewMail, readMail } from '../../src/inbound/reading/worker/read_mail.js';
import { CHARSETS } from '../support/charsets.js';
import { attachment, binary, long, message, object, rtf, text16, text8, winmail } from '../support/tnef.js';

const CONTEXT: ReadingContext = {
  remote_ip: '127.0.0.1',
  helo: 'localhost',
  mail_from: 'maya@maple.example',
  recipient: null,
  dns: {},
};
const FROM = 'From: Maya Chen <maya@maple.example>';
const bytes = (headers: string[], body: Buffer) =>
  Buffer.concat([Buffer.from(`${[FROM, ...headers].join('\r\n')}\r\n\r\n`), body]);
const read = (headers: string[], body: string | Buffer) => readMail(bytes(headers, Buffer.from(body)), CONTEXT);
const multipart = (kind: string, ...parts: string[]) =>
  read(
    [`Content-Type: multipart/${kind}; boundary="=_b"`],
    `This is for old programs.\r\n${parts.map((part) => `--=_b\r\n${part}\r\n`).join('')}--=_b--\r\nThe end.\r\n`,
  );
const text = (body: string, more = '') => `Content-Type: text/plain; charset=utf-8${more}\r\n\r\n${body}`;
const html = (body: string) => `Content-Type: text/html; charset=utf-8\r\n\r\n${body}`;
const file = (type: string, body: string | Buffer, ...headers: string[]) =>
  [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    ...headers,
    '',
    Buffer.from(body).toString('base64'),
  ].join('\r\n');
const names = ({ attachments }: ReadMail) => attachments.map(({ filename }) => filename);
const png = (width: number, height: number, more = 0) => {
  const image = Buffer.from('89504e470d0a1a0a0000000d49484452000000000000000008060000000000000000', 'hex');
  image.writeUInt32BE(width, 16);
  image.writeUInt32BE(height, 20);
  return Buffer.concat([image, Buffer.from([more])]);
};

describe('text in any encoding', () => {
  for (const [label, said, base64] of CHARSETS) {
    it(label, async () => {
      const got = await read(
        [
          `Subject: =?${label}?B?${base64}?=`,
          `Content-Type: text/plain; charset="${label}"`,
          'Content-Transfer-Encoding: base64',
        ],
        base64,
      );
      assert.equal(got.reply.text, said);
      assert.equal(got.subject, said);
    });
  }

  const latin = Buffer.from('Grüße aus Köln', 'latin1');
  const guesses: [string, string[], Buffer, string][] = [
    ['none said, and it is UTF-8', [], Buffer.from('Grüße 🚪'), 'Grüße 🚪'],
    ['none said, and it is Latin 1', [], latin, 'Grüße aus Köln'],
    ['UTF-8 said, and it is Latin 1', ['Content-Type: text/plain; charset=utf-8'], latin, 'Grüße aus Köln'],
    ['Latin 1 said, and it is UTF-8', ['Content-Type: text/plain; charset=iso-8859-1'], Buffer.from('Grüße'), 'Grüße'],
    [
      'Cyrillic said, and it is UTF-8',
      ['Content-Type: text/plain; charset=windows-1251'],
      Buffer.from('Привет'),
      'Привет',
    ],
    ['one that nobody knows', ['Content-Type: text/plain; charset=x-nope'], latin, 'Grüße aus Köln'],
    [
      'ASCII said, with Windows quotes',
      ['Content-Type: text/plain; charset=us-ascii'],
      Buffer.from([0x93, 0x61, 0x94, 0x20, 0x80]),
      '“a” €',
    ],
    [
      'UTF-8 with one broken byte',
      ['Content-Type: text/plain; charset=utf-8'],
      Buffer.from([...Buffer.from('Привет, '), 0xd0, 0x21]),
      'Привет, \ufffd!',
    ],
    [
      'none said, but the subject tells',
      ['Subject: =?koi8-r?B?8NLJ18XU?='],
      Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]),
      'Привет',
    ],
    [
      'none said, but the HTML tells',
      ['Content-Type: text/html'],
      Buffer.concat([
        Buffer.from('<meta charset="windows-1251"><p>'),
        Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
      ]),
      'Привет',
    ],
    [
      'UTF-16 without saying which',
      ['Content-Type: text/plain; charset=utf-16'],
      Buffer.from('Hi there', 'utf16le').swap16(),
      'Hi there',
    ],
    ['ISO-2022-JP under no name', [], Buffer.from('\x1b$B@A5a=q\x1b(B', 'latin1'), '請求書'],
    ['NUL between', [], Buffer.from('a\0b'), 'ab'],
    ['a mark before UTF-8', ['Content-Type: text/plain; charset=utf-8'], Buffer.from('\ufeffGrüße'), 'Grüße'],
    [
      'Japanese with a broken byte',
      ['Content-Type: text/plain; charset=iso-2022-jp'],
      Buffer.from('\x1b$B@A5a=q\x1b(B a\xffbcd', 'latin1'),
      '請求書 a\ufffdbcd',
    ],
  ];
  for (const [name, headers, body, said] of guesses)
    it(name, async () => assert.equal((await read(headers, body)).reply.text, said));

  it('UTF-7 is left as it is', async () => {
    const got = await read(
      ['Content-Type: text/html; charset=UTF-7', 'Subject: =?utf-7?q?+ADw-b+AD4-?='],
      '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
    );
    assert.equal(got.reply.text, '+ADw-script+AD4-alert(1)+ADw-/script+AD4-');
    assert.equal(got.subject, '+ADw-b+AD4-');
  });
});

describe('subjects', () => {
  const subjects: [string, string][] = [
    ['=?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?UTF-8?B?R3LDvMOf?= =?utf-8?q?e?=', 'Grüße'],
    ['=?utf-8?q?Gr=C3?=\r\n =?utf-8?q?=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=', 'Grüße'],
    ['Re: =?iso-8859-1?q?T=FCr?= (2)', 'Re: Tür (2)'],
    ['=?utf-8?q?a?= b =?utf-8?q?c?=', 'a b c'],
    ['=?utf-8?q?a_b?=  =?iso-8859-1?q?=FC?=', 'a bü'],
    ['x=?utf-8?q?=C3=BC?=y', 'xüy'],
    ['=?utf-8*de?q?T=C3=BCr?=', 'Tür'],
    ['=?utf-8?q?two words?=', 'two words'],
    ['=?utf-8?q?50% =3F?=', '50% ?'],
    ['=?nope?q?a=FC?=', 'aü'],
    ['=?utf-8?x?abc?=', '=?utf-8?x?abc?='],
    ['=?utf-8?b??=', ''],
    [' a\r\n\tb ', 'a b'],
    ['Grüße 🚪', 'Grüße 🚪'],
    ['=?utf-8?b?4oCucGRm?=', 'pdf'],
    ['=?iso-8859-1?q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?q?Gr=FC=DFe?=', 'Grüße'],
    ['=?cp65001?q?Gr=C3=BC=C3?=\r\n =?cp65001?q?=9Fe?=', 'Grüße'],
  ];
  for (const [value, said] of subjects)
    it(JSON.stringify(value), async () => assert.equal((await read([`Subject: ${value}`], 'x')).subject, said));

  it('and names in 8 bits without any label', async () => {
    const raw = Buffer.from('From: J\xf6rg <joerg@maple.example>\r\nSubject: T\xfcr\r\n\r\nx', 'latin1');
    const got = await readMail(raw, CONTEXT);
    assert.deepEqual([got.subject, got.from], ['Tür', { address: 'joerg@maple.example', name: 'Jörg' }]);
  });

  it('and addresses beyond ASCII', async () => {
    const got = await readMail(Buffer.from('From: Jörg <jörg@bücher.example>\r\n\r\nx'), CONTEXT);
    assert.deepEqual(got.from, { address: 'jörg@xn--bcher-kva.example', name: 'Jörg' });
  });

  it('and dates: none that can’t be', async () => {
    const date = async (value: string) => (await read([`Date: ${value}`], 'x')).date?.toISOString() ?? null;
    assert.equal(await date('Tue, 10 Mar 2026 09:14:00 +0100 (CET)'), '2026-03-10T08:14:00.000Z');
    assert.equal(await date('10 Mar 26 09:14 GMT'), '2026-03-10T09:14:00.000Z');
    assert.deepEqual(
      [await date('Tue, 10 Mar 2099 09:14:00 +0100'), await date('yesterday'), await date('')],
      [null, null, null],
    );
  });
});

describe('names of files', () => {
  const given: [string, string][] = [
    ['filename="a b.pdf"', 'a b.pdf'],
    ['filename=a b.pdf', 'a b.pdf'],
    ['filename=a.pdf; size=3', 'a.pdf'],
    ["filename*=utf-8''Angebot%20T%C3%BCr.pdf", 'Angebot Tür.pdf'],
    ["filename*=iso-8859-1'de'T%FCr.pdf", 'Tür.pdf'],
    ['filename*0*=utf-8\'\'T%C3; filename*1*=%BCr; filename*2=".pdf"', 'Tür.pdf'],
    ['filename*1="b.pdf"; filename*0="a"', 'ab.pdf'],
    ["filename=old.pdf; filename*=utf-8''new.pdf", 'new.pdf'],
    ['filename="=?utf-8?B?VMO8ci5wZGY=?="', 'Tür.pdf'],
    ['filename="=?iso-8859-1?q?T=FCr.pdf?="', 'Tür.pdf'],
    ['filename="Tür.pdf"', 'Tür.pdf'],
    ['filename="a\\"b;c.pdf"', 'a_b;c.pdf'],
    ['filename="C:\\\\temp\\\\plan.pdf"', 'plan.pdf'],
    ['filename="C:\\temp\\plan.pdf"', 'plan.pdf'],
    ['filename="never ends.pdf', 'never ends.pdf'],
    ['filename=', 'attachment-1.pdf'],
    ['filename="a (1).pdf" (a comment)', 'a (1).pdf'],
    ['filename="=?nope?q?T=FCr.pdf?="', 'Tür.pdf'],
  ];
  for (const [parameter, name] of given) {
    it(parameter, async () =>
      assert.deepEqual(
        names(
          await multipart(
            'mixed',
            text('Hello'),
            file('application/pdf', 'x', `Content-Disposition: attachment; ${parameter}`),
          ),
        ),
        [name],
      ),
    );
  }

  it('are each other’s neighbours, never the same', async () => {
    const got = await multipart(
      'mixed',
      ...['1', '2', '3'].map((content) => file('application/pdf; name="plan.pdf"', content)),
      file('application/pdf; name="PLAN.pdf"', '4'),
    );
    assert.deepEqual(names(got), ['plan.pdf', 'plan (2).pdf', 'plan (3).pdf', 'PLAN (4).pdf']);
  });
});

describe('bodies', () => {
  it('of several parts stand in order, and HTML among them', async () => {
    const got = await multipart(
      'mixed',
      text('Above'),
      file('image/png; name=oak.png', png(90, 90)),
      text('Between'),
      html('<p>Below <b>bold</b></p>'),
      text('a < b'),
    );
    assert.equal(got.reply.text, 'Above\n\nBetween\n\nBelow bold\n\na < b');
    assert.deepEqual(names(got), ['oak.png']);
  });

  it('in two ways are the HTML’s, unless it shows nothing', async () => {
    assert.equal((await multipart('alternative', text('plain'), html('<p>plain'))).reply.text, 'plain');
    assert.equal((await multipart('alternative', text('plain'), html('<p></p>'))).reply.text, 'plain');
    assert.equal(
      (await multipart('alternative', text('plain'), 'Content-Type: text/x-amp-html\r\n\r\n<p>amp')).reply.text,
      'plain',
    );
  });

  it('that contradict each other are said to', async () => {
    assert.deepEqual((await multipart('alternative', text('do not approve'), html('<p>approve'))).notices, [
      'Its text and its HTML say different things; both are shown.',
    ]);
    assert.deepEqual(
      (
        await multipart(
          'alternative',
          text('I agree: see https://x.example/a [image: logo]'),
          html('<p>I agr<b>ee</b>: see <a href="https://x.example/a">https://x.example/a</a><img src="cid:a">'),
        )
      ).notices,
      [],
    );
  });

  it('that flow are joined, each part by its own rule', async () => {
    const got = await multipart(
      'mixed',
      text('one \r\ntwo', '; format=flowed'),
      text('three \r\nfour'),
      text('fi \r\nve', '; format="flowed"; DelSp=Yes'),
    );
    assert.equal(got.reply.text, 'one two\nthree\nfour\nfive');
  });

  it('that are all in files are empty', async () => {
    const got = await multipart('mixed', file('application/pdf; name=a.pdf', 'x'));
    assert.deepEqual([got.reply.text, names(got), got.notices], ['', ['a.pdf'], []]);
  });

  it('hold images that become files, wherever the image came from', async () => {
    const got = await read(
      ['Content-Type: text/html'],
      `<p>Look:</p><img src="data:image/png;base64,${png(80, 80).toString('base64')}"><p>Nice</p>`,
    );
    assert.deepEqual(
      [got.reply.text, names(got), got.attachments[0]?.inline],
      ['Look:\n\nNice', ['image-1.png'], true],
    );
    assert.match(
      (
        await previewMail(
          bytes(
            ['Content-Type: text/html'],
            Buffer.from(`<img src=data:image/png;base64,${png(80, 80).toString('base64')}>`),
          ),
        )
      ).html,
      /<img src="data:image\/png;base64,/,
    );
  });

  it('leave out logos that come again, and pixels', async () => {
    const got = await multipart(
      'related',
      html('<p>Look <img src="cid:a"> <img src="cid:b"> <img src="cid:c"></p>'),
      file('image/png; name=logo.png', png(90, 30), 'Content-ID: <a>'),
      file('image/png; name=logo2.png', png(90, 30), 'Content-ID: <b>'),
      file('image/png; name=pixel.png', png(1, 1), 'Content-ID: <c>'),
      file('image/png; name=oak.png', png(90, 30, 7), 'Content-ID: <d>', 'Content-Disposition: inline'),
    );
    assert.deepEqual(names(got), ['logo.png', 'oak.png']);
  });

  it('keep files of uuencode apart from their text', async () => {
    const got = await read([], 'Here it is:\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nBye\r\n');
    assert.deepEqual(
      [got.reply.text, names(got), got.attachments[0]?.content.toString()],
      ['Here it is:\n\nBye', ['cat.txt'], 'Cat'],
    );
    assert.equal(
      (await read([], 'begin 644 chapters\r\nof this book\r\nend\r\n')).reply.text,
      'begin 644 chapters\nof this book\nend',
    );
  });
});

describe('parts in which something is wrong', () => {
  const pdf = 'Content-Type: application/pdf; name=plan.pdf\r\n\r\nx';
  const raw = (type: string, body: string) => read([`Content-Type: ${type}`], body);

  it('end where the multipart around them goes on', async () => {
    const inner = `Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n${text('Hello')}\r\n--i\r\n${html('<p>Hello')}`;
    const got = await multipart('mixed', inner, pdf, text('Bye'));
    assert.deepEqual([got.reply.text, names(got)], ['Hello\n\nBye', ['plan.pdf']]);
  });

  it('are shown as they are if their boundary is wrong', async () => {
    const got = await raw('multipart/mixed; boundary=one', `--two\r\n${text('Hello')}\r\n--two--\r\n`);
    assert.match(got.reply.text, /^--two\nContent-Type: [^]*\n\nHello\n--two--$/);
  });

  it('are told apart by boundaries with spaces or a comment behind them', async () => {
    const body = `--b  \r\n${text('Hello')}\r\n--b\t\r\n${pdf}\r\n--b-- \r\n`;
    for (const type of ['multipart/mixed; boundary=b', 'Multipart/Mixed (old); Boundary="b" (a comment)'])
      assert.deepEqual(names(await raw(type, body)), ['plan.pdf']);
  });

  it('are read without a blank line below their header, or without any header', async () => {
    const got = await multipart('mixed', 'Hello', 'X-Note: none\r\nHow are you?\r\n\r\nBye', pdf);
    assert.deepEqual([got.reply.text, names(got)], ['Hello\n\nHow are you?\n\nBye', ['plan.pdf']]);
  });

  it('are no parts if they stand in a text', async () => {
    const body = 'One\r\n--b\r\nTwo\r\n--b--\r\nThree';
    assert.equal((await raw('text/plain; boundary=b', body)).reply.text, body.replaceAll('\r', ''));
    const got = await multipart('mixed', text('Hello'), `Content-Type: application/pdf; boundary=b\r\n\r\n${body}`);
    assert.equal(got.attachments[0]?.content.toString(), body);
  });

  it('may be empty', async () => {
    const got = await multipart('mixed', text('Hello'), 'Content-Disposition: attachment; filename=a.txt\r\n\r\n', pdf);
    assert.deepEqual(
      got.attachments.map(({ filename, content }) => [filename, content.toString()]),
      [
        ['a.txt', ''],
        ['plan.pdf', 'x'],
      ],
    );
  });

  it('hold what looks like a boundary once they are decoded', async () => {
    const body = 'One\n--=_b\nContent-Type: application/pdf\n\nTwo';
    const encoded = Buffer.from(body).toString('base64');
    const got = await multipart(
      'mixed',
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`,
      file('application/octet-stream; name=a.bin', body),
    );
    assert.deepEqual([got.reply.text, names(got)], [body, ['a.bin']]);
  });

  it('are files in uuencode, too', async () => {
    const got = await multipart(
      'mixed',
      text('Hello'),
      'Content-Type: application/x; name=cat.txt\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend',
    );
    assert.equal(got.attachments[0]?.content.toString(), 'Cat');
  });

  it('lose no words where a text stands beside HTML among alternatives', async () => {
    const both = `Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n${html('<p>Hello')}\r\n--i\r\n${text('A < B')}\r\n--i--`;
    assert.equal((await multipart('alternative', text('Hello'), both)).reply.text, 'Hello\n\nA < B');
  });
});

describe('messages in messages', () => {
  it('are files, also those in a digest, and never part of the text', async () => {
    const inner =
      'From: x@y.example\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninner body\r\n--i\r\nContent-Disposition: attachment; filename=inner.pdf\r\n\r\nx\r\n--i--';
    const got = await multipart(
      'mixed',
      text('See below'),
      `Content-Type: message/rfc822; name="Old mail.eml"\r\n\r\n${inner}`,
      text('Bye'),
    );
    assert.deepEqual([got.reply.text, names(got)], ['See below\nBye', ['Old mail.eml']]);
    assert.match(got.attachments[0]?.content.toString() ?? '', /inner body[^]*inner\.pdf/);
    assert.deepEqual(names(await multipart('digest', `\r\n${inner}`, `\r\n${inner} `)), [
      'attachment-1.eml',
      'attachment-2.eml',
    ]);
  });
});

describe('signed and encrypted mail', () => {
  const signature = (type: string, name: string) =>
    file(`${type}; name=${name}`, 'sig', `Content-Disposition: attachment; filename=${name}`);

  it('that is signed is read without its signature', async () => {
    for (const [type, name] of [
      ['application/pgp-signature', 'signature.asc'],
      ['application/pkcs7-signature', 'smime.p7s'],
      ['application/x-pkcs7-signature', 'smime.p7s'],
    ] as const) {
      const got = await multipart(`signed; protocol="${type}"`, text('Agreed.'), signature(type, name));
      assert.deepEqual([got.reply.text, names(got), got.notices], ['Agreed.', [], []]);
    }
    const inline = await read(
      [],
      '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nAgreed.\r\n- - one\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n=abcd\r\n-----END PGP SIGNATURE-----\r\n',
    );
    assert.equal(inline.reply.text, 'Agreed.\n- one');
  });

  it('that is encrypted is kept as a file, and said to be', async () => {
    const pgp = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n';
    const got = await multipart(
      'encrypted; protocol="application/pgp-encrypted"',
      'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1',
      `Content-Type: application/octet-stream\r\n\r\n${pgp}`,
    );
    assert.deepEqual(
      [got.reply.text, names(got), got.notices],
      ['', ['encrypted.asc'], ['It is encrypted; we kept it as a file.']],
    );
    const smime = await read(
      ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data', 'Content-Transfer-Encoding: base64'],
      Buffer.from('30800609 2a864886f70d010703'.replace(' ', ''), 'hex').toString('base64'),
    );
    assert.deepEqual([names(smime), smime.notices], [['smime.p7m'], ['It is encrypted; we kept it as a file.']]);
    const opaque = await read(
      [
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m',
        'Content-Transfer-Encoding: base64',
      ],
      Buffer.from('308006092a864886f70d010702', 'hex').toString('base64'),
    );
    assert.deepEqual(
      [names(opaque), opaque.notices],
      [['smime.p7m'], ['It is signed in a form (S/MIME) that holds the message itself; we kept it as a file.']],
    );
    assert.deepEqual((await read([], `See:\r\n${pgp}`)).notices, ['Its text is encrypted; it is shown as it came.']);
  });
});

describe('invitations', () => {
  const invite = (method: string, more = '') =>
    [
      'BEGIN:VCALENDAR',
      `METHOD:${method}`,
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'DTSTART;TZID="Europe/Berlin":20260310T093000',
      'DTEND:20260310T093000Z',
      'SUMMARY;LANGUAGE=de:Aufmaß\\, Küche \\; Bad und ein Titel\\nder\\\\so lang ist\\, dass er',
      '  gefaltet wird',
      'LOCATION:Hafen 3',
      'BEGIN:VALARM',
      'SUMMARY:Alarm',
      'END:VALARM',
      more,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');

  it('are a file and a few facts', async () => {
    const got = await multipart(
      'alternative',
      text('Invitation'),
      html('<p>Invitation'),
      file('text/calendar; charset=utf-8; method=REQUEST', invite('REQUEST')),
    );
    assert.deepEqual(got.event, {
      method: 'REQUEST',
      summary: 'Aufmaß, Küche ; Bad und ein Titel der\\so lang ist, dass er gefaltet wird',
      start: { at: '2026-03-10T09:30:00', zone: 'Europe/Berlin' },
      end: { at: '2026-03-10T09:30:00Z', zone: null },
      place: 'Hafen 3',
    });
    assert.deepEqual([names(got), got.reply.text], [['invite.ics'], 'Invitation']);
  });

  it('are one, though they come twice; an answer is told from a question', async () => {
    const got = await multipart(
      'mixed',
      text('Yes'),
      file('text/calendar; method=REPLY', invite('REPLY')),
      file('application/ics; name="invite.ics"', invite('REPLY')),
    );
    assert.deepEqual([names(got), got.event?.method], [['invite.ics'], 'REPLY']);
  });

  it('may be for whole days, or nonsense', async () => {
    const day = await multipart(
      'mixed',
      file('text/calendar', 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260310\nEND:VEVENT'),
    );
    assert.deepEqual(day.event, {
      method: null,
      summary: '',
      start: { at: '2026-03-10', zone: null },
      end: null,
      place: '',
    });
    assert.equal((await multipart('mixed', file('text/calendar', 'nonsense'))).event, null);
  });
});

describe('winmail.dat', () => {
  const wrapped = (dat: Buffer, ...more: string[]) =>
    multipart('mixed', ...more, file('application/ms-tnef; name=winmail.dat', dat));
  const PLAN = Buffer.from('a plan of the house');

  it('is unpacked: the files with their long names', async () => {
    const got = await wrapped(
      winmail(
        message(text16(0x1000, 'Inside')),
        attachment('PLAN~1.PDF', PLAN, text16(0x3707, 'Plan für Tür.pdf'), text8(0x370e, 'application/pdf')),
        attachment('Stra\xdfe.txt', Buffer.from('x')),
      ),
      text('Outside'),
    );
    assert.deepEqual([got.reply.text, names(got)], ['Outside', ['Plan für Tür.pdf', 'Straße.txt']]);
    assert.deepEqual([got.attachments[0]?.content_type, got.attachments[0]?.content], ['application/pdf', PLAN]);
  });

  it('gives its body if the message has none', async () => {
    assert.equal(
      (await wrapped(winmail(message(long(0x3fde, 1251), text8(0x1000, '\xcf\xf0\xe8\xe2\xe5\xf2'))))).reply.text,
      'Привет',
    );
    assert.equal(
      (await wrapped(winmail(message(binary(0x1013, Buffer.from('<p>Hi <b>there</b>')))))).reply.text,
      'Hi there',
    );
    assert.equal(
      (
        await wrapped(
          winmail(
            message(
              binary(
                0x1009,
                rtf("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}Gr\\'fc\\u223?e\\par\\b Zwei\\b0  T\\u252\\'fcren}"),
              ),
            ),
          ),
        )
      ).reply.text,
      'Grüße\nZwei Türen',
    );
    const encapsulated = rtf(
      '{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag84 <p>}\\htmlrtf {\\htmlrtf0 Hi {\\*\\htmltag84 <b>}\\htmlrtf \\b\\htmlrtf0 a < b{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 {\\*\\htmltag92 </p>}}',
    );
    assert.equal((await wrapped(winmail(message(binary(0x1009, encapsulated))))).reply.text, 'Hi a < b');
  });

  it('gives also what is attached to a message in it', async () => {
    const inner = winmail(message(text8(0x1000, 'Inner')), attachment('inner.pdf', PLAN));
    assert.deepEqual(
      names(await wrapped(winmail(attachment('Old mail', null, object(0x3701, inner))), text('Outside'))),
      ['message.txt', 'inner.pdf'],
    );
  });

  it('is undone if it was compressed', async () => {
    const compressed = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    );
    // The example of MS-OXRTFCP section 4.1.
    assert.equal((await wrapped(winmail(message(binary(0x1009, compressed))))).reply.text, 'hello world');
  });
});
