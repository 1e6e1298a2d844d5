import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dkimSign } from 'mailauth';
import { authenticateMail, zoneResolver } from '../../src/inbound/reading/authenticate.js';
import type { Resolve } from '../../src/inbound/reading/authenticate.js';
import { automaticReason, bulkReason } from '../../src/inbound/reading/automated/automatic.js';
import { safeFilename } from '../../src/inbound/reading/attachments/filename.js';
import { unflow } from '../../src/inbound/reading/repairs/flowed_quotes.js';
import { headerFields } from '../../src/inbound/reading/headers.js';
import type { ReadingContext } from '../../src/inbound/reading/message.js';
import { readMail } from '../../src/inbound/reading/worker/read_mail.js';
import { extractReply, newText } from '../../src/inbound/reply.js';
import { readSender } from '../../src/inbound/reading/sender/from_header.js';

// Compiled to build/tests; the fixtures stay where they are.
const FIXTURES = join(import.meta.dirname, '../../../tests/fixtures/mail');
const ZONE = { 'maple.example': { ips: ['127.0.0.1', '::1'] } };
const CONTEXT: ReadingContext = {
  remote_ip: '127.0.0.1',
  helo: 'localhost',
  mail_from: 'maya@maple.example',
  recipient: 'reply+7kq2@mail.harbor.example',
  dns: ZONE,
};
const FROM = 'From: Maya Chen <maya@maple.example>';

const mail = (headers: string[], body = 'Hello\n') => Buffer.from([...headers, '', body].join('\r\n'));
const read = (headers: string[], body?: string) => readMail(mail(headers, body), CONTEXT);
const sender = (...headers: string[]) => readSender(headerFields(mail(headers)), 'Maya');
const fixture = (name: string) => readFileSync(join(FIXTURES, name));

