import { extname } from 'node:path';

const MOST_BYTES = 200;

/**
 * A file's name as it may be stored and shown: no folder, no control, direction or half characters, at most 200 bytes
 * of UTF-8.
 */
export function safeFilename(name: string | undefined, fallback: string): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]+/gu, '')
    .replace(/[<>:"|?*]+/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return clean === '' ? fallback : shorten(clean);
}

/**
 * A name that no other file in `taken` has, regardless of case: "plan.pdf", "plan (2).pdf". It is taken from then on.
 */
export function unique(name: string, taken: Set<string>): string {
  const extension = extname(name);
  let found = name;
  for (let i = 2; taken.has(found.toLowerCase()); i++)
    found = shorten(`${name.slice(0, name.length - extension.length)} (${i})${extension}`);
  taken.add(found.toLowerCase());
  return found;
}

// The extension stays, since it says what to open the file with.
function shorten(name: string, most = MOST_BYTES): string {
  if (Buffer.byteLength(name) <= most) return name;
  const extension = Buffer.byteLength(extname(name)) <= 20 ? extname(name) : '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem) + Buffer.byteLength(extension) > most)
    stem = Array.from(stem.slice(0, most)).slice(0, -1).join('');
  return stem + extension;
}
