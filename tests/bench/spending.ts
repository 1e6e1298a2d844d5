import type { Cluster } from './database/cluster.js';
import type { Child } from './processes/child.js';

/** What work took of the processor's time, in ms. */
export interface Spending<T> {
  result: T;
  node_ms: number;
  postgres_ms: number;
}

/** Measures what a process and PostgreSQL take for some work. Nothing else may use that PostgreSQL meanwhile. */
export async function spending<T>(cluster: Cluster, process: Child, work: () => Promise<T>): Promise<Spending<T>> {
  const [node, postgres] = [(await process.usage()).ms, cluster.time()];
  const result = await work();
  return { result, postgres_ms: cluster.time() - postgres, node_ms: (await process.usage()).ms - node };
}
