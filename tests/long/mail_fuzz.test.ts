import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { LIMITS, MailRefused } from '../../src/inbound/reading/limits.js';
import type { ReadingContext } from '../../src/inbound/reading/message.js';
import { previewMail, readMail } from '../../src/inbound/reading/worker/read_mail.js';
import { FROM, mail } from '../support/hostile.js';
import { type Random, seeded } from '../support/random.js';
import { sized } from '../support/sized.js';
import { attachment, binary, message, rtf, text16, text8, winmail } from '../support/tnef.js';

const CONTEXT: ReadingContext = {
  remote_ip: '127.0.0.1',
  helo: 'localhost',
  mail_from: 'maya@maple.example',
  recipient: 'reply+7kq2@mail.harbor.example',
  dns: { 'maple.example': { ips: ['127.0.0.1', '::1'] } },
};
// However slow the machine is.
const PATIENT = { ...LIMITS, time: 600_000 };

/** Messages of kinds that no fixture is of, whose bytes are no text. */
const SEEDS = [
  file(
    'application/ms-tnef; name=winmail.dat',
    winmail(
      message(text16(0x1000, 'Inside'), binary(0x1009, rtf('{\\rtf1 a\\par b}'))),
      attachment('a.pdf', Buffer.from('x'), text8(0x3707, 'long.pdf')),
    ),
  ),
  file(
    'text/calendar; method=REQUEST',
    Buffer.from('BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID=x:20260310T093000\nEND:VEVENT'),
  ),
  file('text/plain; charset=iso-2022-jp', Buffer.from('\x1b$B@A5a=q\x1b(B', 'latin1')),
  file('text/plain', Buffer.from('Hello\nbegin 644 a\n#0V%T\n`\nend\n')),
  file('text/html; charset=utf-16', Buffer.from('<p>Hello<img src="data:image/png;base64,AAAA">', 'utf16le')),
];

function file(type: string, content: Buffer): Buffer {
  const head = mail(
    [FROM, 'Content-Type: multipart/mixed; boundary="=_parts"'],
    `--=_parts\r\nContent-Type: ${type}\r\n\r\n`,
  );
  return Buffer.concat([head, content, Buffer.from('\r\n--=_parts--\r\n')]);
}

const FIXTURES = join(root, 'tests/fixtures/mail');
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(join(FIXTURES, name)));

test('messages with a few bytes changed never crash a reader, never hang, and change nothing of ours', async (t) => {
  const { count, seed } = sized(t, 200, 20_000);
  const known = [...fixtures, ...SEEDS];
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  for (let n = seed; n < seed + count; n++) {
    const raw = mutated(known[n % known.length] ?? Buffer.alloc(0), seeded(n));
    const work = n % 4 === 0 ? previewMail(raw, PATIENT) : readMail(raw, CONTEXT, PATIENT);
    const got: unknown = await work.catch((error: unknown) => error);
    assert.ok(
      !(got instanceof Error) ||
        (got instanceof MailRefused && !['unreadable', 'too_slow', 'too_much_memory'].includes(got.code)),
      `TEST_SEED=${n} TEST_SIZE=1: ${String(got)}\n${raw.toString('latin1')}`,
    );
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
});

const PIECES = [
  '\r\n',
  '\n\n',
  '\0',
  '=?utf-8?b?',
  '?=',
  '--=_parts',
  '--',
  '"',
  '<',
  '>',
  '=',
  ';',
  ':',
  '\x1b$B',
  '\xff\xfe',
  'boundary=',
  'charset=utf-16',
  'Content-Type: ',
  'multipart/mixed',
  'base64',
  '__proto__',
  '%00',
  'begin 644 x\n',
  '\xf0\x9f',
  '(',
];

function mutated(seed: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(seed);
  for (let i = random(8) + 1; i > 0; i--) {
    const [at, length] = [random(bytes.length), random(40)];
    const piece = Buffer.from(PIECES[random(PIECES.length)] ?? '', 'latin1');
    const kind = random(5);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 2)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(random(bytes.length), random(bytes.length)),
        bytes.subarray(at),
      ]);
    else bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  }
  return bytes;
}
