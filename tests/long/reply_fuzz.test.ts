import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newText } from '../../src/inbound/reply.js';
import type { ReplyContext } from '../../src/inbound/reply/quotes/answered_email.js';
import { type Random, seeded } from '../support/random.js';
import { sized } from '../support/sized.js';

const known: ReplyContext = {
  text: 'Which colour for the door? When may we start with the work? Who has the keys?',
  subject: 'Re: Quote',
  sender: 'Ann Lee',
  tails: ['Ann Lee\nAcme'],
};

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

/** Parts in any order, with a word of its own after each. */
const made = (parts: readonly string[], random: Random) =>
  Array.from({ length: 5 + random(60) }, (_, i) => `${parts[random(parts.length)]}word${i}`).join('');

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.toSorted() ?? [];

test('any order of the parts of messages: no word of a text is lost', (t) => {
  const { count, seed } = sized(t, 300, 50_000);
  for (let n = 0; n < count; n++) {
    const input = made(PARTS, seeded(seed + n));
    const { text, trimmed } = newText(input, '', known);
    assert.deepEqual(words(`${text}\n${trimmed}`), words(input), `TEST_SEED=${seed + n} TEST_SIZE=1`);
  }
});

test('any order of the parts of pages: no word is lost', (t) => {
  const { count, seed } = sized(t, 300, 50_000);
  const escaped = PARTS.map((part) => part.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  for (let n = 0; n < count; n++) {
    const input = made([...TAGS, ...escaped], seeded(seed + n));
    const { text, trimmed } = newText('', input, known);
    const expected = input.match(/word\d+/g)?.toSorted();
    assert.deepEqual(
      `${text}\n${trimmed}`.match(/word\d+/g)?.toSorted(),
      expected,
      `TEST_SEED=${seed + n} TEST_SIZE=1`,
    );
  }
});
