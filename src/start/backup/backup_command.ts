import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { readConfig, readEnvironment } from '../../config.js';
import { openStorage } from '../stored/open_storage.js';
import { backUp } from './back_up.js';
import { databaseToRead, secretsOf } from './backup_connection.js';
import { runCommand } from './run_command.js';
import { removeOlder } from './remove_older.js';

// npm run backup -- FOLDER [--keep N]; in production: node dist/start/backup/backup_command.js. Parley may run meanwhile.
await runCommand('backup FOLDER [--keep N]', async () => {
  const options = { keep: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [folder] = positionals;
  const keep = values.keep === undefined ? null : Number(values.keep);
  if (!folder || positionals.length > 1 || (keep !== null && !(Number.isInteger(keep) && keep > 0))) return 'usage';
  const config = readConfig(readEnvironment());
  const storage = await openStorage(config);
  const [secrets = { secret: '', bank_key: null }] = await secretsOf(config);
  const reached = await databaseToRead(config);
  const made = await backUp({ connection: reached.connection, storage, folder: resolve(folder), secrets }).finally(() =>
    reached.close(),
  );
  const { tables, files } = made.manifest;
  const rows = tables.reduce((sum, table) => sum + Number(table.rows), 0);
  console.log(made.backup);
  console.log(`${tables.length} tables with ${rows} rows; ${files.count} files, of which ${made.fresh} are new.`);
  if (keep !== null) {
    const removed = await removeOlder(resolve(folder), keep);
    console.log(`Removed ${removed.backups} older backups, and ${removed.files} files that only they had.`);
  }
  if (files.missing.length === 0) return 'done';
  console.error(`${files.missing.length} files that the database refers to are not stored, or damaged:`);
  for (const sha256 of files.missing) console.error(sha256);
  return 'failed';
});
