import { existsSync, readdirSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from '../src/config.js';
import { startPostgres } from '../src/db/embedded/postgres.js';
import { makeTemplate } from './support/database.js';
import { runFiles } from './support/runner/runner.js';
import { summary } from './support/runner/printed.js';
import { PATIENCE_MS } from './support/until.js';

/**
 * Every test, against a PostgreSQL of its own: some processes share the files, each file with databases cloned from
 * one migrated template. `--long` runs fuzz, chaos and kills in full, which take a slice of that otherwise.
 */
const names = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const long = process.argv.includes('--long');
// What was compiled from a file that has moved since is still there.
const exists = (file: string) => existsSync(join(root, 'tests', file.replace(/\.js$/, '.ts')));
const wanted = (file: string) =>
  file.endsWith('.test.js') &&
  exists(file) &&
  (names.length > 0 ? names.some((name) => basename(file).startsWith(name)) : !long || /\blong\b/.test(file));
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(wanted);

const folder = await mkdtemp(join(tmpdir(), 'parley-tests-'));
await chmod(folder, 0o755);
// However it ends, nothing is left behind: the server goes with this process.
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const server = await startPostgres({ data_dir: join(folder, 'postgres'), fsync: false, create_databases: true });
await makeTemplate(server);
process.env['TEST_DATABASE_HOST'] = server.connection().host;
process.env['TEST_FOLDER'] = folder;
if (long) process.env['TEST_LONG'] = '1';

/** Those that take longest begin first: in the end no process works alone. */
const LONGEST = ['db/plans', 'long/kills', 'subjects/may', 'mail/conversations', 'db/outages', 'long/hostile'];
const isLong = (file: string) => LONGEST.includes(file.replace('.test.js', ''));
const demo = files.filter((file) => dirname(file) === 'demo');
const others = files.filter((file) => !demo.includes(file)).toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)));
const { outcomes, passed, failed } = await runFiles({
  folder: import.meta.dirname,
  // Those of the demo play it once.
  files: [demo, ...others.map((file) => [file])]
    .filter((unit) => unit.length > 0)
    .map((unit) => unit.map((file) => join(import.meta.dirname, file))),
  // One more than there are processors, because each waits now and then.
  workers: Math.min(availableParallelism() + 1, 6),
  patience_ms: (long ? 20 : 2) * PATIENCE_MS,
});
await server.stop();
console.log(summary(outcomes));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
