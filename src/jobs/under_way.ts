import type { TaskList } from 'graphile-worker';

/** The same tasks, and `done`, which resolves once none of their jobs is under way. */
export function countJobs(tasks: TaskList): { tasks: TaskList; done: () => Promise<void> } {
  const jobs = new Set<Promise<unknown>>();
  const counted = Object.entries(tasks).map(([name, task]) => {
    const run: typeof task = async (payload, helpers) => {
      const job = Promise.resolve(task?.(payload, helpers));
      jobs.add(job);
      try {
        return await job;
      } finally {
        jobs.delete(job);
      }
    };
    return [name, run] as const;
  });
  return {
    tasks: Object.fromEntries(counted),
    async done() {
      while (jobs.size > 0) await Promise.allSettled(jobs);
    },
  };
}
