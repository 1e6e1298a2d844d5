import { type Bench, CROWD, FEW, MANY, MOST, openBench } from './bench.js';
import { measureAct } from './act.js';
import { measureKill } from './kill.js';
import { measureBurst } from './mail/burst.js';
import { measureIn } from './mail/in.js';
import { measureLoop } from './mail/loop.js';
import { measureOut } from './mail/out.js';
import { measureGrowth } from './pages/growth.js';
import { measurePage } from './pages/page.js';
import { measureRest } from './pages/rest.js';
import { measureSearch } from './pages/search.js';
import { measurePdf } from './pdf.js';
import { measureProjects } from './projects/measure_projects.js';
import { measureStart } from './start.js';
import { measureTick } from './tick.js';

/**
 * Every figure as a line of JSON; docs/performance.md says what they mean. `node build/tests/bench/run.js page act`
 * measures some of them.
 */
const figures: Record<string, (bench: Bench) => Promise<void>> = {
  page: measurePage,
  pages: (bench) => measureGrowth(bench, FEW, MANY),
  rest: measureRest,
  act: measureAct,
  loop: measureLoop,
  in: measureIn,
  out: measureOut,
  burst: measureBurst,
  pdf: measurePdf,
  projects: measureProjects,
  start: measureStart,
};

/** Measured only when named: they take long. */
const long: typeof figures = {
  million: (bench) => measureGrowth(bench, FEW, MOST),
  search: (bench) => measureSearch(bench, MOST),
  tick: measureTick,
  organizations: (bench) => measureGrowth(bench, FEW, CROWD),
  kill: measureKill,
};

const only = process.argv.slice(2);
const LIMIT_MS = only.some((name) => name in long) ? 3_000_000 : 900_000;
setTimeout(() => {
  console.error('The benchmark took too long.');
  process.exit(1);
}, LIMIT_MS).unref();

const bench = await openBench();
try {
  for (const [name, measure] of Object.entries({ ...figures, ...long }))
    if (only.length ? only.includes(name) : name in figures) await measure(bench);
} finally {
  await bench.stop();
}
