import { LIMITS, MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';
import { startThread } from './worker_thread.js';
import type { Outcome, Thread } from './worker_thread.js';

// A thread costs a good part of a second to start, so it is used again; not for ever, lest something builds up in it.
const MOST_MESSAGES = 200;

/** Threads that read messages, so many at once; the others wait in line. */
export class Pool {
  readonly #idle: Thread[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(readonly most: number) {}

  /**
   * Does `work` with a thread of its own, which is kept only if it stays healthy. Throws the MailRefused that it came
   * to.
   */
  async use<T>(limits: Limits, work: (thread: Thread) => Promise<Outcome<T>>): Promise<T> {
    if (this.#busy >= this.most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    const thread = this.#take(limits);
    try {
      const { result, healthy } = await work(thread);
      if (healthy) this.#release(thread);
      if (result instanceof MailRefused) throw result;
      return result;
    } finally {
      if (!this.#idle.includes(thread)) await thread.worker.terminate();
      // A place is handed on without being given up, so that no other comes between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  /** Ends the threads that wait for mail. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.worker.terminate()));
  }

  #take(limits: Limits): Thread {
    const found = limits.memory_mb === LIMITS.memory_mb ? this.#idle.pop() : undefined;
    const thread = found && !found.dead ? found : startThread(limits);
    thread.worker.ref();
    return thread;
  }

  // Idle threads don't keep the process alive.
  #release(thread: Thread): void {
    thread.messages += 1;
    if (!thread.usual || thread.dead || thread.messages >= MOST_MESSAGES) return;
    thread.worker.unref();
    this.#idle.push(thread);
  }
}