describe('what the sender newly wrote', () => {
  for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.eml'))) {
    it(file, async () => {
      const reply = await extractReply(fixture(file));
      assert.equal(reply.text.trim(), fixture(file.replace('.eml', '.reply.txt')).toString().trim());
    });
  }

  const attributions = [
    'Понедельник, 9 марта 2026, 16:02 +03:00 от Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    '09.03.2026, 16:02, "Harbor & Pine" <reply+7kq2@mail.harbor.example>:',
    '9 Mar 2026 Pzt, 16:02 tarihinde Harbor & Pine <reply+7kq2@mail.harbor.example> şunu yazdı:',
    '9 mars 2026 kl. 16:02 skrev Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    '2026년 3월 9일 (월) 오후 4:02, Harbor & Pine <reply+7kq2@mail.harbor.example>님이 작성:',
    'Harbor & Pine <reply+7kq2@mail.harbor.example> 于2026年3月9日周一 16:02写道：',
    'po 9. 3. 2026 v 16:02 odesílatel Harbor & Pine <reply+7kq2@mail.harbor.example> napsal:',
    'Harbor & Pine <reply+7kq2@mail.harbor.example> ezt írta (időpont: 2026. márc. 9., H, 16:02):',
    'ma 9. maalisk. 2026 klo 16.02 Harbor & Pine <reply+7kq2@mail.harbor.example> kirjoitti:',
    '\u202bבתאריך יום ב׳, 9 במרץ 2026 ב-16:02 מאת \u202aHarbor\u202c\u200f <\u202areply@mail.harbor.example\u202c\u200f>:\u202c',
    'في الاثنين، 9 مارس 2026 في 4:02 م تمت كتابة ما يلي بواسطة Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    'เมื่อ จ. 9 มี.ค. 2026 เวลา 16:02 Harbor & Pine <reply+7kq2@mail.harbor.example> เขียนว่า:',
    'Vào Th 2, 9 thg 3, 2026 vào lúc 16:02 Harbor & Pine <reply+7kq2@mail.harbor.example> đã viết:',
    'Στις Δευ 9 Μαρ 2026 στις 4:02 μ.μ., ο χρήστης Harbor & Pine <reply+7kq2@mail.harbor.example> έγραψε:',
    'man. 9. mars 2026 kl. 16:02 skrev Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    'Em seg., 9 de mar. de 2026 às 16:02, Harbor & Pine <reply+7kq2@mail.harbor.example> escreveu:',
    'Il giorno lun 9 mar 2026 alle ore 16:02 Harbor & Pine <reply+7kq2@mail.harbor.example> ha scritto:',
    'Op ma 9 mrt 2026 om 16:02 schreef Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    'пн, 9 мар. 2026 г. в 16:02, Harbor & Pine <reply+7kq2@mail.harbor.example>:',
    'On Mon, 9 Mar 2026, at 4:02 PM, Harbor & Pine wrote:',
    'Pada Sen, 9 Mar 2026 pukul 16.02 Harbor & Pine <reply+7kq2@mail.harbor.example> menulis:',
    'În lun., 9 mar. 2026 la 16:02, Harbor & Pine <reply+7kq2@mail.harbor.example> a scris:',
    'Le 09/03/2026 à 16:02, Harbor & Pine a écrit :',
    'Am 09.03.26 um 16:02 schrieb Harbor & Pine:',
    'El 9/3/26 a las 16:02, Harbor & Pine escribió:',
    'Il 09/03/26 16:02, Harbor & Pine ha scritto:',
    'Op 09-03-2026 om 16:02 schreef Harbor & Pine:',
    'W dniu 09.03.2026 o 16:02, Harbor & Pine pisze:',
    'Dne 09. 03. 26 v 16:02 Harbor & Pine napsal(a):',
    'Den 09.03.2026 16:02, skrev Harbor & Pine:',
    '09.03.2026 16:02, Harbor & Pine пишет:',
    '在 2026/3/9 16:02, Harbor & Pine 写道:',
    'On 2026/03/09 16:02, Harbor & Pine wrote:',
    'Quoting Harbor & Pine <reply@mail.harbor.example>:',
    'Harbor & Pine <reply@mail.harbor.example> schrieb am Mo., 9. März 2026, 16:02:',
    'On Mon, Mar 9, 2026 at 4:02 PM, Harbor & Pine <[reply@mail.harbor.example](mailto:reply@mail.harbor.example)> wrote:',
    'Harbor & Pine <reply@mail.harbor.example> wrote:',
  ];
  const headers = [
    'Gesendet: Montag, 09. März 2026 um 16:02 Uhr\nVon: Harbor & Pine <reply+7kq2@mail.harbor.example>\nAn: maya@maple.example\nBetreff: Rechnung',
    '-------- Original message --------\nFrom: Harbor & Pine <reply+7kq2@mail.harbor.example>\nDate: 09/03/2026 16:02 (GMT+01:00)\nTo: maya@maple.example\nSubject: Invoice',
    '------------------ 原始邮件 ------------------\n发件人: "Harbor" <reply@mail.harbor.example>;\n发送时间: 2026年3月9日(星期一) 下午4:02\n收件人: "maya"<maya@maple.example>;\n主题: Invoice',
    'De: Harbor & Pine <reply+7kq2@mail.harbor.example>\nEnviado: lunes, 9 de marzo de 2026 16:02\nPara: Maya Chen\nAsunto: Factura',
    'Da: Harbor & Pine <reply+7kq2@mail.harbor.example>\nInviato: lunedì 9 marzo 2026 16:02\nA: Maya\nOggetto: Fattura',
    'Van: Harbor & Pine <reply+7kq2@mail.harbor.example>\nVerzonden: maandag 9 maart 2026 16:02\nAan: Maya\nOnderwerp: Factuur',
    'Od: Harbor & Pine <reply+7kq2@mail.harbor.example>\nWysłano: poniedziałek, 9 marca 2026 16:02\nDo: Maya\nTemat: Faktura',
    'Från: Harbor & Pine <reply+7kq2@mail.harbor.example>\nSkickat: den 9 mars 2026 16:02\nTill: Maya\nÄmne: Faktura',
    'Lähettäjä: Harbor & Pine <reply+7kq2@mail.harbor.example>\nLähetetty: maanantai 9. maaliskuuta 2026 16.02\nVastaanottaja: Maya\nAihe: Lasku',
    'Kimden: Harbor & Pine <reply+7kq2@mail.harbor.example>\nGönderildi: 9 Mart 2026 Pazartesi 16:02\nKime: Maya\nKonu: Fatura',
    'Från: Harbor & Pine <reply+7kq2@mail.harbor.example>\nDatum: måndag, 9 mars 2026 16:02\nTill: Maya',
    '差出人: Harbor & Pine <reply+7kq2@mail.harbor.example>\n送信日時: 2026年3月9日 16:02\n宛先: Maya\n件名: 請求書',
    '보낸 사람: Harbor & Pine <reply+7kq2@mail.harbor.example>\n보낸 날짜: 2026년 3월 9일 월요일 오후 4:02\n받는 사람: Maya\n제목: 송장',
    'From: "Harbor" <reply@mail.harbor.example>\nTo: "Maya" <maya@maple.example>\nSent: Monday, March 9, 2026 4:02:11 PM\nSubject: Invoice',
    'Sõnastaja: Harbor & Pine <reply+7kq2@mail.harbor.example>\nSaadetud: esmaspäev, 9. märts 2026 16:02\nSaajale: Maya <maya@maple.example>\nTeema: Arve',
    '________________________________\nDe : Harbor & Pine <reply+7kq2@mail.harbor.example>\nEnvoyé : lundi 9 mars 2026 16:02\nÀ : Maya\nObjet : Facture',
  ];
  for (const above of [
    ...attributions.map((line) => `${line}\n> Old one\n> Old two`),
    ...headers.map((block) => `${block}\n\nOld one\nOld two`),
  ]) {
    it(`cuts the quote below ${JSON.stringify(above.slice(0, 50))}`, () => {
      const reply = newText(`Passt so, danke!\nWann kommen Sie?\n\n${above}`, '');
      assert.equal(reply.text, 'Passt so, danke!\nWann kommen Sie?');
      assert.equal(reply.trimmed, above);
    });
  }

  const whole = [
    'Thanks!\nPasst',
    'Danke\nZwei Türen\nDrei Fenster',
    'Total below\n---\n4180 EUR',
    'We still need\n- paint',
    'Call me:\n\nGina Park\ngina@x.example\n+1 555 010 2233',
    'Yes\nFrom: Monday\nTo: Friday',
    'Address:\nHauptstraße 5\n80331 München',
    'Please pay:\nIBAN: DE00 1234\nBIC: ABC',
    'Date: 9 March 2026\nTime: 16:02',
    'On 9 March 2026 at 16:02 we met the architect, and he wrote:\nthe stairs must be wider.',
    'See you on Monday 9 March 2026 at 16:02:\nthe front door.',
    'Best\nprice is 400',
    'Send it to maya@maple.example on 9 March 2026:\nboth files please',
    'Subject: door\nFrom: the catalogue',
    'Sent from the warehouse yesterday, it should arrive today.',
    'Thanks,\nwe will pay on Friday.',
  ];
  whole.push(
    'On 9 March 2026 at 16:02 we sent:\n\ntwo drums',
    'On 9 March 2026 we wrote two letters.\n\nBoth came back.',
  );
  for (const text of whole)
    it(`keeps all of ${JSON.stringify(text)}`, () =>
      assert.equal(newText(text, '', { sender: 'Maya Chen' }).text, text));

  it('returns what was taken off', async () => {
    const reply = await extractReply(fixture('gmail-german.eml'));
    assert.match(reply.trimmed, /^Am Mo\., 9\. März 2026 um 16:02 Uhr schrieb[^]*Fällig: 4\.180,00 €$/);
  });

  it('sanitises the HTML it returns', async () => {
    const { html } = await extractReply(fixture('html-lists.eml'));
    assert.equal(
      html,
      '<p>Open points:</p><ul><li>paint</li><li>locks</li></ul><p>Total: €\u00a01.200<br />until Friday</p>',
    );
    const hostile = newText(
      '',
      '<p onclick="x()" style="position:fixed">Hi <a href="java&#9;script:alert(1)">a</a> <a href="https://ok.example/">b</a><img src=x onerror=alert(1)><iframe src="//evil.example"></iframe></p>',
    );
    assert.equal(
      hostile.html,
      '<p>Hi <a rel="noopener noreferrer nofollow ugc">a</a> <a href="https://ok.example/" rel="noopener noreferrer nofollow ugc">b</a></p>',
    );
  });

  it('keeps answers written below a header block when it knows what is answered', () => {
    const answered = {
      text: 'Which colour for the door would you like?\nWhen may we start with the work?\nWho has the keys to the building?',
    };
    const text = [
      'See below.',
      '',
      'From: Harbor & Pine <reply+1@mail.harbor.example>',
      'Sent: Monday, March 9, 2026 4:02 PM',
      'To: Maya Chen',
      'Subject: Questions',
      '',
      'Which colour for the door would you like?',
      'The dark green one please.',
      'When may we start with the work?',
      'Who has the keys to the building?',
    ].join('\n');
    assert.match(newText(text, '', answered).text, /The dark green one please\.$/);
    assert.equal(newText(text, '').text, 'See below.');
  });

  it('joins flowed lines but never over a change of quoting', () => {
    assert.equal(unflow('> Hi \nHello \nthere\n-- \nMaya', false), '> Hi \nHello there\n-- \nMaya');
    assert.equal(unflow('日 \n本', true), '日本');
  });
});

