import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readBodies } from '../../src/inbound/reading/mime/mime.js';
import { extractReply, newText } from '../../src/inbound/reply.js';
import type { Reply } from '../../src/inbound/reply.js';
import type { ReplyContext } from '../../src/inbound/reply/quotes/answered_email.js';
import { tailOf } from '../../src/inbound/reply/endings/known_endings.js';
import { INTRODUCES, WHOLE } from '../replies/said.js';

// Compiled to build/tests; the fixtures stay where they are.
const FIXTURES = join(import.meta.dirname, '../../../tests/replies');
const file = (name: string) => readFileSync(join(FIXTURES, name));
const names = readdirSync(FIXTURES).flatMap((name) => (name.endsWith('.eml') ? [name.slice(0, -4)] : []));

/** The words of a text, counted. */
export const counted = (text: string) => {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

async function read(name: string): Promise<Reply> {
  if (!existsSync(join(FIXTURES, `${name}.answered.txt`))) return extractReply(file(`${name}.eml`));
  const { text, html, subject, sender, answers } = await readBodies(file(`${name}.eml`));
  return newText(text, html, { subject, sender, answers, text: file(`${name}.answered.txt`).toString() });
}

describe('Replies as mail programs write them: NAME.eml says NAME.txt, in answer to NAME.answered.txt', () => {
  for (const name of names) {
    it(name, async () => {
      const reply = await read(name);
      assert.equal(reply.text, file(`${name}.txt`).toString().trimEnd());
      assert.equal(reply.otherwise, undefined);
    });
  }

  it('loses no word of a text: what is not kept is in what was trimmed', async () => {
    for (const name of names) {
      const bodies = await readBodies(file(`${name}.eml`));
      const { text, trimmed } = newText(bodies.text, '', { subject: bodies.subject });
      assert.deepEqual(counted(`${text}\n${trimmed}`), counted(bodies.text), name);
    }
  });
});

describe('What only looks like a header, an attribution, a signature or a banner', () => {
  for (const text of WHOLE)
    it(`is kept: ${JSON.stringify(text.slice(0, 60))}`, () => {
      for (const sender of ['Maya Chen', 'Maya', '']) assert.equal(newText(text, '', { sender }).text, text);
    });
});

describe('A quote', () => {
  for (const line of INTRODUCES)
    it(`goes with ${JSON.stringify(line.slice(0, 60))}`, () => {
      const quote = `${line}\n\n> Old one\n> Old two`;
      assert.deepEqual(newText(`Fine, thanks.\n\n${quote}`, ''), { text: 'Fine, thanks.', trimmed: quote });
    });
});

const OURS = file('own-email-without-marks-en.answered.txt').toString();
const said = (text: string, context: ReplyContext = {}) => newText(text, '', { text: OURS, ...context }).text;

describe('What only we know', () => {
  it('knows our email again without a mark, however it was wrapped', () => {
    const wrapped = OURS.replace(/(.{12}\S*) /g, '$1\n');
    assert.equal(said(`Green, please.\n\n${wrapped}`), 'Green, please.');
    assert.equal(said(`${wrapped}\n\nGreen, please.`), 'Green, please.');
  });

  it('keeps a phrase of ours that the answer repeats, and a whole line of it', () => {
    for (const text of [
      'Which colour for the doors? Green.',
      'And may we start on Monday?\nYes.',
      'Kitchen, oak doors: yes',
    ])
      assert.equal(said(text), text);
  });

  it('keeps what was said before in the same words, above our email with and without marks', () => {
    const email = [
      ...[
        'Olivia Grant commented on invoice INV-0001',
        '',
        'Olivia Grant:',
        'We got your message 3.',
        '',
        'Earlier: Maya Chen',
        'Thank you for your message. 2',
        '',
      ],
      ...[
        'Reply to this email and Olivia Grant will read it.',
        'You get this because Harbor & Pine prepared it for you.',
      ],
    ].join('\n');
    for (const said of [
      'Thank you for your message. 3',
      'Thank you for your message. 2',
      'We got your message 3.',
      'Thanks',
    ]) {
      const marked = `${said}\n\nOn Tue, 3 Nov 2026 at 09:14, Harbor & Pine <a@harbor.example> wrote:\n\n${email.replace(/^/gm, '> ')}\n`;
      for (const text of [marked, `${said}\n\n${email}\n`]) assert.equal(newText(text, '', { text: email }).text, said);
    }
  });

  it('keeps what was typed into our quoted email, in text and in HTML', () => {
    const typed = OURS.replace('doors?', 'doors?\nThe dark green one, please.');
    const marked = typed.replace(/^/gm, '> ');
    assert.match(
      said(`On Mon, 9 Mar 2026 at 16:02, Harbor & Pine <a@b.example> wrote:\n${marked}`),
      /The dark green one, please\.$/,
    );
    const html = `<p>See below.</p><div data-parley="message">${typed.replaceAll('\n', '<br>')}</div>`;
    const reply = newText('', html, { text: OURS });
    assert.match(reply.text, /^See below\.[^]*Which colour for the doors\?\nThe dark green one, please\.$/);
    assert.match(reply.html ?? '', /The dark green one, please\./);
  });

  it('takes off how earlier messages of the sender ended, but no sentence that was said before among others', () => {
    const tails = ['Maya\nMaple Street Clinic\nWe make you well since 1987'];
    assert.equal(said('Approved.\n\nMaya\nMaple Street Clinic\n\nWe make you well since 1987', { tails }), 'Approved.');
    assert.equal(said('We make you well since 1987', { tails }), 'We make you well since 1987');
    assert.equal(said('Approved.\nWe make you well since 1987', { tails }), 'Approved.\nWe make you well since 1987');
  });

  it('finds how a message ended in what was trimmed of it', () => {
    const { trimmed } = newText(
      'Approved.\n\n-- \nMaya Chen\nMaple Street Clinic\n\nOn Mon, 9 Mar 2026, a@b.example wrote:\n> Old',
      '',
    );
    assert.equal(tailOf(trimmed), '-- \nMaya Chen\nMaple Street Clinic');
    assert.equal(tailOf('On Mon, 9 Mar 2026, a@b.example wrote:\n> Old'), '');
  });
});

describe('A text and an HTML that disagree', () => {
  const disagree = (text: string, html: string) => newText(text, html).otherwise !== undefined;

  it('are both to be shown when the text says what the HTML does not', () => {
    assert.ok(disagree('I do not approve.', '<p>I approve.</p>'));
    assert.ok(disagree('This is not fine with us.', '<p>This is fine with us.</p>'));
    const quote =
      '<div class="gmail_quote"><div class="gmail_attr">On Mon, 9 Mar 2026, a@b.example wrote:</div><blockquote>do not pay</blockquote>';
    assert.ok(disagree('I do not approve.', `<p>I approve.</p>${quote}`));
  });

  it('agree when they only look different', () => {
    assert.ok(
      !disagree(
        'Hello *Ann*,\nsee [image: logo.png] https://b.example/a',
        '<p>Hello <b>Ann</b>,</p><p>see <a href="https://b.example/a">https://b.example/a</a></p>',
      ),
    );
    assert.ok(!disagree('1. paint\n2. locks', '<ol><li>paint</li><li>locks</li></ol>'));
    assert.ok(!disagree('Your program does not show HTML.', '<p>Hello</p>'));
  });
});

const FORWARDS = [
  ['-------- Weitergeleitete Nachricht --------', 'Betreff', 'Datum', 'Von', 'An'],
  ['-------- Message transféré --------', 'Sujet', 'Date', 'De', 'Pour'],
  ['-------- Mensaje reenviado --------', 'Asunto', 'Fecha', 'De', 'Para'],
  ['-------- Messaggio inoltrato --------', 'Oggetto', 'Data', 'Da', 'A'],
  ['-------- Mensagem encaminhada --------', 'Assunto', 'Data', 'De', 'Para'],
  ['-------- Doorgestuurd bericht --------', 'Onderwerp', 'Datum', 'Van', 'Aan'],
  ['-------- Wiadomość przekazana dalej --------', 'Temat', 'Data', 'Nadawca', 'Adresat'],
  ['-------- Vidarebefordrat meddelande --------', 'Ämne', 'Datum', 'Från', 'Till'],
  ['-------- Перенаправленное сообщение --------', 'Тема', 'Дата', 'От', 'Кому'],
  ['-------- İletilmiş İleti --------', 'Konu', 'Tarih', 'Kimden', 'Kime'],
  ['-------- 転送されたメッセージ --------', '件名', '日付', '差出人', '宛先'],
  ['-------- 转发的消息 --------', '主题', '日期', '发件人', '收件人'],
  ['-------- 전달된 메시지 --------', '제목', '날짜', '보낸사람', '받는사람'],
  ['Anfang der weitergeleiteten Nachricht:', 'Betreff', 'Datum', 'Von', 'An'],
  ['Début du message réexpédié :', 'Objet', 'Date', 'De', 'À'],
  ['Begin doorgestuurd bericht:', 'Onderwerp', 'Datum', 'Van', 'Aan'],
  ['Начало переадресованного сообщения:', 'Тема', 'Дата', 'От', 'Кому'],
  ['以下是转发的邮件：', '主题', '日期', '发件人', '收件人'],
] as const;

describe('What is passed on is kept, in text and in HTML', () => {
  for (const [divider, ...fields] of FORWARDS) {
    it(divider, () => {
      const values = ['Stairs', '2026-03-06 11:20', 'Tom Baker <tom@oak.example>', 'Maya Chen <maya@maple.example>'];
      const lines = [divider, ...fields.map((field, i) => `${field}: ${values[i]}`), '', 'The stairs are 90 cm wide.'];
      const text = ['FYI', '', ...lines].join('\n');
      assert.equal(newText(text, '').text, text);
      const html = lines.join('<br>').replace(/<(\w+@[\w.]+)>/g, '&lt;$1&gt;');
      for (const page of [`<p>FYI</p><div>${html}</div>`, `<p>FYI</p><blockquote type="cite">${html}</blockquote>`])
        assert.match(newText('', page).text, /FYI[^]*tom@oak\.example[^]*The stairs are 90 cm wide\.$/);
    });
  }

  it('also without a divider, when the subject says so', () => {
    const text =
      'FYI\n\nFrom: Tom <tom@oak.example>\nSent: Friday, March 6, 2026 11:20 AM\nTo: Maya\nSubject: Stairs\n\nThey are 90 cm wide.';
    for (const subject of [
      'FW: Stairs',
      'WG: Stairs',
      'TR: Stairs',
      'RV: Stairs',
      'I: Stairs',
      'ENC: Stairs',
      '转发: Stairs',
    ])
      assert.equal(newText(text, '', { subject }).text, text);
    assert.equal(newText(text, '', { subject: 'Re: Stairs' }).text, 'FYI');
  });
});
