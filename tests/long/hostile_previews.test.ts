import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS, MailRefused } from '../../src/inbound/reading/limits.js';
import { previewMail } from '../../src/inbound/reading/worker/read_mail.js';
import { HOSTILE } from '../support/hostile.js';
import { sample } from '../support/random.js';
import { sized } from '../support/sized.js';

// Other tests run at once: what counts is the time of the processor.
const PATIENT = { ...LIMITS, time: 600_000 };

test('hostile messages can be looked at, or are refused with a reason', async (t) => {
  const { count, random } = sized(t, 15, HOSTILE.length);
  for (const { name, make, refused } of sample(HOSTILE, count, random)) {
    const raw = make();
    const start = process.cpuUsage();
    const preview: unknown = await previewMail(raw, PATIENT).catch((error: unknown) => error);
    const { user, system } = process.cpuUsage(start);
    if (preview instanceof Error)
      assert.ok(preview instanceof MailRefused && preview.code === refused, `${name}: ${String(preview)}`);
    else assert.match((preview as { html: string }).html, /^<!DOCTYPE html>/, name);
    assert.ok(user + system < 5e6, `${name} took ${Math.round((user + system) / 1000)} ms`);
  }
});
