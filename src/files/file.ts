import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { StoredFile } from './storage.js';

interface Place {
  organization_id: string;
  document_id: string;
  comment_id?: string;
  version?: number;
  locale?: string;
}

/** Hangs files on a document, in the caller's transaction. */
export async function attach(db: Knex.Transaction, place: Place, files: StoredFile[]): Promise<void> {
  const rows = files.map(({ sha256, name, content_type, declared_type, size }) => ({
    ...place,
    id: newId(),
    sha256,
    name,
    content_type,
    declared_type,
    size,
  }));
  if (rows.length) await db('files').insert(rows).onConflict().ignore();
}

// What a browser may show by itself without running anything; all else is downloaded.
const INLINE = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/**
 * The headers of a download: never guessed at, never run, never kept by a shared cache (RFC 6266, RFC 8187 for the
 * name).
 */
export function downloadHeaders({
  name,
  content_type,
}: Pick<StoredFile, 'name' | 'content_type'>): Record<string, string> {
  const inline = INLINE.has(content_type);
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return {
    'Content-Type':
      inline || content_type === 'text/plain'
        ? `${content_type}${content_type === 'text/plain' ? '; charset=utf-8' : ''}`
        : 'application/octet-stream',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy':
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'",
    'Cache-Control': 'private, no-store',
  };
}

const ZIPPED = ['xlsx', 'docx', 'pptx', 'odt', 'ods', 'zip'];
const KINDS: Record<string, RegExp> = {
  pdf: /^application\/pdf$/,
  png: /^image\/png$/,
  jpg: /^image\/jpeg$/,
  jpeg: /^image\/jpeg$/,
  gif: /^image\/gif$/,
  webp: /^image\/webp$/,
  ...Object.fromEntries(ZIPPED.map((ending) => [ending, /zip|officedocument|opendocument/])),
};

/**
 * Whether a file of a well-known kind is, by its bytes, something else: a program called invoice.pdf. Other names
 * promise nothing.
 */
export function isMisnamed({ name, content_type }: Pick<StoredFile, 'name' | 'content_type'>): boolean {
  const kind = KINDS[name.split('.').at(-1)?.toLowerCase() ?? ''];
  return kind !== undefined && !kind.test(content_type);
}
