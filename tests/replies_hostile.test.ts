import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newText } from '../src/inbound/reply.js';
import type { ReplyContext } from '../src/inbound/reply/quotes/answered_email.js';
import { PAGES, TEXTS } from './replies/hostile.js';
import type { Hostile } from './replies/hostile.js';

const SMALL = 30_000;
const TIMES = 4;
/** Four times the size takes four times as long; were it quadratic, sixteen times. Below this, clocks say nothing. */
const WORST = 9;
const NOISE_MS = 25;
/** For a megabyte; on a machine with nothing else to do it is well below a second. */
const GENEROUS_MS = 15_000;

const known: ReplyContext = {
  text: 'Which colour for the door? When may we start with the work? Who has the keys?',
  subject: 'Re: Quote',
  sender: 'Ann Lee',
  tails: ['Ann Lee\nAcme'],
};

/** The processor's time, since others use this machine, too. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function assertLinear(make: Hostile, read: (input: string) => unknown): void {
  let ratio = Infinity;
  // The collector of garbage may fall into one measurement, not into each.
  for (let tries = 0; tries < 4 && ratio > WORST; tries++) {
    const [small, large] = [make(SMALL), make(SMALL * TIMES)];
    ratio =
      cost(() => read(large)) /
      Math.max(
        NOISE_MS,
        cost(() => read(small)),
      );
  }
  assert.ok(ratio <= WORST, `four times the size took ${ratio.toFixed(1)} times as long`);
}

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.toSorted() ?? [];

describe('Whatever is sent, reading it is linear, never fails, and holds every word', () => {
  for (const [name, make] of Object.entries(TEXTS)) {
    it(`text: ${name}`, () => {
      assertLinear(make, (input) => newText(input, '', known));
      const input = make(20_000);
      const { text, trimmed } = newText(input, '', known);
      assert.deepEqual(words(`${text}\n${trimmed}`), words(input));
    });
  }

  for (const [name, make] of Object.entries(PAGES)) {
    it(`HTML: ${name}`, () => {
      assertLinear(make, (input) => newText('', input, known));
      const { text, trimmed } = newText('', `<p>First</p>${make(20_000)}</div></p>`, known);
      assert.match(`${text}\n${trimmed}`, /First/);
    });
  }

  it('also where everything is hostile at once, and what is known, too', () => {
    for (const make of Object.values(TEXTS)) {
      const read = (input: string) =>
        newText(input, `<p>${input.replaceAll('<', '&lt;')}</p>`, {
          ...known,
          text: input,
          tails: [input],
          sender: input.slice(0, 200),
        });
      assertLinear((n) => make(n / 2), read);
    }
  });

  it('a megabyte of anything', () => {
    for (const [name, make] of Object.entries(TEXTS))
      assert.ok(cost(() => newText(make(1e6), '', known)) < GENEROUS_MS, name);
    for (const [name, make] of Object.entries(PAGES))
      assert.ok(cost(() => newText('', make(1e6), known)) < GENEROUS_MS, name);
  });
});

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PARTS = [
  ...['\n', '\n\n', '> ', '>> ', '--\n', '-- \n', '*', ' ', ': ', '\t', '\r\n', '________\n', '---\n'],
  ...[
    'On Mon, 9 Mar 2026 at 16:02, Ann <a@b.example> wrote:\n',
    'From: Ann <a@b.example>\n',
    'Sent: Monday, 9 March 2026 16:02\n',
  ],
  ...[
    'To: Maya\n',
    'Subject: Quote\n',
    '-----Original Message-----\n',
    '---------- Forwarded message ---------\n',
    'Regards,\nAnn Lee\n',
  ],
  ...[
    'Sent from my iPhone\n',
    'Which colour for the door?',
    'When may we start with the work?',
    'This email is confidential.\n',
  ],
];
const TAGS = [
  '<p>',
  '</p>',
  '<br>',
  '<div>',
  '</div>',
  '<blockquote>',
  '</blockquote>',
  '<blockquote type="cite">',
  '<hr>',
  '<b>',
  '</b>',
];
TAGS.push(
  '<div class="gmail_quote">',
  '<div id="divRplyFwdMsg">',
  '<div class="gmail_signature">',
  '<div data-parley="message">',
  '<td>',
);

describe('Any order of the parts of messages', () => {
  const made = (parts: readonly string[], seed: number) => {
    const next = numbers(seed);
    return Array.from({ length: 5 + next(60) }, (_, i) => `${parts[next(parts.length)]}word${i}`).join('');
  };

  it('holds every word of a text', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const input = made(PARTS, seed);
      const { text, trimmed } = newText(input, '', known);
      assert.deepEqual(words(`${text}\n${trimmed}`), words(input), `seed ${seed}`);
    }
  });

  it('holds every word of a page', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const input = made([...TAGS, ...PARTS.map((part) => part.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))], seed);
      const { text, trimmed } = newText('', input, known);
      const expected = input.match(/word\d+/g)?.toSorted();
      assert.deepEqual(`${text}\n${trimmed}`.match(/word\d+/g)?.toSorted(), expected, `seed ${seed}`);
    }
  });
});
