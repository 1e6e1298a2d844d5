import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { LIMITS, MailRefused } from '../src/inbound/reading/limits.js';
import type { ReadingContext } from '../src/inbound/reading/message.js';
import { previewMail, readMail } from '../src/inbound/reading/worker/read_mail.js';
import { FROM, HOSTILE, mail } from './support/hostile.js';
import { attachment, binary, message, rtf, text16, text8, winmail } from './support/tnef.js';

const CONTEXT: ReadingContext = {
  remote_ip: '127.0.0.1',
  helo: 'localhost',
  mail_from: 'maya@maple.example',
  recipient: 'reply+7kq2@mail.harbor.example',
  dns: { 'maple.example': { ips: ['127.0.0.1', '::1'] } },
};
// Other tests run at once: what counts is the time of the processor.
const PATIENT = { ...LIMITS, time: 60_000 };
const read = (raw: Buffer, limits = PATIENT) => readMail(raw, CONTEXT, limits);
const refused = (code: string) => (error: unknown) =>
  error instanceof MailRefused && error.code === code && error.message.endsWith('.');

/** Does work; how much of the processor's time it took, and how long this thread itself was busy with it, in ms. */
async function timed<T>(work: () => Promise<T>): Promise<{ done: T; took: number; busy: number }> {
  const [start, loop] = [process.cpuUsage(), performance.eventLoopUtilization()];
  const done = await work();
  const { user, system } = process.cpuUsage(start);
  return { done, took: (user + system) / 1000, busy: performance.eventLoopUtilization(loop).active };
}

describe('hostile messages', () => {
  for (const { name, make, refused: code, text = /^Hello\s*$/, check } of HOSTILE) {
    it(`${name}: ${code ? 'refused with a reason' : 'read'}`, async () => {
      const raw = make();
      const { took, busy } = await timed(async () => {
        if (code) return assert.rejects(read(raw), refused(code));
        const got = await read(raw);
        assert.match(got.reply.text, text);
        assert.ok(
          check?.(got) ?? true,
          JSON.stringify({ ...got, reply: null, attachments: got.attachments.map((each) => each.filename) }).slice(
            0,
            3000,
          ),
        );
        assert.ok(!/<script|onerror|javascript:/i.test(got.reply.html ?? ''));
        return undefined;
      });
      assert.ok(took < 5000, `took ${Math.round(took)} ms`);
      // Where others share the processor a thread is busy for longer than it works; below a second that says nothing.
      assert.ok(busy < Math.max(1000, took * 0.9), `held everything else up for ${Math.round(busy)} ms of ${took}`);
      assert.equal((await read(mail([FROM]))).reply.text, 'Hello', 'the next is read');
    });
  }

  it('can all be looked at, too', async () => {
    for (const { name, make, refused: code } of HOSTILE) {
      const { took } = await timed(() =>
        previewMail(make(), PATIENT).then(
          (preview) => assert.match(preview.html, /^<!DOCTYPE html>/),
          (error: unknown) => assert.ok(code && refused(code)(error), `${name}: ${String(error)}`),
        ),
      );
      assert.ok(took < 5000, `${name} took ${Math.round(took)} ms`);
    }
  });

  it('one that takes too long is given up, and the next is read', async () => {
    await assert.rejects(read(mail([FROM]), { ...LIMITS, time: 1, memory_mb: 385 }), refused('too_slow'));
    assert.equal((await read(mail([FROM]))).reply.text, 'Hello');
  });

  it('one that takes too much memory is given up, and the next is read', async () => {
    const big = mail([FROM, 'Content-Type: text/html'], '<p>x</p>'.repeat(1_500_000));
    await assert.rejects(read(big, { ...LIMITS, memory_mb: 24 }), refused('too_much_memory'));
    assert.equal((await read(mail([FROM]))).reply.text, 'Hello');
  });

  it('a hundred at once, one of them poison, are all read', async () => {
    const poison = HOSTILE.find(({ name }) => name === '20 MB of HTML')?.make() ?? Buffer.alloc(0);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => read(i === 3 ? poison : mail([FROM], `Message ${i}\n`))),
    );
    assert.ok(all.every((each, i) => i === 3 || each.reply.text === `Message ${i}`));
  });
});

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

describe('messages with a few bytes changed', () => {
  const FIXTURES = join(import.meta.dirname, '../../tests/fixtures/mail');
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.eml'));
  const seeds = [...names.map((name) => readFileSync(join(FIXTURES, name))), ...SEEDS];

  it('never crash, never hang, and change nothing of ours', async () => {
    const random = generator(20_260_310);
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (let count = 0; count < 1500; count++) {
      const raw = mutated(seeds[count % seeds.length] ?? Buffer.alloc(0), random);
      const work = count % 4 === 0 ? previewMail(raw, PATIENT) : read(raw);
      const got = await work.catch((error: unknown) => error);
      assert.ok(
        !(got instanceof Error) ||
          (got instanceof MailRefused && !['unreadable', 'too_slow', 'too_much_memory'].includes(got.code)),
        `${String(got)}\n${raw.toString('latin1')}`,
      );
    }
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
  });
});

/** Numbers from 0 up to a bound, the same each time. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

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

function mutated(seed: Buffer, random: (bound: number) => number): Buffer {
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
