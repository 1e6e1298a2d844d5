import { type Bench, MANY } from '../bench.js';
import { median, print } from '../figure.js';
import { startParley } from '../processes/parley.js';
import { openWorld } from '../processes/post.js';
import { spending } from '../spending.js';
import { countComments, eventually, untilIdle } from './comments.js';
import { repliesOf, SENDERS, writersOf } from './writers.js';

const MESSAGES = 200;
const WARM = 100;
const TURNS = 3;

/** Messages from the first byte over SMTP until the last is a comment on its page; emails of them go out meanwhile. */
export async function measureIn({ cluster, copied }: Bench): Promise<void> {
  const place = await copied(MANY);
  const admin = await cluster.admin(place);
  const world = await openWorld();
  const parley = await startParley(['mail', 'worker'], { database_url: place.url(), smtp_url: world.smtp_url });
  const writers = await writersOf(world, place);
  const round = async (count: number) => {
    const most = (await countComments(admin, writers)) + count;
    const start = performance.now();
    world.hand({ port: parley.ports.mail, messages: repliesOf(writers, count), senders: SENDERS, per_second: null });
    await eventually('comments', 25, async () => (await countComments(admin, writers)) >= most);
    const seconds = (performance.now() - start) / 1000;
    await untilIdle(admin);
    return seconds;
  };
  await round(WARM);
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push(await spending(cluster, parley, () => round(MESSAGES)));
  print({
    figure: 'messages in, from SMTP to comment',
    value: MESSAGES / median(turns.map(({ result }) => result)),
    unit: 'a second',
    node_ms: median(turns.map(({ node_ms }) => node_ms)) / MESSAGES,
    postgres_ms: median(turns.map(({ postgres_ms }) => postgres_ms)) / MESSAGES,
  });
  await parley.stop();
  await admin.end();
  world.close();
}
