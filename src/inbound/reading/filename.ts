import { extname } from 'node:path';

const MOST_BYTES = 200;

/** A file's name as it may be stored and shown: no folder, no control, direction or half characters, at most 200 bytes of UTF-8. */
export function safeFilename(name: string | undefined, fallback: string): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]+/gu, '')
    .replace(/[<>:"|?*]+/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return clean === '' ? fallback : shorten(clean);
}

// The extension stays, since it says what to open the file with.
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const extension = Buffer.byteLength(extname(name)) <= 20 ? extname(name) : '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem) + Buffer.byteLength(extension) > MOST_BYTES)
    stem = Array.from(stem.slice(0, MOST_BYTES)).slice(0, -1).join('');
  return stem + extension;
}
