import { measureAct } from './act.js';
import { openBrowsers } from './browsers.js';
import { measureBurst } from './burst.js';
import { measureIn } from './in.js';
import { measureKill } from './kill.js';
import { measureList } from './list.js';
import { measureLoop } from './loop.js';
import { measureOut } from './out.js';
import { measurePage } from './page.js';
import { measurePdf } from './pdf.js';
import { openPlace } from './place.js';
import { measurePlan } from './plan.js';
import { measureStart } from './start.js';

/**
 * Every figure as a line of JSON; docs/performance.md says what they mean. `node build/tests/bench/run.js page list`
 * measures some of them.
 */
const figures = {
  page: measurePage,
  loop: measureLoop,
  in: measureIn,
  out: measureOut,
  burst: measureBurst,
  act: measureAct,
  pdf: measurePdf,
  list: measureList,
  plan: measurePlan,
  start: measureStart,
};

/** Measured only when named: they take long. */
const long = { kill: measureKill };

const only = process.argv.slice(2);
const LIMIT_MS = only.some((name) => name in long) ? 3_000_000 : 590_000;
setTimeout(() => {
  console.error('The benchmark took too long.');
  process.exit(1);
}, LIMIT_MS).unref();

const browsers = openBrowsers();
for (const [name, measure] of Object.entries({ ...figures, ...long })) {
  if (only.length ? !only.includes(name) : name in long) continue;
  // A place for each: what one figure leaves behind must not be another's work.
  const place = await openPlace();
  try {
    await measure(place, browsers);
  } finally {
    await place.stop();
  }
}
browsers.close();
