import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { StoredFile } from './storage.js';

interface AttachmentTarget {
  organization_id: string;
  subject_id: string;
  comment_id?: string;
  version?: number;
  locale?: string;
  /** What decides who reads it, in the place of its subject or comment. */
  held_by?: 'project_file' | 'log_file';
}

/** Attaches stored files to a subject or a comment of it, in the caller's transaction. Returns their ids. */
export async function attach(db: Knex.Transaction, to: AttachmentTarget, files: StoredFile[]): Promise<string[]> {
  const rows = files.map(({ sha256, name, content_type, declared_type, size }) => ({
    ...to,
    id: newId(),
    sha256,
    name,
    content_type,
    declared_type,
    size,
  }));
  if (rows.length) await db('files').insert(rows).onConflict().ignore();
  return rows.map(({ id }) => id);
}

/** Puts stored bytes in the place of a printed version's, which are gone. */
export async function replaceFile(
  db: Knex.Transaction,
  of: Required<Pick<AttachmentTarget, 'organization_id' | 'subject_id' | 'version' | 'locale'>>,
  { sha256, size }: StoredFile,
): Promise<void> {
  await db('files').where(of).update({ sha256, size });
}

// Types that browsers show without running anything; all others are downloaded.
const INLINE = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Headers of a download (RFC 6266, with the name as in RFC 8187): not sniffed, run, or cached by proxies. */
export function downloadHeaders({
  name,
  content_type,
}: Pick<StoredFile, 'name' | 'content_type'>): Record<string, string> {
  const inline = INLINE.has(content_type);
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const safe_type = inline ? content_type : 'application/octet-stream';
  const disposition = inline ? 'inline' : 'attachment';
  return {
    'Content-Type': content_type === 'text/plain' ? 'text/plain; charset=utf-8' : safe_type,
    'Content-Disposition': `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy':
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'",
    // Most files are compressed already.
    'Cache-Control': 'private, no-store, no-transform',
  };
}

const ZIP_BASED = ['xlsx', 'docx', 'pptx', 'odt', 'ods', 'zip'];
/** By file extension, the types its bytes may have. */
const EXPECTED: Record<string, RegExp> = {
  pdf: /^application\/pdf$/,
  png: /^image\/png$/,
  jpg: /^image\/jpeg$/,
  jpeg: /^image\/jpeg$/,
  gif: /^image\/gif$/,
  webp: /^image\/webp$/,
  ...Object.fromEntries(ZIP_BASED.map((extension) => [extension, /zip|officedocument|opendocument/])),
};

/** Whether a file with a well-known extension is something else by its bytes, such as a program named invoice.pdf. */
export function isMisnamed({ name, content_type }: Pick<StoredFile, 'name' | 'content_type'>): boolean {
  const expected = EXPECTED[name.split('.').at(-1)?.toLowerCase() ?? ''];
  return expected !== undefined && !expected.test(content_type);
}
