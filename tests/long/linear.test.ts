import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newText } from '../../src/inbound/reply.js';
import type { ReplyContext } from '../../src/inbound/reply/quotes/answered_email.js';
import { type Hostile, PAGES, TEXTS } from '../replies/hostile.js';
import { leastGrowth } from '../support/cost.js';
import { sample } from '../support/random.js';
import { sized } from '../support/sized.js';

const SMALL = 30_000;
const TIMES = 4;
/** Four times the size takes four times as long; were it quadratic, sixteen times. */
const WORST = 9;
/** A megabyte, or a fifth of it. */
const LARGE = process.env['TEST_LONG'] ? 1_000_000 : 200_000;

const known: ReplyContext = {
  text: 'Which colour for the door? When may we start with the work? Who has the keys?',
  subject: 'Re: Quote',
  sender: 'Ann Lee',
  tails: ['Ann Lee\nAcme'],
};

/** What is read, made of about so many characters, and how. */
interface Case {
  name: string;
  make: Hostile;
  read: (input: string) => unknown;
}

/** Repeated without an end. */
const UNITS = ['To: x\n\n', '> \n', '>\na\n', 'On ', 'On Mon, Mar 9, 2026 at 4:02 PM\n', '- ', 'x wrote:\n', '( '];
const repeated = Object.fromEntries(
  UNITS.map((unit): [string, Hostile] => [JSON.stringify(unit), (n) => unit.repeat(Math.ceil(n / unit.length))]),
);

const texts: Case[] = Object.entries({ ...TEXTS, ...repeated }).map(([name, make]) => ({
  name: `text: ${name}`,
  make,
  read: (input) => newText(input, '', known),
}));
const pages: Case[] = Object.entries({ ...PAGES, ...repeated }).map(([name, make]) => ({
  name: `HTML: ${name}`,
  make: (n) => make(n).replaceAll('\n', '<br>'),
  read: (input) => newText('', input, known),
}));
/** The same text in the page, in the answered email, in the sender's name and in their signature. */
const everywhere: Case[] = Object.entries(TEXTS).map(([name, make]) => ({
  name: `everywhere: ${name}`,
  make: (n) => make(n / 2),
  read: (input) =>
    newText(input, `<p>${input.replaceAll('<', '&lt;')}</p>`, {
      ...known,
      text: input,
      tails: [input],
      sender: input.slice(0, 200),
    }),
}));

function assertLinear({ name, make, read }: Case): void {
  const ratio = leastGrowth(read, [make(SMALL), make(SMALL * TIMES)], WORST);
  assert.ok(ratio <= WORST, `${name}: four times the size took ${ratio.toFixed(1)} times as long`);
}

for (const [kind, cases] of Object.entries({ texts, pages, everywhere }))
  test(`reading ${kind} takes time in proportion to their size, whatever they are made of`, (t) => {
    const { count, random } = sized(t, 6, cases.length);
    for (const one of sample(cases, count, random)) assertLinear(one);
  });

test('a large text of anything is read: nothing is nested or repeated too deep', (t) => {
  const cases = [...texts, ...pages];
  const { count, random } = sized(t, 6, cases.length);
  for (const { name, make, read } of sample(cases, count, random)) assert.doesNotThrow(() => read(make(LARGE)), name);
});
