/** A file in a text, at the lines from `from` up to but not including `to`. */
interface UuFile {
  readonly name: string;
  readonly content: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Whether a transfer encoding is uuencode, which mailparser does not support (nodemailer/mailparser#251). */
export const isUuencode = (encoding: string): boolean => /^x-(?:uuencode|uue)$|^uuencode$/.test(encoding);

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} (\S.{0,254})$/;
const MAX_FILES = 50;

/**
 * Finds uuencoded files (POSIX): "begin 644 name", lines with a length each, "end". Malformed blocks stay in the text.
 * Linear time.
 */
export function uudecode(text: string): UuFile[] {
  if (!/^begin(?:-base64)? [0-7]{3}/m.test(text)) return [];
  const lines = text.split(/\r?\n/);
  const files: UuFile[] = [];
  for (let i = 0; i < lines.length && files.length < MAX_FILES; i++) {
    const name = BEGIN.exec(lines[i] ?? '')?.[1];
    if (name === undefined) continue;
    const found = readLines(lines, i + 1);
    if (found) files.push({ name, content: found.content, from: i, to: found.to });
    if (found) i = found.to - 1;
  }
  return files;
}

/** Removes the files found by `uudecode` from a text. */
export function withoutFiles(text: string, files: readonly UuFile[]): string {
  if (files.length === 0) return text;
  const lines = text.split(/\r?\n/);
  return lines.filter((_, i) => !files.some(({ from, to }) => i >= from && i < to)).join('\n');
}

function readLines(lines: readonly string[], start: number): { content: Buffer; to: number } | null {
  const base64 = lines[start - 1]?.startsWith('begin-base64') === true;
  const chunks: Buffer[] = [];
  for (let i = start; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === (base64 ? '====' : 'end'))
      return chunks.length > 0 ? { content: Buffer.concat(chunks), to: i + 1 } : null;
    const chunk = base64 ? Buffer.from(line, 'base64') : uuLine(line);
    if (chunk === null) return null;
    chunks.push(chunk);
  }
  return null;
}

function uuLine(line: string): Buffer | null {
  const length = (line.charCodeAt(0) - 32) & 63;
  if (line === '' || line === '`' || line.trim() === '') return Buffer.alloc(0);
  const needed = Math.ceil(length / 3) * 4;
  // Trailing spaces may be lost in transit; some programs add a checksum character.
  if (line.length > needed + 2 || line.length < needed - 8 || /[^ -`]/.test(line)) return null;
  const padded = line.slice(1).padEnd(needed, ' ');
  const bytes = Buffer.alloc(needed);
  for (let i = 0, to = 0; i < needed; i += 4, to += 3) {
    const [a, b, c, d] = [0, 1, 2, 3].map((j) => (padded.charCodeAt(i + j) - 32) & 63) as [
      number,
      number,
      number,
      number,
    ];
    bytes.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, to, 3);
  }
  return bytes.subarray(0, length);
}
