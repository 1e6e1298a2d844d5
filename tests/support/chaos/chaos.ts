import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../src/db/scope.js';
import { newContact } from '../../../src/people/partner.js';
import { type Harbor, sentInvoice } from '../harbor.js';
import type { openPostOffice } from '../post_office.js';
import type { Random } from '../random.js';
import { until } from '../until.js';
import { type Posted, sendUntilTaken } from './sender.js';
import { killAgainAndAgain, type Slot } from './slot.js';
import { type Arrival, judge, type Verdict } from './verdict.js';

export interface Chaos {
  knex: Knex;
  home: Harbor;
  post: Awaited<ReturnType<typeof openPostOffice>>;
  /** Of every process; mail is taken at INBOUND_SMTP_PORT. */
  env: Record<string, string>;
  /** How many processes are ended, and how: at once, or asked to end. */
  ends: number;
  signal: 'SIGKILL' | 'SIGTERM';
  lease: number;
  /** How long a process lives at most, in milliseconds. */
  life: number;
  /** Chooses when. */
  random: Random;
  writers: Writer[];
  /** Of all writers together. */
  mails_per_second: number;
}

interface Writer {
  email: string;
  reply_to: string;
}

/**
 * Mail comes in and goes out while the processes that take it, read it and send it are ended at random moments and
 * started again. Returns what is there once all is still.
 */
export async function chaos(given: Chaos): Promise<Verdict & { ends: number; sent_again: number; seconds: number }> {
  const { knex, home, post, env, signal, lease, life, random } = given;
  const slots: Slot[] = (['mail', 'worker', 'worker'] as const).map((role) => ({ role, env, lease, life }));
  const began = performance.now();
  const posting = startPosting(given);
  let ends = 0;
  const more = () => ends < given.ends && ++ends > 0;
  const last = await Promise.all(slots.map((slot) => killAgainAndAgain(slot, signal, random, more)));
  const { marks, sent_again } = await posting.stop();
  const seconds = (performance.now() - began) / 1000;
  await untilStill(knex, home.organization_id).finally(() => last.forEach((child) => child.kill('SIGKILL')));
  const arrivals: Arrival[] = post.emails.map(({ recipient, messageId }) => ({
    recipient,
    message_id: messageId ?? '',
  }));
  return { ends, seconds, sent_again, ...(await judge(knex, home.organization_id, marks, arrivals)) };
}

/**
 * Contacts, each with an invoice that Noah and Olivia follow too. A worker that runs meanwhile sends what tells them of
 * it, so that their reply addresses are known.
 */
export async function prepareWriters(
  { knex, home, post }: Pick<Chaos, 'knex' | 'home' | 'post'>,
  count: number,
): Promise<Writer[]> {
  const emails = Array.from({ length: count }, (_, i) => `writer${i}@maple.example`);
  for (const [i, email] of emails.entries()) {
    const id = await newContact(knex, home.staff, home.partner_id, { name: `Writer ${i}`, email });
    await sentInvoice({ knex }, home, { recipients: [id, home.noah.id] });
  }
  const writers: Writer[] = [];
  for (const email of emails) {
    const { reply_to } = await until(email, () => post.emails.find((one) => one.recipient === email));
    writers.push({ email, reply_to });
  }
  await untilStill(knex, home.organization_id);
  return writers;
}

/** Each writer writes one message after the other, in their turn. */
function startPosting({ env, mails_per_second, random, writers }: Chaos) {
  const port = Number(env['INBOUND_SMTP_PORT']);
  const gap = (1000 * writers.length) / mails_per_second;
  const over = new AbortController();
  let [tries, count] = [0, 0];
  const write = async (writer: Writer, w: number) => {
    const marks: string[] = [];
    await pause(random(gap));
    for (let n = 0; !over.signal.aborted; n++) {
      const message = messageOf(writer, `mark-${w}-${n}`);
      const needed = await sendUntilTaken(port, message);
      tries += needed;
      count += 1;
      marks.push(message.mark);
      await pause(gap / 2 + random(gap));
    }
    return marks;
  };
  const all = Promise.all(writers.map(write));
  return {
    async stop() {
      over.abort();
      const marks = await all;
      return { marks, sent_again: tries - count };
    },
  };
}

function messageOf({ email, reply_to }: Writer, mark: string): Posted {
  const head = [
    `From: Writer <${email}>`,
    `To: <${reply_to}>`,
    'Subject: Re: Invoice',
    `Message-ID: <${mark}@maple.example>`,
  ];
  const type = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', ''];
  return { from: email, to: reply_to, mark, raw: [...head, ...type, `What about ${mark}?`, ''].join('\r\n') };
}

/**
 * Waits until no message is left to be read or sent, as long as they get fewer. Not for jobs: one that was killed too
 * often waits to be started again, while others do its work. What tells staff of held mail comes an hour later.
 */
async function untilStill(knex: Knex, organization_id: string): Promise<void> {
  for (let before = Infinity; before > 0;) {
    const { left } = await until(`fewer messages than ${before}`, async () => {
      const left = await countMessages(knex, organization_id);
      return left < before && { left };
    });
    before = left;
  }
}

const countMessages = (knex: Knex, organization_id: string): Promise<number> =>
  withActor(knex, systemActor(organization_id), async (db) => {
    const [waiting, queued] = await Promise.all([
      db('inbound_deliveries').where({ state: 'pending' }).count({ n: '*' }).first<{ n: string }>(),
      db('emails').where({ organization_id, state: 'queued', kind: 'event' }).count({ n: '*' }).first<{ n: string }>(),
    ]);
    return Number(waiting.n) + Number(queued.n);
  });
