import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backupsIn, FILE_LIST, filesFolder, listedFiles } from './backup_manifest.js';

/**
 * Removes all backups of a folder but the newest `keep`, the files that no other lists, and what killed ones left. Not
 * while another is made. Counts backups and files.
 */
export async function removeOlder(folder: string, keep: number): Promise<{ backups: number; files: number }> {
  const names = await backupsIn(folder);
  const [old, kept] = [names.slice(0, -keep), names.slice(-keep)];
  const lists = await Promise.all(kept.map((name) => readFile(join(folder, name, FILE_LIST), 'utf8')));
  const listed = new Set(lists.flatMap(listedFiles).map(({ sha256 }) => sha256));
  const cut_off = (await readdir(folder)).filter((name) => name.endsWith('.partial'));
  for (const name of [...old, ...cut_off]) await rm(join(folder, name), { recursive: true });
  const stored = await readdir(filesFolder(folder), { recursive: true, withFileTypes: true });
  const unlisted = stored.filter((one) => one.isFile() && /^[0-9a-f]{64}$/.test(one.name) && !listed.has(one.name));
  for (const { parentPath, name } of unlisted) await rm(join(parentPath, name));
  return { backups: old.length, files: unlisted.length };
}