describe('reading a message', () => {
  it('tells all that it says', async () => {
    const got = await readMail(fixture('gmail-web.eml'), CONTEXT);
    assert.equal(got.message_id, '<gmail-web@maple.example>');
    assert.equal(got.in_reply_to, '<inv-0042.3@mail.harbor.example>');
    assert.deepEqual(got.from, { address: 'maya@maple.example', name: 'Maya Chen' });
    assert.equal(got.subject, 'Re: [Harbor & Pine] Invoice INV-0042');
    assert.deepEqual(got.recipients, ['reply+7kq2@mail.harbor.example']);
    assert.equal(got.automatic, null);
    assert.equal(got.authentication.verified, true);
  });

  it('orders recipients by how far they can be trusted', async () => {
    const got = await read([
      FROM,
      'Cc: d@x.example',
      'To: "c, c" <C@x.example>, c2@x.example',
      'X-Original-To: b@x.example',
      'Delivered-To: a@x.example',
    ]);
    assert.deepEqual(got.recipients, [
      'reply+7kq2@mail.harbor.example',
      'a@x.example',
      'b@x.example',
      'c@x.example',
      'c2@x.example',
      'd@x.example',
    ]);
  });

  it('finds ids between commas, folds and spaces, and keeps the last 32', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `<${i}@x.example>`).join(',\r\n ');
    const got = await read([FROM, 'In-Reply-To: Your message <a b@x.example>', `References: ${many}`]);
    assert.equal(got.in_reply_to, '<ab@x.example>');
    assert.equal(got.references.length, 32);
    assert.equal(got.references.at(-1), '<39@x.example>');
  });

  it('makes the same id for the same message without one', async () => {
    const [first, second, other] = [await read([FROM]), await read([FROM]), await read([FROM], 'Other\n')];
    assert.equal(first.message_id, second.message_id);
    assert.notEqual(first.message_id, other.message_id);
  });

  it('removes NUL, decodes subjects and ignores a date in the future', async () => {
    const got = await read(
      [
        FROM,
        'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_aus_\0K=C3=B6ln?=',
        'Date: Tue, 10 Mar 2099 09:14:00 +0100',
      ],
      'a\0b\n',
    );
    assert.equal(got.subject, 'Grüße aus Köln');
    assert.equal(got.reply.text, 'ab');
    assert.equal(got.date, null);
  });

  it('drops logos of signatures and keeps what the sender shows', async () => {
    const got = await readMail(fixture('exchange-logo.eml'), CONTEXT);
    assert.deepEqual(
      got.attachments.map((each) => [each.filename, each.inline]),
      [['photo.png', true]],
    );
    assert.ok(Buffer.isBuffer(got.attachments[0]?.content));
  });

  it('keeps an attached message as a file, out of the text', async () => {
    const got = await read(
      [FROM, 'Content-Type: multipart/mixed; boundary=b'],
      '--b\r\n\r\nsee attached\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: inner\r\n\r\ninner body\r\n--b--\r\n',
    );
    assert.equal(got.reply.text, 'see attached');
    assert.deepEqual(
      got.attachments.map((each) => [each.filename, each.content_type]),
      [['attachment-1.eml', 'message/rfc822']],
    );
    assert.match(got.attachments[0]?.content.toString() ?? '', /inner body/);
  });

  it('reads a delivery report', async () => {
    const got = await readMail(
      mail(
        ['From: MAILER-DAEMON@mx.example', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
        '--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ok@x.example\r\nAction: delivered\r\n\r\n' +
          'Final-Recipient: rfc822; Ann@X.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <abc@mail.harbor.example>\r\n--b--\r\n',
      ),
      { ...CONTEXT, mail_from: '' },
    );
    assert.deepEqual(got.bounce, {
      recipient: 'ann@x.example',
      action: 'failed',
      status: '5.1.1',
      diagnostic: '550 no such user',
      message_id: '<abc@mail.harbor.example>',
    });
    assert.equal(got.automatic, 'It is a report of a mail server.');
  });

  it('shows the body of a multipart whose boundary is missing', async () => {
    for (const type of ['multipart/mixed', 'multipart/mixed; boundary=""', 'multipart/mixed; boundary=never']) {
      assert.equal((await read([FROM, `Content-Type: ${type}`], 'Still here\r\n')).reply.text, 'Still here');
    }
  });

  it('makes file names safe', () => {
    assert.equal(safeFilename('../../etc/pass\r\nwd', 'x'), 'passwd');
    assert.equal(safeFilename('C:\\temp\\invoice\u202Efdp.exe', 'x'), 'invoicefdp.exe');
    assert.equal(safeFilename('..', 'attachment-1'), 'attachment-1');
    const long = safeFilename(`${'ü'.repeat(300)}.pdf`, 'x');
    assert.ok(Buffer.byteLength(long) <= 200 && long.endsWith('ü.pdf'));
  });
});

