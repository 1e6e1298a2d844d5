import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startPostgres } from '../src/db/embedded/postgres.js';
import { makeTemplate } from './support/database.js';

/**
 * Every test, against a PostgreSQL of its own: a process for each file, each with databases cloned from one migrated
 * template.
 */
const folder = await mkdtemp(join(tmpdir(), 'parley-tests-'));
await chmod(folder, 0o755);
const server = await startPostgres({ data_dir: join(folder, 'postgres'), fsync: false, create_databases: true });
await makeTemplate(server);
process.env['TEST_DATABASE_HOST'] = server.connection().host;

const only = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.js') && (only.length === 0 || only.some((name) => file.startsWith(name))))
  .map((file) => join(import.meta.dirname, file));
let passed = 0;
let failed = 0;
const events = run({ files, concurrency: 2, timeout: 300_000 });
events.on('test:pass', ({ details, skip }) => (passed += details.type === 'suite' || skip ? 0 : 1));
events.on('test:fail', ({ details }) => (failed += details.type === 'suite' ? 0 : 1));
events.compose(new spec()).pipe(process.stdout);
await new Promise((resolve) => events.once('end', resolve));
await server.stop();
await rm(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
