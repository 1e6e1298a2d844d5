import { playDemo } from '../../src/demo/story/play.js';
import { freePort } from './ports.js';
import { openPortal, type Portal } from './portal.js';
import { sharedPrinter } from './printer.js';

/** An email as the demo's mailbox shows it. */
export interface MailboxMessage {
  id: string;
  from: string;
  to: string;
  replyTo: string | null;
  subject: string;
  date: string;
  text: string;
  html: string | null;
  headers: Record<string, string | string[]>;
  attachments: { filename: string; contentType: string; size: number }[];
}

/** What a portal needs to go on where another ended: its emails name its port. */
interface Played {
  database: string;
  folder: string;
  env: { PORT: string };
}

let played: Promise<Played> | undefined;

const ENV = { DEMO: 'on', SMTP_URL: '', MAIL_DOMAIN: 'parley.localhost' };

/** The whole demo, its emails sent and their PDFs printed. Played once by a process; each call opens a copy of it. */
export async function openDemo(): Promise<Portal> {
  played ??= play();
  const { env, ...from } = await played;
  return openPortal({ ...ENV, ...env }, from, sharedPrinter());
}

async function play(): Promise<Played> {
  const portal = await openPortal({ ...ENV, PORT: String(await freePort()) }, undefined, sharedPrinter());
  await playDemo(portal.services);
  await portal.idle();
  await portal.stop();
  return { database: portal.database, folder: portal.folder, env: { PORT: String(portal.config.port) } };
}

/** The inbox of a sample person, the newest on top. */
export const mailboxOf = async (portal: Portal, address: string): Promise<MailboxMessage[]> =>
  (await portal.browser().get('/mailbox/messages.json').query({ to: address }).expect(200)).body;

/** For a code that is asked for from now on: waits for its email in the mailbox, and gives its six digits. */
export async function codeInMailbox(portal: Portal, email: string): Promise<() => Promise<string>> {
  const before = new Set((await mailboxOf(portal, email)).map(({ id }) => id));
  return () =>
    portal.until(`a code for ${email}`, async () =>
      (await mailboxOf(portal, email))
        .filter(({ id }) => !before.has(id))
        .map(({ subject }) => /^(\d{6}) /.exec(subject)?.[1])
        .find(Boolean),
    );
}
