/** A slow request, and a site that is never idle, hold up other work for at most so long. */
const LONGEST_MS = 250;

const requests = new Set<() => void>();
const waiting = new Set<() => void>();

/** Counts a request in this process that somebody waits for, until what is returned is called. */
export function requestBegan(): () => void {
  const answered = () => {
    clearTimeout(timer);
    if (requests.delete(answered) && requests.size === 0) for (const go of waiting) go();
  };
  const timer = setTimeout(answered, LONGEST_MS);
  requests.add(answered);
  return answered;
}

/**
 * Resolves when no request is being answered in this process: jobs and mail ask before each piece of their work, so
 * that pages stay quick where everything is one process.
 */
export async function afterRequests(): Promise<void> {
  if (requests.size === 0) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer);
      waiting.delete(go);
      resolve();
    };
    const timer = setTimeout(go, LONGEST_MS);
    waiting.add(go);
  });
}
