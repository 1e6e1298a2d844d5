import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { newContact } from '../../../src/people/partner.js';
import { type Harbor, sentInvoice } from '../portal.js';
import type { openPostOffice } from '../post_office.js';
import { until } from '../until.js';
import { type Posted, sendUntilTaken } from './sender.js';
import { killAgainAndAgain, launch, type Slot } from './slot.js';
import { type Arrival, judge, type Verdict } from './verdict.js';

export interface Storm {
  knex: Knex;
  home: Harbor;
  post: Awaited<ReturnType<typeof openPostOffice>>;
  /** Of every process; mail is taken at INBOUND_SMTP_PORT. */
  env: Record<string, string>;
  /** How many processes are ended, and how: at once, or asked to end. */
  ends: number;
  /** Fewer, if that takes longer than this. */
  at_most_s: number;
  signal: 'SIGKILL' | 'SIGTERM';
  lease: number;
  writers: number;
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
export async function storm(given: Storm): Promise<Verdict & { ends: number; sent_again: number; seconds: number }> {
  const { knex, home, post, env, signal, lease } = given;
  const slots: Slot[] = (['mail', 'worker', 'worker'] as const).map((role) => ({ role, env, lease }));
  const writers = await prepared(given);
  const began = performance.now();
  const posting = startPosting(given, writers);
  let ends = 0;
  const more = () => ends < given.ends && performance.now() - began < given.at_most_s * 1000 && ++ends > 0;
  const last = await Promise.all(slots.map((slot) => killAgainAndAgain(slot, signal, more)));
  const { marks, sent_again } = await posting.stop();
  const seconds = (performance.now() - began) / 1000;
  await still(knex, lease).finally(() => last.forEach((child) => child.kill('SIGKILL')));
  const arrivals: Arrival[] = post.emails.map(({ recipient, messageId }) => ({
    recipient,
    message_id: messageId ?? '',
  }));
  return { ends, seconds, sent_again, ...(await judge(knex, home.organization_id, marks, arrivals)) };
}

/**
 * Contacts, each with an invoice that Noah and Olivia follow too. What tells them of it has come, so that reply
 * addresses are known.
 */
async function prepared({ knex, home, post, env, writers, lease }: Storm): Promise<Writer[]> {
  const emails = Array.from({ length: writers }, (_, i) => `storm${i}@maple.example`);
  for (const [i, email] of emails.entries()) {
    const id = await newContact(knex, home.staff, home.partner_id, { name: `Writer ${i}`, email });
    await sentInvoice({ knex }, home, { recipient: [id, home.noah.id] });
  }
  const { child, ended } = launch({ role: 'worker', env, lease });
  const known: Writer[] = [];
  for (const email of emails)
    known.push({
      email,
      reply_to: (await until(email, () => post.emails.find((one) => one.recipient === email), 60)).reply_to,
    });
  await still(knex, lease);
  child.kill('SIGTERM');
  await ended;
  return known;
}

/** Each writer writes one message after the other, in their turn. */
function startPosting({ env, mails_per_second }: Storm, writers: Writer[]) {
  const port = Number(env['INBOUND_SMTP_PORT']);
  const gap = (1000 * writers.length) / mails_per_second;
  const over = new AbortController();
  let [tries, count] = [0, 0];
  const write = async (writer: Writer, w: number) => {
    const marks: string[] = [];
    await pause(Math.random() * gap);
    for (let n = 0; !over.signal.aborted; n++) {
      const message = messageOf(writer, `mark-${w}-${n}`);
      const needed = await sendUntilTaken(port, message);
      tries += needed;
      count += 1;
      marks.push(message.mark);
      await pause(gap * (0.5 + Math.random()));
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
 * Waits until no job is left. @throws what is left, if that is so when all that was held by the dead must long be
 * free.
 */
async function still(knex: Knex, lease: number): Promise<void> {
  const left = async () => {
    const { rows } = await knex.raw(
      `select * from graphile_worker.jobs where task_identifier in ('read_mail', 'send_email') order by id limit 5`,
    );
    return rows;
  };
  const none = async () => {
    await pause(200);
    return (await left()).length === 0;
  };
  await until('the end of all jobs', none, 120 + (3 * lease) / 1000).catch(async (error: unknown) => {
    throw new Error(`Jobs are left: ${JSON.stringify(await left())}`, { cause: error });
  });
}
