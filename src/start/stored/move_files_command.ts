import { parseArgs } from 'node:util';
import { readConfig, readEnvironment } from '../../config.js';
import { diskStorage } from '../../files/disk_storage.js';
import { runCommand } from '../backup/run_command.js';
import { moveFiles } from './move_files.js';
import { diskFolder, openStorage } from './open_storage.js';

// npm run move-files [-- --back]; in production: node dist/start/stored/move_files_command.js. Parley may run meanwhile.
await runCommand('move-files [--back]', async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { back: { type: 'boolean' } } });
  if (positionals.length > 0) return 'usage';
  const config = readConfig(readEnvironment());
  if (!config.s3) throw new Error('Set S3_BUCKET to the bucket that files are to be stored in.');
  const [disk, bucket] = [diskStorage(diskFolder(config)), await openStorage(config)];
  const { files, fresh, faults } = await (values.back ? moveFiles(bucket, disk) : moveFiles(disk, bucket));
  const place = values.back ? diskFolder(config) : config.s3.bucket;
  console.log(`${files} files are in ${place}, of which ${fresh} are new. Nothing was removed.`);
  if (faults.length === 0) return 'done';
  console.error(`${faults.length} are damaged, or were not copied whole:`);
  for (const sha256 of faults) console.error(sha256);
  return 'failed';
});
