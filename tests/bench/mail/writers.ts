import { openDatabase } from '../../../src/db/database.js';
import { newContact } from '../../../src/people/partner.js';
import { sentInvoice } from '../../support/harbor.js';
import type { Filled } from '../database/filled.js';
import { nextTo, type Outgoing, type World } from '../processes/post.js';

export const SENDERS = 10;

/** Who writes, and where their replies go. */
export interface Writer {
  email: string;
  reply_to: string;
  subject_id: string;
}

/**
 * Ten contacts, each with an invoice that Noah and Olivia follow too. Their mail has come, so that their reply
 * addresses are known: a worker must run.
 */
export async function writersOf(world: World, { home, ...place }: Filled): Promise<Writer[]> {
  const db = openDatabase({ connectionString: place.url() }, 1);
  const writers: Writer[] = [];
  for (let i = 0; i < SENDERS; i++) {
    const email = `writer${i}@maple.example`;
    const id = await newContact(db.knex, home.staff, home.partner_id, { name: `Writer ${i}`, email });
    const arrived = nextTo(world, [email, home.noah.email]);
    const invoice = await sentInvoice(db, home, { recipients: [id, home.noah.id] });
    writers.push({ email, subject_id: invoice.id, reply_to: (await arrived).get(email) ?? '' });
  }
  await db.close();
  return writers;
}

let written = 0;

/** Replies by all of them in turn; each says a number, counted up. */
export function repliesOf(writers: Writer[], count: number): Outgoing[] {
  return Array.from({ length: count }, (_, i) => {
    const { email, reply_to } = writers[i % writers.length] ?? { email: '', reply_to: '' };
    const n = ++written;
    const head = [
      `From: Writer <${email}>`,
      `To: <${reply_to}>`,
      'Subject: Re: [Harbor & Pine] Invoice INV-0001',
      `Message-ID: <${n}@maple.example>`,
    ];
    const type = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', ''];
    const body = [
      `Could the desk come in the second week? (${n})`,
      '',
      'On Tue, 3 Nov 2026 at 09:14, Harbor & Pine wrote:',
      '',
      '> Invoice INV-0001',
      '> Reception fit-out',
      '',
    ];
    return { from: email, to: reply_to, n, raw: [...head, ...type, ...body].join('\r\n') };
  });
}
