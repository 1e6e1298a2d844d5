import { link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';

/** A stored file that nothing refers to. */
interface Orphan {
  path: string;
  size: number;
}

/** What is younger may be referred to in a moment: by a form that is being sent, a message that is being read. */
const DAY_MS = 86_400_000;

/** Where the database refers to stored files. */
export const REFERENCES = [
  ['files', 'sha256'],
  ['files', 'small_sha256'],
  ['partner_files', 'sha256'],
  ['signatures', 'drawing_sha256'],
  ['signatures', 'pdf_sha256'],
  ['people', 'photo_sha256'],
  ['items', 'picture_sha256'],
] as const;

/**
 * The stored files that no row of any organization refers to, and what was left half written. The folder is read first:
 * what is stored later is no orphan.
 */
export async function findOrphans(db: Knex, folder: string, now = Date.now()): Promise<Orphan[]> {
  const old = (await storedIn(folder)).filter(({ modified }) => modified < now - DAY_MS);
  const referred = await referredTo(db);
  return old.filter(({ sha256 }) => sha256 === null || !referred.has(sha256));
}

/**
 * Removes orphans while everything runs. One that is stored again in this moment is young by then: it is moved aside,
 * looked at, and put back.
 */
export async function removeOrphans(orphans: readonly Orphan[], now = Date.now()): Promise<void> {
  for (const { path } of orphans) {
    const aside = `${path}.orphan`;
    await rename(path, aside);
    if ((await stat(aside)).mtimeMs >= now - DAY_MS) await link(aside, path).catch(unlessThere);
    await rm(aside);
  }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

/** All files of a storage; without a SHA-256 what is not whole. */
async function storedIn(folder: string): Promise<(Orphan & { sha256: string | null; modified: number })[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 }); // before the first file there is none
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { size, mtimeMs: modified } = await stat(path);
      return { path, size, modified, sha256: /^[0-9a-f]{64}$/.test(name) ? name : null };
    }),
  );
}

async function referredTo(db: Knex): Promise<Set<string>> {
  const referred = new Set<string>();
  for (const id of await db('organizations').pluck('id'))
    for (const [table, column] of REFERENCES) {
      const hashes = await withActor(db, systemActor(id), (db) =>
        db(table).where({ organization_id: id }).whereNotNull(column).distinct().pluck(column),
      );
      for (const hash of hashes) referred.add(String(hash));
    }
  return referred;
}
