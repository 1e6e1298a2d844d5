import type pg from 'pg';
import { act } from '../../../src/act.js';
import { openDatabase } from '../../../src/db/database.js';
import { newContact } from '../../../src/people/partner.js';
import { sentInvoice } from '../../support/harbor.js';
import { type Bench, MANY } from '../bench.js';
import type { Filled } from '../database/filled.js';
import { print } from '../figure.js';
import { startParley } from '../processes/parley.js';
import { openWorld, type World } from '../processes/post.js';
import { spending } from '../spending.js';
import { untilIdle } from './comments.js';

const INVOICES = 10;
const READERS = 20;
/** Emails that each reader gets of each invoice, of comments on it. */
const WORDS = 5;
const EMAILS = INVOICES * READERS * WORDS;
/** Not counted: until every statement is prepared. */
const WARM = 200;

/** Emails of events that wait: each looked at, composed, signed and sent over SMTP. */
export async function measureOut({ cluster, copied }: Bench): Promise<void> {
  const place = await copied(MANY);
  const admin = await cluster.admin(place);
  const world = await openWorld();
  await queueEmails(admin, place);
  const come = cadence(world);
  const parley = await startParley(['worker'], { database_url: place.url(), smtp_url: world.smtp_url });
  const { result, node_ms, postgres_ms } = await spending(cluster, parley, async () => {
    const per_second = await come;
    await untilIdle(admin);
    return per_second;
  });
  print({
    figure: 'emails out',
    value: result,
    unit: 'a second',
    node_ms: node_ms / EMAILS,
    postgres_ms: postgres_ms / EMAILS,
  });
  await parley.stop();
  await admin.end();
  world.close();
}

/** Comments on invoices that many read: of none an email has been sent yet. */
async function queueEmails(admin: pg.Client, { home, ...place }: Filled): Promise<void> {
  const db = openDatabase({ connectionString: place.url() }, 1);
  const recipients: string[] = [];
  for (let i = 0; i < READERS; i++) {
    const email = `reader${i}@maple.example`;
    recipients.push(await newContact(db.knex, home.staff, home.partner_id, { name: `Reader ${i}`, email }));
  }
  const invoices: string[] = [];
  for (let i = 0; i < INVOICES; i++) invoices.push((await sentInvoice(db, home, { recipients })).id);
  await admin.query(
    `delete from graphile_worker._private_jobs; update emails set state = 'skipped' where state = 'queued'`,
  );
  for (let i = 0; i < WORDS; i++)
    for (const id of invoices)
      await act(db.knex, home.staff, id, 'comment', { text: `The oak takes ${i} weeks longer.` });
  await db.close();
}

/** Messages a second, from the first that counts to the last. */
function cadence(world: World): Promise<number> {
  return new Promise((resolve) => {
    const at: number[] = [];
    const unfollow = world.follow((news) => {
      if (!('arrived' in news)) return;
      at.push(news.at);
      if (at.length < EMAILS) return;
      unfollow();
      resolve(((EMAILS - WARM) * 1000) / ((at.at(-1) ?? 0) - (at[WARM - 1] ?? 0)));
    });
  });
}
