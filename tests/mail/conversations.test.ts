import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Actor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { tick } from '../../src/jobs/tick.js';
import { day, noonBefore } from '../support/days.js';
import { lineIds, post } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { byReferences, jwz, rfc5256 } from '../support/threading/by_references.js';
import { gmail } from '../support/threading/gmail.js';
import type { Mail } from '../support/threading/mail.js';
import { type Handling, type Mailbox, openMailbox } from '../support/threading/mailbox.js';
import { forgetful, type Program, programs } from '../support/threading/programs.js';
import { baseSubject, plainSubject } from '../support/threading/subject.js';
import { asksFor, opens, proposalOf, workshop } from '../support/vendors.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** Sent to Maya and Noah so many days ago. */
async function sent(home: Harbor, type: string, title: string, days: number): Promise<string> {
  const fields = { title, issued_on: day(-days), due_on: day(1), recipients: [home.maya.id, home.noah.id] };
  const { id } = await sentDocument(portal, home, type, fields, noonBefore(days));
  await portal.idle();
  return id;
}

interface Readers {
  maya: Mailbox;
  noah: Mailbox;
  olivia: Mailbox;
}

interface Way {
  /** Maya's, Noah's and Olivia's. */
  programs: [Program, Program, Program];
  /** What a server does to our mail, before it is in the mailbox. */
  handled?: Handling;
  /** The headers that a server drops from theirs. */
  lost?: string[];
}

/**
 * An estimate's life: sent, reminded of, written about by form and by email from both sides, and accepted; then the
 * invoice that is made from it, written about in turn with the estimate. Beside them another estimate for the same
 * people with the same title.
 */
async function life(home: Harbor, { programs, handled, lost = [] }: Way): Promise<Readers> {
  const mailbox = (reader: 'maya' | 'noah' | 'olivia', program: Program) =>
    openMailbox(portal, home[reader].email, program, handled);
  const [maya, noah, olivia] = [
    mailbox('maya', programs[0]),
    mailbox('noah', programs[1]),
    mailbox('olivia', programs[2]),
  ];
  const does = async (actor: Actor, id: string, action: string, input = {}) => {
    await act(portal.knex, actor, id, action, input);
    await portal.idle();
  };
  const says = (actor: Actor, id: string, text: string) => does(actor, id, 'comment', { text, audience: 'shared' });

  const estimate = await sent(home, 'estimate', 'Reception', 20);
  const other = await sent(home, 'estimate', 'Reception', 19);
  await says({ ...home.staff, now: noonBefore(10) }, estimate, 'Tell us which wood.');
  await tick(portal.knex, noonBefore(1));
  await maya.newest('A reminder of estimate EST-0001');
  await maya.reply('sent you estimate EST-0001', 'Is oak possible?', { lost });
  await olivia.reply('Is oak possible?', 'Oak is possible.', { lost });
  await noah.newest('Oak is possible.');
  await says(partnerActor(home, home.noah), estimate, 'And how about ash?');
  await maya.reply('how about ash?', 'We would rather have oak.', { lost });
  await olivia.newest('rather have oak');
  await says(home.staff, other, 'This one is for the hall.');
  await noah.reply('for the hall', 'The hall can wait.', { lost });
  await olivia.newest('can wait');
  await does(partnerActor(home, home.maya), estimate, 'accept');

  await does(home.staff, estimate, 'invoice');
  const invoice = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: estimate }).first('id'),
  );
  await does(home.staff, invoice.id, 'send');
  await noah.reply('sent you invoice INV-0001', 'It will be paid on Monday.', { lost });
  await olivia.newest('paid on Monday');
  await says(home.staff, estimate, 'It is being made now.');
  await olivia.reply('paid on Monday', 'Thank you.', { lost });
  await maya.newest('Thank you.');
  await portal.idle();
  return { maya, noah, olivia };
}

const numbersIn = (mails: readonly Mail[]) => [...new Set(mails.map(numberIn))].toSorted((a, b) => a.localeCompare(b));

const numberIn = ({ subject }: Mail) => /[A-Z]+-\d{4}/.exec(subject)?.[0] ?? '';

type Threading = (mails: readonly Mail[]) => Mail[][];

/** By references alone: with neither a look at the subject nor a root that is there. */
const THREADINGS: Record<string, Threading> = { gmail, rfc5256, jwz, byReferences };

/**
 * Each conversation holds all that this reader has of one document, and nothing else. Those that are shown flat are
 * as time went.
 */
