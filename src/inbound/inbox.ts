import { claimDeliveries, deferDelivery } from './claim.js';
import { giveUp, processDelivery } from './process.js';
import { type Delivery, type InboundContext, readDeliveries, type Reading } from './read_delivery.js';

/** After so many tries an unreadable message is held for staff. */
const MAX_TRIES = 6;

/** After so many tries that never finished, the message itself is assumed to crash the process. */
const MAX_CRASHES = 20;

/** So many recipients' mail is decided at a time; more would not be done sooner. */
const DECIDING = 4;

/**
 * Reads and decides all mail that waits and that no other job has. Mail to one recipient is decided in the order of
 * arrival, except what must be tried again later.
 * @throws if some must, as when DNS doesn't answer: the next attempt of this job takes it again
 */
export async function readInbox(context: InboundContext, job_id: string): Promise<void> {
  const failed = new Map<string, unknown>();
  const claim = () => claimDeliveries(context.db, job_id, [...failed.keys()]);
  for (let batch = await claim(); batch.length > 0; batch = await claim()) {
    const queues = await readQueues(context, batch);
    await Promise.all(Array.from({ length: DECIDING }, () => decideQueues(context, queues, failed)));
  }
  for (const error of failed.values()) throw error;
}

/** The mail of each recipient in its order, while it is being read. */
async function readQueues(context: InboundContext, batch: readonly Delivery[]): Promise<Reading[][]> {
  const queues = new Map<string, Reading[]>();
  for (const one of await readDeliveries(context, batch)) {
    const queue = queues.get(one.delivery.recipient) ?? [];
    queues.set(one.delivery.recipient, [...queue, one]);
  }
  return [...queues.values()];
}

/** Decides one queue after the other, until none is left. */
async function decideQueues(context: InboundContext, queues: Reading[][], failed: Map<string, unknown>): Promise<void> {
  for (let queue = queues.shift(); queue; queue = queues.shift())
    for (const { delivery, result } of queue)
      try {
        await decideOrGiveUp(context, { delivery, result });
      } catch (error) {
        failed.set(delivery.id, error);
        await deferDelivery(context.db, delivery.id);
      }
}

async function decideOrGiveUp(context: InboundContext, { delivery, result }: Reading): Promise<void> {
  if (delivery.tries >= MAX_CRASHES || !delivery.raw) return giveUp(context, delivery);
  try {
    await processDelivery(context, delivery, await result);
  } catch (error) {
    if (delivery.tries < MAX_TRIES) throw error;
    await giveUp(context, delivery);
  }
}
