import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Digits = z.string().regex(/^-?\d+$/);

const Manifest = z.object({
  format: z.literal(1),
  made_at: z.iso.datetime(),
  /** The migrations that made the schema. */
  migrations: z.array(z.string()),
  /** Which secrets it was made under, without telling them. */
  secret: z.string(),
  bank_key: z.string().nullable(),
  /** `sha256` is that of the table's file. */
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: Digits,
      checksum: Digits,
      sha256: Hash,
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: Digits })),
  /** `sha256` is that of the list; `missing` are referred to, but weren't stored, or weren't what they had been. */
  files: z.object({ count: z.number(), bytes: z.number(), sha256: Hash, missing: z.array(Hash) }),
});

/** What a backup holds, and how to tell that it is whole. */
export type Manifest = z.infer<typeof Manifest>;

/** Where a backup keeps what, below its own folder. */
export const MANIFEST = 'manifest.json';
export const FILE_LIST = 'files.txt';
export const tableFile = ({ schema, name }: { schema: string; name: string }) => join('tables', `${schema}.${name}.gz`);

/** The files of all backups in a folder, each kept once. */
export const filesFolder = (folder: string) => join(folder, 'files');

/** @throws Error, for the terminal, if it isn't there or can't be read */
export async function readManifest(backup: string): Promise<Manifest> {
  const text = await readFile(join(backup, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new Error(`${backup} holds no backup that was finished: ${MANIFEST} is missing.`, { cause });
  });
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${join(backup, MANIFEST)} can't be read: it is damaged, or of a newer version.`, { cause });
  }
}

/** The SHA-256 and size of each file of a backup, from the text of its list. */
export const listedFiles = (text: string): { sha256: string; size: number }[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [sha256 = '', size = ''] = line.split(' ');
      return { sha256, size: Number(size) };
    });

/** The backups in a folder that were finished, the oldest first. */
export async function backupsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Error(`${folder} can't be read.`, { cause });
  });
  return names.filter((name) => /^\d{4}-\d\d-\d\dT\d{6}(\.\d+)?Z$/.test(name)).toSorted();
}

/** One backup of a folder: that of this name, or else the newest. @throws Error, for the terminal, if there is none */
export async function backupIn(folder: string, name?: string): Promise<string> {
  const names = await backupsIn(folder);
  const found = name === undefined ? names.at(-1) : names.find((one) => one === name);
  if (found !== undefined) return join(folder, found);
  const there = names.length > 0 ? ` There are: ${names.join(', ')}.` : '';
  throw new Error(`${folder} holds no backup${name === undefined ? '' : ` named ${name}`}.${there}`);
}