function assertThreaded(readers: Readers, threadings = Object.keys(THREADINGS)): void {
  for (const [reader, mailbox] of Object.entries(readers)) {
    const mails = mailbox.mails();
    assert.ok(mails.length >= 8, `${reader} has ${mails.length}`);
    for (const name of threadings) {
      const threads = THREADINGS[name]?.(mails) ?? [];
      const documents = threads.map((thread) => [...new Set(thread.map(numberIn))].join(' and ')).toSorted();
      assert.deepEqual(documents, numbersIn(mails), `${reader}, ${name}`);
      if (name === 'gmail') for (const thread of threads) assertInOrder(thread.map((mail) => mails.indexOf(mail)));
    }
  }
}

const assertInOrder = (places: number[]) =>
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );

const { gmail: web, outlook, bare, notes, exchange, phone, plain, shouting, wordy, short } = programs;

const names = new Map<string, string>();

// As Amazon SES does: a Message-ID of its own, and all else as it was.
const renamed: Handling = (mail) => {
  const message_id = names.get(mail.message_id) ?? `<0100018f${names.size}-000000@email.amazonses.com>`;
  names.set(mail.message_id, message_id);
  return { ...mail, message_id };
};

const dropped: Handling = (mail) => ({ ...mail, references: [] });

describe('each document is one conversation, in order, for each reader', () => {
  const lives = async (way: Way, threadings?: string[]) =>
    assertThreaded(await life(await harbor(portal), way), threadings);

  test('with webmail, Outlook in German, and Notes, which names only the last message', () =>
    lives({ programs: [web, outlook, notes] }));
  test('with Exchange, which shortens References, a phone in Swedish, and capitals', () =>
    lives({ programs: [exchange, phone, shouting] }));
  test('with prose in In-Reply-To or without it, and an unchanged subject', () =>
    lives({ programs: [wordy, bare, plain] }));
  test('with References to the last message alone', () => lives({ programs: [short, short, short] }));
  test('with a program that names nothing it answers: by subject, where programs look at it', () =>
    lives({ programs: [forgetful, forgetful, forgetful] }, ['rfc5256', 'jwz']));

  test('behind a server that gives our mail other Message-IDs', () =>
    lives({ programs: [web, outlook, exchange], handled: renamed }));
  test('behind a server that drops References from our mail', () =>
    lives({ programs: [web, outlook, notes], handled: dropped }));
  test('behind a server that drops References and In-Reply-To from theirs', () =>
    lives({ programs: [web, outlook, notes], lost: ['References', 'In-Reply-To'] }));
});

test('the proposals of one vendor to two requests are two conversations, from the invitation to the order', async () => {
  const shop = await workshop(portal);
  const { nordholz, desk } = shop;
  const requests = [
    await asksFor(shop, [['Counter', '1']], [nordholz]),
    await asksFor(shop, [['Counter', '1']], [nordholz]),
  ];
  for (const request of requests) {
    const number = await proposalOf(portal, shop, request, nordholz);
    const nora = await opens(portal, nordholz, number);
    const line_id = lineIds((await nora.get(`${nora.page}/answer`)).text);
    await post(nora, `${nora.page}/submit`, { 'line_id[]': line_id, 'line_price[]': ['80'] });
    await nora.post(`${nora.page}/comment`).field('text', 'Is ash fine, too?').field('audience', 'shared').expect(303);
    await desk.post(`${nora.page}/comment`).field('text', `About ${number}`).field('audience', 'shared').expect(303);
    await portal.post.to(nordholz.person.email, `About ${number}`);
  }
  await portal.idle();
  const vendor = openMailbox(portal, nordholz.person.email, programs.gmail).mails();
  const ours = openMailbox(portal, shop.olivia.email, programs.gmail).mails();
  for (const mails of [vendor, ours.filter((mail) => numberIn(mail))]) {
    assert.ok(mails.length >= 2, JSON.stringify(mails.map(({ subject }) => subject)));
    for (const [name, threading] of Object.entries(THREADINGS)) {
      const threads = threading(mails).map((thread) => [...new Set(thread.map(numberIn))].join(' and '));
      assert.deepEqual(threads.toSorted(), numbersIn(mails), name);
    }
  }
  assert.ok(vendor.length >= 4 && vendor.every((mail) => numberIn(mail)));
});

