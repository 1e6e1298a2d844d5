import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskStorage } from '../../files/disk_storage.js';
import { FILE_LIST, filesFolder, listedFiles, type Manifest, readManifest, tableFile } from './backup_manifest.js';

/** Reads all of a backup. Returns its manifest, and a line for each part that isn't what was written. */
export async function verifyBackup(backup: string): Promise<{ manifest: Manifest; faults: string[] }> {
  const manifest = await readManifest(backup);
  const faults: string[] = [];
  for (const table of manifest.tables) {
    const found = await hashOf(createReadStream(join(backup, tableFile(table)))).catch(orNone);
    if (found?.sha256 !== table.sha256) faults.push(faultOf(tableFile(table), found));
  }
  const list = await readFile(join(backup, FILE_LIST), 'utf8').catch(orNone);
  if (
    createHash('sha256')
      .update(list ?? '')
      .digest('hex') !== manifest.files.sha256
  )
    return { manifest, faults: [...faults, faultOf(FILE_LIST, list)] };
  const kept = diskStorage(filesFolder(dirname(backup)));
  for (const { sha256, size } of listedFiles(list ?? '')) {
    const found = (await kept.sizeOf(sha256)) === null ? null : await hashOf((await kept.read(sha256)).bytes);
    if (found?.sha256 !== sha256 || found.size !== size)
      faults.push(`${faultOf(join('files', sha256), found)} Without it there, the next backup copies it again.`);
  }
  return { manifest, faults };
}

const faultOf = (part: string, found: unknown) =>
  `${part} ${found === null ? 'is missing' : 'is not what was written: it is damaged, or was changed'}.`;

async function hashOf(bytes: AsyncIterable<Buffer>): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}

function orNone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
