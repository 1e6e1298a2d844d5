import { readConfig, readEnvironment } from '../config.js';
import { openDatabase } from '../db/database.js';
import { findOrphans, removeOrphans } from '../files/orphans.js';
import { runningDatabase } from '../inbound/sources/pipe/pipe.js';
import { openStorage } from './stored/open_storage.js';

// npm run orphans [-- --remove]; in production: node dist/start/orphans_command.js [--remove]. Parley may run meanwhile.
const config = readConfig(readEnvironment());
const storage = await openStorage(config);
const db = openDatabase((await runningDatabase(config)).connection, 1);
try {
  const orphans = await findOrphans(db.knex, storage);
  const megabytes = (orphans.reduce((sum, { size }) => sum + size, 0) / 2 ** 20).toFixed(1);
  for (const { path } of orphans) console.log(path);
  const removes = process.argv.includes('--remove');
  if (removes) await removeOrphans(storage, orphans);
  console.log(`${orphans.length} files that nothing refers to, ${megabytes} MB${removes ? ': removed' : ''}.`);
  if (!removes && orphans.length > 0) console.log('Nothing was removed. Add --remove to remove them.');
} finally {
  await db.close();
}
