import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newText } from '../../src/inbound/reply.js';
import type { ReplyContext } from '../../src/inbound/reply/quotes/answered_email.js';
import { PAGES, TEXTS } from '../replies/hostile.js';

const known: ReplyContext = {
  text: 'Which colour for the door? When may we start with the work? Who has the keys?',
  subject: 'Re: Quote',
  sender: 'Ann Lee',
  tails: ['Ann Lee\nAcme'],
};

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.toSorted() ?? [];

// That it takes time in proportion to its size is checked in long/linear.test.ts.
describe('Whatever is sent, reading it never fails, and holds every word', () => {
  for (const [name, make] of Object.entries(TEXTS)) {
    it(`text: ${name}`, () => {
      const input = make(20_000);
      const { text, trimmed } = newText(input, '', known);
      assert.deepEqual(words(`${text}\n${trimmed}`), words(input));
    });
  }

  for (const [name, make] of Object.entries(PAGES)) {
    it(`HTML: ${name}`, () => {
      const { text, trimmed } = newText('', `<p>First</p>${make(20_000)}</div></p>`, known);
      assert.match(`${text}\n${trimmed}`, /First/);
    });
  }
});
