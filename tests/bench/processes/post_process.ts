import { setTimeout as pause } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import type { Handing, News, Outgoing } from './post.js';

const tell = (news: News) => process.send?.(news);
const now = () => performance.timeOrigin + performance.now();

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const unfolded = Buffer.concat(chunks)
        .toString('latin1')
        .replace(/\r\n[ \t]+/g, ' ');
      const reply_to = /^Reply-To:.*?([\w+.-]+@[\w.-]+)>?\r?$/im.exec(unfolded)?.[1] ?? '';
      tell({ arrived: session.envelope.rcptTo[0]?.address ?? '', reply_to, at: now() });
      done();
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  tell({ listening: typeof address === 'object' && address ? address.port : 0 });
});

process.on('message', (handing: Handing) => {
  hand(handing).catch((error: unknown) => tell({ failed: String(error) }));
});
process.on('disconnect', () => process.exit());

async function hand({ port, messages, senders, per_second, in_order = false }: Handing): Promise<void> {
  const smtp = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: senders,
    maxMessages: Infinity,
  });
  const send = async ({ from, to, raw, n }: Outgoing) => {
    await smtp.sendMail({ envelope: { from, to }, raw });
    tell({ taken: n, at: now() });
  };
  const sent: Promise<void>[] = [];
  const lasts = new Map<string, Promise<void>>();
  for (const message of messages) {
    const before = in_order ? lasts.get(message.from) : undefined;
    const taken = before ? before.then(() => send(message)) : send(message);
    lasts.set(message.from, taken);
    sent.push(taken);
    if (per_second) await pause(1000 / per_second);
  }
  await Promise.all(sent);
  smtp.close();
}
