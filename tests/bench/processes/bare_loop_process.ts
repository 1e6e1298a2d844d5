import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { newId } from '../../../src/db/ids.js';
import { answerParent } from './child.js';

// What is compared against: the least that a reply by mail costs. Kept raw before it is acknowledged; then read, one
// comment, two emails.
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query('create table if not exists bare_messages (id uuid primary key, raw bytea not null)');
await pool.query(
  'create table if not exists bare_comments (id uuid primary key, author text not null, body text not null, created_at timestamptz default now())',
);
const out = nodemailer.createTransport({ url: process.env['SMTP_URL'] ?? '', pool: true, maxConnections: 4 });
const answer = async (raw: Buffer) => {
  const mail = await simpleParser(raw);
  const [author, text] = [mail.from?.value[0]?.address ?? '', mail.text ?? ''];
  await pool.query('insert into bare_comments (id, author, body) values ($1, $2, $3)', [newId(), author, text]);
  const received = {
    from: 'Harbor <harbor@mail.parley.example>',
    subject: mail.subject ?? '',
    text,
    html: `<p>${text.replace(/[<&]/g, '')}</p>`,
  };
  await Promise.all(['noah', 'olivia'].map((name) => out.sendMail({ ...received, to: `${name}@reader.example` })));
};
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, _session, done) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      const raw = Buffer.concat(chunks);
      await pool.query('insert into bare_messages (id, raw) values ($1, $2)', [newId(), raw]);
      done();
      await answer(raw);
    })();
  },
});
server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
const address = server.server.address();
answerParent(typeof address === 'object' && address ? address.port : 0, () => null);
process.on('disconnect', () => process.exit());
