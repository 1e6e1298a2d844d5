import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { type Config, root } from '../../config.js';
import type { Database } from '../../db/database.js';
import { deprioritizeQueued } from '../../db/jobs.js';
import type { Storage } from '../../files/storage.js';
import { receive } from '../../inbound/receive.js';
import { runSubscriptions } from '../../jobs/subscriptions/run_subscriptions.js';
import { tick } from '../../jobs/tick.js';
import { senderAddress } from '../../mail/address.js';
import { bankKeys } from '../../people/banking/bank_keys.js';
import { playEvent } from './events.js';
import { addProfiles } from './profiles.js';
import { invitationsOf } from './invitations.js';
import { readOlder } from './read_older.js';
import { membersOf } from './story_members.js';
import { momentOf, setStage, type Stage } from './stage.js';
import { readStory } from './story.js';

const STORIES = ['harbor', 'quayside'] as const;

interface DemoContext {
  db: Database;
  storage: Storage;
  config: Pick<Config, 'mail_domain' | 'production' | 'bank_details_keys'>;
  secret: string;
}

/**
 * Plays two months of the sample organizations, up to yesterday, with the same functions as people's clicks. Only if
 * there is no organization yet, and in one transaction, so that an interrupted start leaves nothing and the emails are
 * sent after all of it.
 */
export function playDemo({ db, storage, config, secret }: DemoContext, onBegin: () => void = () => {}): Promise<void> {
  return db.knex.transaction(async (db) => {
    await db.raw(`select pg_advisory_xact_lock(hashtext('set up'))`);
    if (await db('organizations').first('id')) return;
    onBegin();
    const moments: Moment[] = [];
    const organizations: string[] = [];
    for (const name of STORIES) {
      const stage = await setStage(db, readStory(name));
      organizations.push(stage.organization_id);
      await addProfiles(db, { storage, bank_keys: bankKeys(config, [secret]) }, stage);
      moments.push(...eventsOf(stage, storage), ...invitationsOf(stage, secret), ...membersOf(stage, secret));
      if (name === STORIES[0]) moments.push(...dailyTicks(stage));
    }
    for (const day of [...new Set(moments.map((moment) => moment.day))].toSorted((a, b) => a - b)) {
      for (const { play } of inOrder(moments.filter((moment) => moment.day === day))) await play(db);
      // The story's emails give way to new ones, and the latest of them, which top the inboxes, go first.
      await deprioritizeQueued(db, -day);
    }
    for (const id of organizations) await readOlder(db, id);
    await deliverIncomingMail(db, STORIES[0], config.mail_domain);
  });
}

/** Something that happens in a story. */
export interface Moment {
  day: number;
  at: Date;
  play(this: void, db: Knex): Promise<void>;
}

const inOrder = (moments: Moment[]) => moments.toSorted((a, b) => a.at.getTime() - b.at.getTime());

const eventsOf = (stage: Stage, storage: Storage): Moment[] =>
  stage.story.events.map((event) => ({
    day: event.day,
    at: momentOf(stage.story, event.day, event.at),
    play: (db) => playEvent(db, storage, stage, event),
  }));

/** Runs the hourly jobs each morning, for the reminders and invoices that are due. */
const dailyTicks = ({ story }: Stage): Moment[] =>
  Array.from({ length: -story.begins }, (_, index) => {
    const day = story.begins + index;
    const at = momentOf(story, day, '09:07');
    const play = async (db: Knex) => {
      await tick(db, at);
      await runSubscriptions(db, at);
    };
    return { day, at, play };
  });

const MAIL = join(root, 'seeds/mail');

/** Delivers mail to an organization's own address, as another server would: an enquiry, a newsletter, a fraud. */
async function deliverIncomingMail(db: Knex, slug: string, mail_domain: string): Promise<void> {
  const to = senderAddress(slug, mail_domain);
  for (const file of readdirSync(MAIL).toSorted().toReversed()) {
    const raw = readFileSync(join(MAIL, file), 'utf8').replaceAll('{{to}}', to).replaceAll(/\r?\n/g, '\r\n');
    const mail_from = /^From:.*<([^>]+)>/m.exec(raw)?.[1] ?? '';
    const origin = { remote_ip: '127.0.0.1', helo: 'localhost' };
    await receive(db, Buffer.from(raw), { source: 'smtp', mail_from, recipients: [to], ...origin });
  }
}
