import { generateKeyPairSync } from 'node:crypto';
import nodemailer from 'nodemailer';
import { act } from '../../src/act.js';
import { dkimSigned } from '../../src/mail/deliverability/dkim.js';
import { newContact } from '../../src/people/partner.js';
import { startWorker } from '../../src/start/roles.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import type { Place } from './place.js';
import { openWorld, type World } from './post.js';
import { openSite } from './site.js';
import { print } from './slices.js';

const READERS = 20;
const WORDS = 20;
const EMAILS = READERS * WORDS;

/**
 * Emails that wait, each looked at, made, signed and sent over SMTP, against a mailer that only sends as many of the
 * same size; and what a signature costs.
 */
export async function measureOut(place: Place): Promise<void> {
  const world = await openWorld();
  const site = await openSite(place.url(), [], world.smtp_url);
  await queueWords(site.services.db);
  const come = cadence(world, EMAILS);
  const worker = await startWorker(site.services);
  const ours = await come;
  await worker.stop();
  const bare = await sendBare(world);
  print('emails out', {
    ratio: ours / bare,
    emails_per_second: ours,
    bare_emails_per_second: bare,
    ms_to_sign_10_kB: await signing(10_000),
    ms_to_sign_1_MB: await signing(1_000_000),
  });
  await site.stop();
  world.close();
}

/** One invoice that many read, and words on it: none has been sent yet. */
async function queueWords(db: Parameters<typeof harbor>[0]): Promise<void> {
  const home = await harbor(db);
  const readers: string[] = [];
  for (let i = 0; i < READERS; i++)
    readers.push(
      await newContact(db.knex, home.staff, home.partner_id, {
        name: `Reader ${i}`,
        email: `reader${i}@maple.example`,
      }),
    );
  const { id } = await sentInvoice(db, home, { recipients: readers });
  await db.knex.raw(`delete from graphile_worker._private_jobs`);
  for (let i = 0; i < WORDS; i++)
    await act(db.knex, home.staff, id, 'comment', { text: `The oak takes ${i} weeks longer.` });
}

/** Messages a second, from the first to the last of so many. */
function cadence(world: World, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const at: number[] = [];
    const unfollow = world.follow((news) => {
      if ('failed' in news) reject(new Error(news.failed));
      if (!('arrived' in news)) return;
      at.push(news.at);
      if (at.length === count) resolve((unfollow(), ((count - 1) * 1000) / ((at.at(-1) ?? 0) - (at[0] ?? 0))));
    });
  });
}

async function sendBare(world: World): Promise<number> {
  const smtp = nodemailer.createTransport({ url: world.smtp_url, pool: true, maxConnections: 4 });
  const come = cadence(world, EMAILS);
  const message = {
    from: 'a@mail.parley.example',
    subject: 'x',
    text: 'x'.repeat(700),
    html: `<p>${'x'.repeat(9000)}</p>`,
  };
  await Promise.all(
    Array.from({ length: EMAILS }, (_, i) => smtp.sendMail({ ...message, to: `reader${i % READERS}@maple.example` })),
  );
  smtp.close();
  return come;
}

async function signing(bytes: number): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const raw = Buffer.from(
    `From: a@b.example\r\nSubject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(Math.ceil(bytes / 78))}`,
  );
  const key = { domain: 'b.example', selector: 'p', private_key: privateKey };
  const start = performance.now();
  for (let i = 0; i < 100; i++) await dkimSigned(raw, key);
  return (performance.now() - start) / 100;
}
