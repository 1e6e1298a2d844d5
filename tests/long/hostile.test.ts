import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { LIMITS, MailRefused } from '../../src/inbound/reading/limits.js';
import type { ReadingContext } from '../../src/inbound/reading/message.js';
import { readMail } from '../../src/inbound/reading/worker/read_mail.js';
import { FROM, HOSTILE, mail } from '../support/hostile.js';

const CONTEXT: ReadingContext = {
  remote_ip: '127.0.0.1',
  helo: 'localhost',
  mail_from: 'maya@maple.example',
  recipient: 'reply+7kq2@mail.harbor.example',
  dns: { 'maple.example': { ips: ['127.0.0.1', '::1'] } },
};
// Other tests run at once: what counts is the time of the processor.
const PATIENT = { ...LIMITS, time: 600_000 };
/** All of the time for what is large, half of it for a fifth: a thread that starts takes some, too. */
const MOST_MS = process.env['TEST_LONG'] ? LIMITS.time : LIMITS.time / 2;
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

/** Where others share the processor a thread is busy for longer than it works; below a second that says nothing. */
const heldUp = ({ took, busy }: { took: number; busy: number }) => busy >= Math.max(1000, took * 0.9);

describe('hostile messages', () => {
  for (const { name, make, refused: code, text = /^Hello\s*$/, check } of HOSTILE) {
    it(`${name}: ${code ? 'refused with a reason' : 'read'}`, async () => {
      const raw = make();
      const look = async () => {
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
      };
      let measured = await timed(look);
      // Others may take the processor from one measurement, not from each.
      for (let tries = 0; tries < 3 && heldUp(measured); tries++) measured = await timed(look);
      const { took, busy } = measured;
      assert.ok(took < MOST_MS, `took ${Math.round(took)} ms`);
      assert.ok(!heldUp(measured), `held everything else up for ${Math.round(busy)} ms of ${took}`);
      assert.equal((await read(mail([FROM]))).reply.text, 'Hello', 'the next is read');
    });
  }

  it('one that takes too long is given up, and the next is read', async () => {
    await assert.rejects(read(mail([FROM]), { ...LIMITS, time: 1, memory_mb: 385 }), refused('too_slow'));
    assert.equal((await read(mail([FROM]))).reply.text, 'Hello');
  });

  it('one that takes too much memory is given up, and the next is read', async () => {
    const big = mail([FROM, 'Content-Type: text/html'], '<p>x</p>'.repeat(1_500_000));
    await assert.rejects(read(big, { ...PATIENT, memory_mb: 24 }), refused('too_much_memory'));
    assert.equal((await read(mail([FROM]))).reply.text, 'Hello');
  });

  it('a hundred at once, one of them poison, are all read', async () => {
    const poison = HOSTILE.find(({ name }) => name === 'HTML without end')?.make() ?? Buffer.alloc(0);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => read(i === 3 ? poison : mail([FROM], `Message ${i}\n`))),
    );
    assert.ok(all.every((each, i) => i === 3 || each.reply.text === `Message ${i}`));
  });
});