describe('From', () => {
  it('is read when there is exactly one plain address', () => {
    const good = [
      ['Maya <Maya@Maple.example>', 'maya@maple.example'],
      ['maya@maple.example (Maya, of Maple)', 'maya@maple.example'],
      ['"Chen, Maya: the boss" <maya@maple.example>', 'maya@maple.example'],
      ['"boss@corp.example" <evil@bad.example>', 'evil@bad.example'],
      ['Maya <maya@bücher.example>', 'maya@xn--bcher-kva.example'],
    ] as const;
    for (const [value, address] of good)
      assert.deepEqual(sender(`From: ${value}`), { sender: { address, name: 'Maya' } }, value);
  });

  const bad: [string, string[]][] = [
    ['no header', ['Subject: x']],
    ['two headers', ['From: a@x.example', 'From: b@x.example']],
    ['two headers, one with another case', ['From: a@x.example', 'FROM: b@x.example']],
    ['a space before the colon', ['From : a@x.example']],
    ['one with a space and one without', ['From : a@x.example', 'From: b@x.example']],
    ['two addresses', ['From: a@x.example, b@x.example']],
    ['two addresses in angles', ['From: A <a@x.example> <b@x.example>']],
    ['a group', ['From: Us: a@x.example;']],
    ['an empty group', ['From: undisclosed:;']],
    ['a quoted local part', ['From: "boss@corp.example evil"@bad.example']],
    ['a quoted local part in angles', ['From: Boss <"boss@corp.example"@bad.example>']],
    ['an encoded word in the address', ['From: =?utf-8?q?boss=40corp.example?=@bad.example']],
    ['an encoded address in angles', ['From: Boss <=?utf-8?q?boss?=@bad.example>']],
    ['NUL', ['From: a@x.example\0@bad.example']],
    ['two at signs', ['From: a@x.example@bad.example']],
    ['no domain', ['From: a@']],
    ['an open quote', ['From: "a <a@x.example>']],
    ['an open angle', ['From: a <a@x.example']],
    ['a route', ['From: <@relay.example:a@x.example>']],
    ['a look-alike at sign', ['From: a\uFF20x.example']],
  ];
  for (const [name, headers] of bad) {
    it(`is refused with ${name}`, async () => {
      assert.ok('problem' in sender(...headers));
      const got = await read([...headers, 'To: x@x.example']);
      assert.equal(got.from, null);
      assert.equal(got.authentication.verified, false);
    });
  }

  it('tells look-alikes apart', () => {
    const addresses = ['pay@apple.example', 'pay@аpple.example', 'pay@appIe.example', 'раy@apple.example'].map(
      (address) => sender(`From: ${address}`),
    );
    assert.equal(new Set(addresses.map((each) => ('sender' in each ? each.sender.address : ''))).size, 4);
  });
});

