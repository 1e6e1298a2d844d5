import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { root } from '../../config.js';
import { receive } from '../../inbound/receive.js';
import { senderAddress } from '../../mail/address.js';

const LETTERS = join(root, 'seeds/mail');

/**
 * Brings mail to the first sample organization's own address, as another server would: an enquiry, a newsletter, a
 * fraud. It is read like any other.
 */
export async function deliverIncomingMail(db: Knex, slug: string, mail_domain: string): Promise<void> {
  const to = senderAddress(slug, mail_domain);
  for (const file of readdirSync(LETTERS).toSorted().toReversed()) {
    const raw = readFileSync(join(LETTERS, file), 'utf8').replaceAll('{{to}}', to).replaceAll(/\r?\n/g, '\r\n');
    const mail_from = /^From:.*<([^>]+)>/m.exec(raw)?.[1] ?? '';
    await receive(db, Buffer.from(raw), {
      source: 'smtp',
      mail_from,
      recipients: [to],
      remote_ip: '127.0.0.1',
      helo: 'localhost',
    });
  }
}
