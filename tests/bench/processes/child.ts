import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the bench. It is asked one thing at a time, and ends when it is let go. */
export interface Child {
  ask: <Answer>(question: unknown) => Promise<Answer>;
  /** The processor time it has taken, in ms, and the memory it holds, in MB. */
  usage: () => Promise<Usage>;
  stop: () => Promise<void>;
}

export interface Usage {
  ms: number;
  rss_mb: number;
}

/** Starts one of the processes in this folder, and waits for what it says first. */
export async function startChild<Ready>(name: string, env: Record<string, string> = {}, args: string[] = []) {
  const child: ChildProcess = fork(join(import.meta.dirname, `${name}.js`), args, {
    env: { ...process.env, ...env },
    serialization: 'advanced',
  });
  const ended = once(child, 'exit');
  const answer = async <Answer>(): Promise<Answer> => {
    const gone = ended.then(() => Promise.reject(new Error(`${name} ended.`)));
    const [said] = (await Promise.race([once(child, 'message'), gone])) as [{ failed: string } | { done: Answer }];
    if ('failed' in said) throw new Error(said.failed);
    return said.done;
  };
  const ready = await answer<Ready>();
  const ask = <Answer>(question: unknown) => {
    child.send({ question });
    return answer<Answer>();
  };
  const stop = async () => {
    child.disconnect();
    await ended;
  };
  return { ready, child: { ask, usage: () => ask<Usage>('usage'), stop } satisfies Child };
}

/** The other end: says that it is ready, and answers questions. */
export function answerParent(ready: unknown, answer: (question: never) => unknown): void {
  const usage = (): Usage => {
    const { user, system } = process.cpuUsage();
    return { ms: (user + system) / 1000, rss_mb: process.memoryUsage().rss / 2 ** 20 };
  };
  process.on('message', ({ question }: { question: unknown }) => {
    Promise.resolve(question === 'usage' ? usage() : answer(question as never)).then(
      (done) => process.send?.({ done }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  });
  process.send?.({ done: ready });
}
