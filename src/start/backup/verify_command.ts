import { resolve } from 'node:path';
import { backupIn } from './backup_manifest.js';
import { runCommand } from './run_command.js';
import { verifyBackup } from './verify_backup.js';

// npm run verify -- FOLDER [NAME]; in production: node dist/start/backup/verify_command.js.
await runCommand('verify FOLDER [NAME]', async () => {
  const [folder, name, more] = process.argv.slice(2);
  if (!folder || more) return 'usage';
  const backup = await backupIn(resolve(folder), name);
  const { manifest, faults } = await verifyBackup(backup);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) return 'failed';
  console.log(`${backup} is whole: ${manifest.tables.length} tables, ${manifest.files.count} files.`);
  return 'done';
});
