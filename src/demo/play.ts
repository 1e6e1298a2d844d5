import type { Knex } from 'knex';
import type { Database } from '../db/database.js';
import { putOff } from '../db/jobs.js';
import type { Storage } from '../files/storage.js';
import { tick } from '../jobs/clock.js';
import { happen } from './events.js';
import { momentOf, setStage, type Stage } from './stage.js';
import { readStory } from './story.js';

const STORIES = ['harbor', 'quayside'];

/**
 * Plays two months of the sample organizations, up to yesterday, through the functions that people's clicks go through. Only where there is no
 * organization yet, and all in one transaction: a start that is interrupted leaves nothing, and the emails leave once the whole story is kept.
 */
export function playDemo({ db, storage }: { db: Database; storage: Storage }): Promise<void> {
  return db.knex.transaction(async (db) => {
    await db.raw(`select pg_advisory_xact_lock(hashtext('set up'))`);
    if (await db('organizations').first('id')) return;
    const moments: Moment[] = [];
    for (const name of STORIES) {
      const stage = await setStage(db, readStory(name));
      moments.push(
        ...stage.story.events.map((event) => ({
          at: momentOf(stage.story, event.day, event.at),
          happens: (db: Knex) => happen(db, storage, stage, event),
        })),
      );
      if (name === STORIES[0]) moments.push(...mornings(stage));
    }
    for (const moment of moments.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await moment.happens(db);
    await putOff(db); // the story's emails wait for whoever tries something meanwhile
  });
}

interface Moment {
  at: Date;
  happens(db: Knex): Promise<void>;
}

/** Each morning the clock looks, for everybody, which reminders are due. */
function mornings({ story }: Stage): Moment[] {
  return Array.from({ length: -story.begins }, (_, day) => momentOf(story, story.begins + day, '09:07')).map((at) => ({
    at,
    happens: (db) => tick(db, at),
  }));
}