describe('automatic mail', () => {
  const reason = (headers: string[], subject = 'Re: Invoice', mail_from: string | null = 'maya@maple.example') =>
    automaticReason({ fields: headerFields(mail([FROM, ...headers])), subject, mail_from, from: 'maya@maple.example' });

  const machines = [
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: AUTO-GENERATED',
    'auto-submitted:  auto-replied; owner-email="x@x.example"',
    'Auto-Submitted: (no) auto-notified',
    'Auto-Submitted:\r\n auto-replied',
    'Precedence: JUNK',
    'Precedence: auto_reply',
    'X-Autoreply: yes',
    'X-Autorespond: yes',
    'X-Failed-Recipients: a@x.example',
    'Return-Path: <>',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
    'Content-Type: multipart/report; report-type="delivery-status"; boundary=b',
    'Content-Type: message/feedback-report',
  ];
  for (const header of machines) it(`is told by ${JSON.stringify(header)}`, () => assert.ok(reason([header])));

  const bulk = [
    'Precedence: bulk',
    'Precedence: List',
    'List-Id: <x.list.example>',
    'List-Post: <mailto:x@list.example>',
    'List-Unsubscribe: <https://x.example/>',
  ];
  for (const header of bulk)
    it(`may be ${JSON.stringify(header)}, which relays put on what people write, too`, () => {
      assert.equal(reason([header]), null);
      assert.ok(bulkReason(headerFields(mail([FROM, header]))));
      assert.ok(reason([header, 'Auto-Submitted: auto-replied']));
    });

  it('is told by a null path and by daemons', () => {
    assert.ok(reason([], 'x', ''));
    assert.ok(reason([], 'x', 'MAILER-DAEMON@mx.example'));
    // Services that people's mail goes through have such a path, too.
    assert.equal(reason([], 'x', 'bounces+7@mail.service.example'), null);
  });

  it('is not told by what people’s clients write', () => {
    assert.equal(reason(['Auto-Submitted: no']), null);
    assert.equal(reason(['Auto-Submitted: No (a person)']), null);
    assert.equal(reason(['X-Auto-Response-Suppress: All']), null);
    assert.equal(reason(['Precedence: normal']), null);
  });

  const away = [
    'Out of Office: Re: Invoice',
    'Out of the office',
    'Automatic reply: Invoice INV-0042',
    'Auto: Invoice',
    'Re: Automatic reply: Invoice',
    'Abwesenheitsnotiz: Rechnung',
    'Automatische Antwort: Rechnung',
    'Réponse automatique : Facture',
    'Respuesta automática: Factura',
    'Risposta automatica: Fattura',
    'Resposta automática: Fatura',
    'Automatisch antwoord: Factuur',
    'Afwezigheidsbericht',
    'Autosvar: Faktura',
    'Automatisk svar: Faktura',
    'Automaattinen vastaus: Lasku',
    'Odpowiedź automatyczna: Faktura',
    'Automatická odpověď: Faktura',
    'Автоматический ответ: Счёт',
    '自動応答: 請求書',
    '自动回复: 发票',
    '자동 회신: 송장',
    'Otomatik yanıt: Fatura',
  ];
  for (const subject of away) it(`is told by the subject "${subject}"`, () => assert.ok(reason([], subject)));

  const people = [
    'Re: [Harbor & Pine] Invoice INV-0042',
    'I will be out of the office on Friday',
    'Out of office chairs: when do they come?',
    'Question about the automatic door',
    'Automatic reply did not work',
    'Auto parts order',
    'Autobahn noise barrier',
    'Abwesend am Freitag, bitte verschieben',
    'Absent vendredi',
    'Vacation house: offer',
    'Away game tickets',
    'On vacation from Monday',
    'Réponse au devis',
    'Respuesta a su oferta',
    'Antwort auf Ihr Angebot',
    'Automatik-Tor Reparatur',
    'Fuori tutto',
    'Office plan',
    'Bounce house rental',
    'Re: Re: Door',
  ];
  for (const subject of people)
    it(`is not told by the subject "${subject}"`, () => assert.equal(reason([], subject), null));
});

