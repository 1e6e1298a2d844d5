import { type Cluster, openCluster } from './database/cluster.js';
import type { Sizes } from './database/fill.js';
import { type Filled, openFilled } from './database/filled.js';
import { type Browsers, openBrowsers } from './processes/browsers.js';

/** A size of database, and how it is called. */
export interface Size extends Sizes {
  name: string;
}

/** One large organization beside others, which have a tenth as many subjects together. */
const beside = (large: number): Size => ({
  name: large.toLocaleString('en'),
  large,
  others: 50,
  size: Math.ceil(large / 500),
});

export const FEW = beside(1000);
/** What is measured unless more is asked for; SUBJECTS in the environment says otherwise. */
export const MANY = beside(Number(process.env['SUBJECTS'] ?? 100_000));
export const MOST = beside(1_000_000);
export const CROWD: Size = { name: '1,000 beside 10,000 organizations', large: 1000, others: 10_000, size: 10 };

/** What figures are measured with. */
export interface Bench {
  cluster: Cluster;
  browsers: Browsers;
  /** A database of this size, filled when it is first asked for. For reading. */
  filled: (size: Size) => Promise<Filled>;
  /** A copy of one, to be changed: what one figure leaves behind must not be another's work. */
  copied: (size: Size) => Promise<Filled>;
  stop: () => Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const cluster = await openCluster();
  const browsers = await openBrowsers();
  const made = new Map<Size, Promise<Filled>>();
  const filled = (size: Size) => {
    const found = made.get(size) ?? openFilled(cluster, size);
    made.set(size, found);
    return found;
  };
  return {
    cluster,
    browsers,
    filled,
    async copied(size) {
      const original = await filled(size);
      return { ...original, ...(await cluster.clone(original)) };
    },
    async stop() {
      await browsers.stop();
      await cluster.stop();
    },
  };
}
