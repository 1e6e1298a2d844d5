import { closeReaders } from '../inbound/reading/worker/read_mail.js';
import { startImap } from '../inbound/sources/imap/imap.js';
import { startSmtp } from '../inbound/sources/smtp/smtp.js';
import { readCertificate } from '../inbound/sources/smtp/tls.js';
import type { Services } from './services.js';
import { describePortError } from './ports.js';

/**
 * Takes in mail: hears SMTP, and reads the mailboxes that are named. @throws in words for the person at the terminal
 * if its port can't be had, or its certificate can't be read.
 */
export async function startMail({ config, db, directConnection, log, secret }: Services) {
  const door = { db: db.knex, config, secret, log };
  const tls = config.inbound_tls && (await readCertificate(config.inbound_tls));
  const smtp = await startSmtp(door, tls).catch((error: unknown) => {
    throw describePortError('INBOUND_SMTP_PORT', config.inbound_port, error);
  });
  const imap = startImap(door, directConnection);
  return {
    port: smtp.port,
    async stop() {
      await Promise.all([smtp.stop(), imap.stop()]);
      await closeReaders();
    },
  };
}
