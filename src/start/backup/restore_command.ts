import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig, readEnvironment } from '../../config.js';
import { dataFolder, openStorage } from '../stored/open_storage.js';
import { databaseToFill, lostUnder, secretsOf } from './backup_connection.js';
import { backupIn } from './backup_manifest.js';
import { restoreBackup } from './restore_backup.js';
import { runCommand } from './run_command.js';

// npm run restore -- FOLDER [NAME]; in production: node dist/start/backup/restore_command.js. Parley must not run.
await runCommand('restore FOLDER [NAME]', async () => {
  const [folder, name, more] = process.argv.slice(2);
  if (!folder || more) return 'usage';
  const config = readConfig(readEnvironment());
  const backup = await backupIn(resolve(folder), name);
  await mkdir(dataFolder(config), { recursive: true });
  const storage = await openStorage(config);
  const secrets = await secretsOf(config);
  const reached = await databaseToFill(config);
  const manifest = await restoreBackup({ backup, connection: reached.connection, storage }).finally(() =>
    reached.close(),
  );
  console.log(
    `${backup} is restored: ${manifest.tables.length} tables and ${manifest.files.count} files, as they were.`,
  );
  for (const line of lostUnder(secrets, manifest)) console.log(line);
  return 'done';
});
