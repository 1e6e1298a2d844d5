import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret of this installation, made at the first start and kept beside the data. In production it comes from the
 * environment. It appears whole or not at all: cut off between making and writing, an empty one would be left.
 */
export async function secretIn(folder: string): Promise<string> {
  const [file, mine] = [join(folder, 'secret'), join(folder, `secret.${process.pid}`)];
  await writeFile(mine, randomBytes(32).toString('hex'), { mode: 0o600 });
  await link(mine, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(mine);
  return readFile(file, 'utf8');
}
