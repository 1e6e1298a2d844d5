import { once } from 'node:events';
import { relative } from 'node:path';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { closePrinter } from '../printer.js';
import { closeBrowser } from '../window.js';
import type { FromWorker, ToWorker } from './messages.js';

// Runs test files in one process, one after the other, as the runner hands them out: modules are loaded, and Chromium
// is launched, once. Each file is a suite of its own, so its `before` and `after` are for its own tests.
const [, , folder = '.', timeout] = process.argv;
const tell = (message: FromWorker) => process.send?.(message);
process.on('disconnect', () => process.exit());

// One that comes when its test has ended would be a warning that nobody sees.
const unawaited = (error: unknown) =>
  tell({
    type: 'outcome',
    outcome: { name: 'an error that no test awaited', depth: 1, kind: 'failed', ms: 0, text: inspect(error) },
  });
process.on('uncaughtExceptionMonitor', unawaited).on('unhandledRejection', unawaited);

for (;;) {
  const next = once(process, 'message');
  tell({ type: 'ready' });
  const [{ file }] = (await next) as [ToWorker];
  if (file === null) break;
  await describe(relative(folder, file), { timeout: Number(timeout) }, async () => {
    await import(pathToFileURL(file).href);
  });
}
await Promise.all([closePrinter(), closeBrowser()]);
process.disconnect();
