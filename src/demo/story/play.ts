import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { deprioritizeQueued } from '../../db/jobs.js';
import type { Storage } from '../../files/storage.js';
import { tick } from '../../jobs/tick.js';
import { playEvent } from './events.js';
import { deliverIncomingMail } from './incoming_mail.js';
import { momentOf, setStage, type Stage } from './stage.js';
import { readStory } from './story.js';

const STORIES = ['harbor', 'quayside'] as const;

/**
 * Plays two months of the sample organizations, up to yesterday, through the functions that people's clicks go
 * through. Only where there is no organization yet, and all in one transaction: a start that is interrupted leaves
 * nothing, and the emails leave once the whole story is kept.
 */
export function playDemo({ db, storage, config }: Sources): Promise<void> {
  return db.knex.transaction(async (db) => {
    await db.raw(`select pg_advisory_xact_lock(hashtext('set up'))`);
    if (await db('organizations').first('id')) return;
    const moments: Moment[] = [];
    for (const name of STORIES) {
      const stage = await setStage(db, readStory(name));
      moments.push(
        ...stage.story.events.map((event) =>
          moment(stage, event.day, event.at, (db) => playEvent(db, storage, stage, event)),
        ),
      );
      if (name === STORIES[0]) moments.push(...mornings(stage));
    }
    for (const day of [...new Set(moments.map((moment) => moment.day))].toSorted((a, b) => a - b)) {
      for (const { happens } of inOrder(moments.filter((moment) => moment.day === day))) await happens(db);
      await deprioritizeQueued(db, -day); // the story's emails wait for whoever tries something meanwhile; the newest, on top of the inboxes, leave first
    }
    await deliverIncomingMail(db, STORIES[0], config.mail_domain);
  });
}

interface Sources {
  db: Database;
  storage: Storage;
  config: Pick<Config, 'mail_domain'>;
}

interface Moment {
  day: number;
  at: Date;
  happens(this: void, db: Knex): Promise<void>;
}

const moment = ({ story }: Stage, day: number, at: string, happens: Moment['happens']): Moment => ({
  ...{ day, happens },
  at: momentOf(story, day, at),
});

const inOrder = (moments: Moment[]) => moments.toSorted((a, b) => a.at.getTime() - b.at.getTime());

/** Each morning the clock looks, for everybody, which reminders are due. */
const mornings = (stage: Stage): Moment[] =>
  Array.from({ length: -stage.story.begins }, (_, index) => stage.story.begins + index).map((day) => {
    const morning: Moment = moment(stage, day, '09:07', (db) => tick(db, morning.at));
    return morning;
  });