describe('an answer finds its document', () => {
  const answered = async (handled: Handling, way: Parameters<Mailbox['reply']>[2]) => {
    const home = await harbor(portal);
    const maya = openMailbox(portal, home.maya.email, programs.outlook, handled);
    await sent(home, 'estimate', 'Reception', 2);
    await maya.reply('sent you estimate', 'Is oak possible?', way);
    const olivias = await portal.post.to(home.olivia.email, 'Is oak possible?');
    assert.match(String(olivias.subject), /EST-0001/);
  };
  const own = ({ slug }: { slug: string }) => `${slug}@${portal.config.mail_domain}`;

  test('by its reply address, whatever the Message-ID has become', () => answered(renamed, {}));
  test('by its reply address alone', () => answered(renamed, { lost: ['References', 'In-Reply-To'] }));
  test('by In-Reply-To, if it went to From', async () => {
    const home = await harbor(portal);
    const maya = openMailbox(portal, home.maya.email, programs.notes);
    await sent(home, 'estimate', 'Reception', 2);
    await maya.reply('sent you estimate', 'Is oak possible?', { to: own(home) });
    await portal.post.to(home.olivia.email, 'Is oak possible?');
  });
  test('by References, if it went to From without In-Reply-To', async () => {
    const home = await harbor(portal);
    const maya = openMailbox(portal, home.maya.email, programs.bare);
    await sent(home, 'estimate', 'Reception', 2);
    await maya.reply('sent you estimate', 'Is oak possible?', { to: own(home) });
    await portal.post.to(home.olivia.email, 'Is oak possible?');
  });
  test('by In-Reply-To, if a server took the key out of the reply address', () =>
    answered((mail) => mail, { to: `reply@${portal.config.mail_domain}` }));
});

describe('the threading algorithms themselves', () => {
  test('base subjects of RFC 5256', () => {
    const subjects = {
      'Re: [Harbor & Pine] Invoice INV-0001': ['invoice inv-0001', true],
      '[Harbor & Pine] Re: Invoice INV-0001 (fwd)': ['invoice inv-0001', true],
      'Fwd: Re[list]: Fw:  Two   words': ['two words', true],
      '[fwd: [a] Re: b]': ['b', true],
      '[a]': ['[a]', false],
      'AW: Invoice': ['aw: invoice', false],
      'Re:': ['', true],
    };
    for (const [subject, [base, is_reply]] of Object.entries(subjects))
      assert.deepEqual(baseSubject(subject), { base, is_reply }, subject);
  });

  test('webmail takes the prefixes of any language off', () => {
    for (const prefix of ['Re: ', 'RE: AW: ', 'Antw: ', '回复：', 'SV: VS: ', 'Re[2]: '])
      assert.equal(plainSubject(`${prefix}[Harbor & Pine] Invoice`), '[harbor & pine] invoice');
  });

  const mail = (n: number, references: string[], subject = 'a'): Mail => {
    return { message_id: `<${n}@x>`, in_reply_to: '', references, subject, date: new Date(n) };
  };

  test('Gmail ends a conversation at a hundred, and begins one where the subject changes', () => {
    const mails = Array.from({ length: 130 }, (_, n) => mail(n, ['<root@x>']));
    assert.deepEqual(
      gmail(mails).map((one) => one.length),
      [100, 30],
    );
    assert.equal(gmail([mail(1, []), mail(2, ['<1@x>'], 'b')]).length, 2);
    assert.equal(gmail([mail(1, []), mail(2, [])]).length, 2);
  });

  test('trees: gaps are bridged, loops end, what nobody has is no message, and subjects join', () => {
    const ids = (threads: Mail[][]) => threads.map((thread) => thread.map(({ message_id }) => message_id).join(''));
    assert.deepEqual(ids(byReferences([mail(1, ['<r@x>']), mail(2, ['<r@x>', '<lost@x>']), mail(3, ['<2@x>'])])), [
      '<1@x><2@x><3@x>',
    ]);
    assert.deepEqual(ids(byReferences([mail(1, ['<2@x>']), mail(2, ['<1@x>'])])).length, 1);
    assert.deepEqual(ids(byReferences([mail(1, []), mail(2, [], 'Re: a')])), ['<1@x>', '<2@x>']);
    assert.deepEqual(ids(rfc5256([mail(1, []), mail(2, [], 'Re: a'), mail(3, [], '[b] a'), mail(4, [], 'c')])), [
      '<1@x><2@x><3@x>',
      '<4@x>',
    ]);
    assert.deepEqual(ids(jwz([mail(1, []), mail(2, [], 'Re: a'), mail(3, [], '[b] a')])), ['<1@x><2@x>', '<3@x>']);
  });
});
