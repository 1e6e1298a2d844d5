import { afterRequests } from '../db/reading/requests_first.js';
import { causedByPart } from '../telemetry/cause.js';
import { claimDeliveries, deferDelivery, follows, releaseDelivery } from './claim.js';
import { giveUp, processDelivery } from './process.js';
import { LIMITS } from './reading/limits.js';
import { awake, poolFor } from './reading/worker/run_task.js';
import { type Delivery, type InboundContext, readDeliveries, type Reading } from './read_delivery.js';

/** After so many tries an unreadable message is held for staff. */
const MAX_TRIES = 6;

/** After so many tries that never finished, the message itself is assumed to crash the process. */
const MAX_CRASHES = 20;

/** So many recipients' mail is decided at a time; more would not be done sooner. */
const DECIDING = 4;

/**
 * Reads and decides all mail that waits and that no other job has. Mail to one recipient is decided in the order of
 * arrival; what follows mail that must be tried again later waits for it.
 * @throws if some must, as when DNS doesn't answer: the next attempt of this job takes it again
 */
export async function readInbox(context: InboundContext, job_id: string): Promise<void> {
  // A try counts from the claim: one that ended before reading could begin would say nothing about the message.
  await awake(poolFor('read', LIMITS));
  const failed: Failures = new Map();
  const claim = () => claimDeliveries(context.db, job_id, [...failed.keys()]);
  for (let batch = await claim(); batch.length > 0; batch = await claim()) {
    const queues = await readQueues(context, batch);
    await Promise.all(Array.from({ length: DECIDING }, () => decideQueues(context, queues, failed)));
  }
  for (const { error } of failed.values()) throw error;
}

/** What must be tried again later, by its id. */
type Failures = Map<string, { delivery: Delivery; error: unknown }>;

const isReadable = ({ tries, raw }: Delivery) => tries < MAX_CRASHES && raw !== null;

/** A delivery with what is being read of it; null if that is not tried any more. */
interface Entry {
  delivery: Delivery;
  result: Reading['result'] | null;
}

/** The mail of each recipient in its order, while it is being read. */
async function readQueues(context: InboundContext, batch: readonly Delivery[]): Promise<Entry[][]> {
  const queues = new Map<string, Entry[]>();
  await afterRequests();
  const readings = await readDeliveries(context, batch.filter(isReadable));
  for (const delivery of batch) {
    const one = readings.find((reading) => reading.delivery === delivery) ?? { delivery, result: null };
    const queue = queues.get(delivery.recipient) ?? [];
    queues.set(delivery.recipient, [...queue, one]);
  }
  return [...queues.values()];
}

/** Decides one queue after the other, until none is left. */
async function decideQueues(context: InboundContext, queues: Entry[][], failed: Failures): Promise<void> {
  for (let queue = queues.shift(); queue; queue = queues.shift())
    for (const entry of queue) await decideInOrder(context, entry, failed);
}

async function decideInOrder(context: InboundContext, entry: Entry, failed: Failures): Promise<void> {
  const { delivery } = entry;
  if ([...failed.values()].some((earlier) => follows(delivery, earlier.delivery)))
    return releaseDelivery(context.db, delivery.id);
  try {
    await afterRequests();
    // What a message leads to is known in the log by its delivery.
    await causedByPart(delivery.id, () => decideOrGiveUp(context, entry));
  } catch (error) {
    failed.set(delivery.id, { delivery, error });
    await deferDelivery(context.db, delivery.id);
  }
}

async function decideOrGiveUp(context: InboundContext, { delivery, result }: Entry): Promise<void> {
  if (!result) return giveUp(context, delivery);
  try {
    await processDelivery(context, delivery, await result);
  } catch (error) {
    if (delivery.tries < MAX_TRIES) throw error;
    await giveUp(context, delivery);
  }
}
