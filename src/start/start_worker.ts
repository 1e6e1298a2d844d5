import { runJobs } from '../jobs/run.js';
import { CRONTAB, tasks } from '../jobs/tasks.js';
import type { House } from './services.js';

/** Runs the jobs and the clock. */
export const startWorker = (house: House, lease?: number) =>
  runJobs(house.direct, tasks(house), CRONTAB, house.log, lease);
