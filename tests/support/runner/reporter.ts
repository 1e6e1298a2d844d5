import { inspect } from 'node:util';
import type { FromWorker, Outcome } from './messages.js';

interface TestEvent {
  type: string;
  data: {
    name: string;
    nesting: number;
    message?: string;
    skip?: string | boolean;
    details?: { duration_ms: number; type?: string; error?: Error & { cause?: unknown } };
  };
}

let before = process.cpuUsage();

/** Tells the runner of each test that ends. Files stand at the top, as suites. */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    const outcome = outcomeOf(type, data);
    if (outcome) tell({ type: 'outcome', outcome });
    if (data.nesting > 0 || (type !== 'test:pass' && type !== 'test:fail')) continue;
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    tell({ type: 'ended', file: data.name, cpu_ms: (user + system) / 1000 });
  }
  yield '';
}

const tell = (message: FromWorker) => process.send?.(message);

function outcomeOf(type: string, { name, nesting, message = '', skip, details }: TestEvent['data']): Outcome | null {
  const common = { name, depth: nesting, ms: details?.duration_ms ?? 0 };
  if (type === 'test:diagnostic')
    return /asynchronous activity|^TEST_/.test(message) ? { ...common, name: '', kind: 'note', text: message } : null;
  if (type !== 'test:pass' && type !== 'test:fail') return null;
  if (type === 'test:fail') {
    const text = wordsOf(details?.error);
    // That a suite's tests failed is said by them.
    const own = details?.type !== 'suite' || !/^\d+ subtests? failed$/.test(text);
    return { ...common, kind: own ? 'failed' : 'suite', text };
  }
  if (details?.type === 'suite') return { ...common, kind: 'suite', text: '' };
  const skipped = skip !== undefined && skip !== false;
  return { ...common, kind: skipped ? 'skipped' : 'passed', text: typeof skip === 'string' ? skip : '' };
}

function wordsOf(error: (Error & { cause?: unknown }) | undefined): string {
  const cause = error?.cause ?? error;
  return typeof cause === 'string' ? cause : inspect(cause);
}
