import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A message to be handed in over SMTP. */
export interface Outgoing {
  from: string;
  to: string;
  raw: string;
  /** The number that it says. */
  n: number;
}

export interface Handing {
  port: number;
  messages: Outgoing[];
  /** How many connections hand them in. */
  senders: number;
  /** One writer's mail in its order: the next only once the last was taken. */
  in_order?: boolean;
  /** Null: as fast as they are taken. */
  per_second: number | null;
}

/** What the process of the outside world tells: where it listens, that a message was taken, that one came in. */
export type News =
  | { listening: number }
  | { taken: number; at: number }
  | { arrived: string; reply_to: string; at: number }
  | { failed: string };

export interface World {
  /** Where its mail server takes mail. */
  smtp_url: string;
  hand(handing: Handing): void;
  follow(heard: (news: News) => void): () => void;
  close(): void;
}

/**
 * The outside world in a process of its own: a mail server that takes what is sent, and people who write. Moments are
 * ms since 1970. Where it fails, so does the bench.
 */
export async function openWorld(): Promise<World> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'post_process.js'));
  const [{ listening }] = await once(child, 'message');
  child.on('message', (news: News) => {
    if ('failed' in news) throw new Error(news.failed);
  });
  return {
    smtp_url: `smtp://127.0.0.1:${listening}`,
    hand: (handing) => child.send(handing),
    follow(heard) {
      child.on('message', heard);
      return () => child.off('message', heard);
    },
    close: () => child.disconnect(),
  };
}

/** Waits for so many messages to arrive. */
export function arrivals(world: World, count: number): Promise<Map<string, string>> {
  return new Promise((resolve) => {
    const reply_to = new Map<string, string>();
    let left = count;
    const unfollow = world.follow((news) => {
      if (!('arrived' in news)) return;
      reply_to.set(news.arrived, news.reply_to);
      if (--left === 0) resolve((unfollow(), reply_to));
    });
  });
}

/** The Reply-To of the next message that each of these gets. */
export function nextTo(world: World, recipients: readonly string[]): Promise<Map<string, string>> {
  return new Promise((resolve) => {
    const reply_to = new Map<string, string>();
    const unfollow = world.follow((news) => {
      if (!('arrived' in news) || !recipients.includes(news.arrived)) return;
      reply_to.set(news.arrived, news.reply_to);
      if (reply_to.size === recipients.length) resolve((unfollow(), reply_to));
    });
  });
}
