import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until there is an answer. @throws after so many seconds, with the name of what was awaited. */
export async function until<T>(
  name: string,
  ask: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  seconds = 10,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await pause(15);
  }
  throw new Error(`Waited in vain for ${name}.`);
}
