import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import { CHANNEL } from '../../src/activity/record.js';
import { harbor } from '../support/harbor.js';
import type { Place } from './place.js';
import { openWorld, type World } from './post.js';
import { openSite } from './site.js';
import { inTurns, median, print } from './slices.js';
import { repliesOf, SENDERS, writersOf } from './writers.js';

const MESSAGES = 150;
const TURNS = 4;

/**
 * Messages from the first byte over SMTP until the last is a comment on its page, against parsing alone: the same
 * messages through simpleParser.
 */
export async function measureIn(place: Place): Promise<void> {
  const world = await openWorld();
  const site = await openSite(place.url(), ['mail', 'worker'], world.smtp_url);
  const writers = await writersOf(site, world, await harbor(site.services.db));
  const ours = () =>
    untilCommented(place, world, { port: site.mail_port, messages: repliesOf(writers, MESSAGES), senders: SENDERS });
  await ours();
  const turns = await inTurns(TURNS, ours, () => parsed(repliesOf(writers, MESSAGES).map(({ raw }) => raw)));
  print('messages from SMTP to comment', {
    ratio: median(turns.map(({ ours, bare }) => bare / ours)),
    messages_per_second: MESSAGES / median(turns.map(({ ours }) => ours)),
    parsed_per_second: MESSAGES / median(turns.map(({ bare }) => bare)),
  });
  await site.stop();
  world.close();
}

/** Seconds until as many comments are committed as messages were handed in. The database tells of each (LISTEN). */
async function untilCommented(
  place: Place,
  world: World,
  handing: Omit<Parameters<World['hand']>[0], 'per_second'>,
): Promise<number> {
  const ear = new pg.Client(place.url());
  await ear.connect();
  let left = handing.messages.length;
  ear.on('notification', () => --left === 0 && ear.emit('all'));
  await ear.query(`listen ${CHANNEL}`);
  const start = performance.now();
  const all = once(ear, 'all');
  world.hand({ ...handing, per_second: null });
  await all;
  await ear.end();
  return (performance.now() - start) / 1000;
}

async function parsed(raws: readonly string[]): Promise<number> {
  const start = performance.now();
  for (const raw of raws) await simpleParser(raw);
  return (performance.now() - start) / 1000;
}
