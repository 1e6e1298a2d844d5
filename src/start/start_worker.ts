import { runJobs } from '../jobs/run.js';
import { CRONTAB, tasks } from '../jobs/tasks.js';
import type { Services } from './services.js';

/** Runs the jobs and the clock. */
export const startWorker = (house: Services, lease?: number) =>
  runJobs(house.directConnection, tasks(house), CRONTAB, house.log, lease);
