import { join } from 'node:path';
import { type Config, root } from '../../config.js';
import { diskStorage } from '../../files/disk_storage.js';
import type { Storage } from '../../files/storage.js';

/** Where this installation keeps what isn't in the database. */
export const dataFolder = ({ data_dir }: Pick<Config, 'data_dir'>) => data_dir ?? join(root, 'data');

/** Where files are stored on disk, and held while they come in. */
export const diskFolder = (config: Pick<Config, 'data_dir'>) => join(dataFolder(config), 'files');

/** Where files are stored: in the data folder, or a bucket. @throws Error, for the terminal, if that isn't ours */
export async function openStorage(config: Pick<Config, 'data_dir' | 's3'>): Promise<Storage> {
  const folder = diskFolder(config);
  if (!config.s3) return diskStorage(folder);
  // Its library takes memory and time that others don't have to spend.
  const { requireBucket, s3Storage } = await import('../../files/s3_storage.js');
  await requireBucket(config.s3);
  return s3Storage(config.s3, join(folder, 'incoming'));
}