describe('who vouches for the sender', () => {
  const key = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const record = `v=DKIM1; k=rsa; p=${key.publicKey.toString('base64')}`;
  const dns =
    (extra: Record<string, string>): Resolve =>
    async (name, type) => {
      const found = type === 'TXT' ? extra[name] : undefined;
      if (found === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
      return [[found]];
    };
  const policy = {
    '_dmarc.maple.example': 'v=DMARC1; p=reject',
    's1._domainkey.maple.example': record,
    's1._domainkey.bad.example': record,
  };
  const sign = async (raw: Buffer, domain: string, more = {}) => {
    const signature = { signingDomain: domain, selector: 's1', privateKey: key.privateKey, ...more };
    const { signatures } = await dkimSign(raw, { ...signature, signatureData: [signature] });
    return Buffer.concat([Buffer.from(signatures), raw]);
  };
  const message = mail([
    FROM,
    'To: x@x.example',
    'Subject: Hi',
    'Date: Tue, 10 Mar 2026 09:14:00 +0100',
    'Message-ID: <1@maple.example>',
  ]);
  const elsewhere: ReadingContext = { ...CONTEXT, remote_ip: '192.0.2.9' };
  const check = (raw: Buffer, resolve: Resolve, context = elsewhere) =>
    authenticateMail(raw, 'maya@maple.example', context, resolve);

  it('SPF of its own domain, by the zone of the demo', async () => {
    assert.equal((await check(message, zoneResolver(ZONE), CONTEXT)).verified, true);
    assert.equal((await check(message, zoneResolver(ZONE), { ...CONTEXT, remote_ip: '::1' })).verified, true);
    assert.equal((await check(message, zoneResolver(ZONE), elsewhere)).verified, false);
    assert.equal(
      (await check(message, zoneResolver(ZONE), { ...CONTEXT, mail_from: 'x@bad.example' })).verified,
      false,
    );
    assert.equal(
      (await check(message, zoneResolver(Object.create({ 'maple.example': ZONE['maple.example'] })), CONTEXT)).verified,
      false,
    );
  });

  it('DKIM of its own domain over the whole of it', async () => {
    assert.equal((await check(await sign(message, 'maple.example'), dns(policy))).verified, true);
    assert.equal((await check(await sign(message, 'bad.example'), dns(policy))).verified, false);
    const changed = Buffer.from((await sign(message, 'maple.example')).toString().replace('Hello', 'Pay me'));
    assert.equal((await check(changed, dns(policy))).verified, false);
  });

  it('no signature over a part of the body', async () => {
    const signed = await sign(message, 'maple.example', { maxBodyLength: 3 });
    assert.match(signed.toString(), /\bl=3\b/);
    assert.equal((await check(signed, dns(policy))).verified, false);
  });

  it('nobody when nothing is published, whatever the message claims', async () => {
    const claims = Buffer.concat([
      Buffer.from('Authentication-Results: parley; dmarc=pass header.from=maple.example\r\n'),
      message,
    ]);
    const got = await check(claims, dns({}));
    assert.deepEqual([got.verified, got.temporary], [false, false]);
  });

  for (const code of ['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED']) {
    it(`later, when DNS fails with ${code}`, async () => {
      const got = await check(message, () => Promise.reject(Object.assign(new Error(code), { code })));
      assert.deepEqual([got.verified, got.temporary], [false, true]);
    });
  }
});
