import { extname } from 'node:path';

const MAX_BYTES = 200;

/**
 * Returns a filename that is safe to store and show: no folder, control or direction characters or lone surrogates,
 * and at maxBytes 200 bytes of UTF-8. `fallback` is used if nothing is left.
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

/** Returns a name not yet in `taken`, ignoring case ("plan.pdf", "plan (2).pdf"), and adds it to `taken`. */
export function unique(name: string, taken: Set<string>): string {
  const extension = extname(name);
  let found = name;
  for (let i = 2; taken.has(found.toLowerCase()); i++)
    found = shorten(`${name.slice(0, name.length - extension.length)} (${i})${extension}`);
  taken.add(found.toLowerCase());
  return found;
}

// Keeps the extension: the reader's system needs it to choose a program.
function shorten(name: string, maxBytes = MAX_BYTES): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const extension = Buffer.byteLength(extname(name)) <= 20 ? extname(name) : '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem) + Buffer.byteLength(extension) > maxBytes)
    stem = Array.from(stem.slice(0, maxBytes)).slice(0, -1).join('');
  return stem + extension;
}
