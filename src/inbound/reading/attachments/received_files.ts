import { safeFilename, unique } from './filename.js';
import { isPixel } from './images.js';
import type { MailAttachment } from '../message.js';
import type { MimeFile } from '../mime_file.js';
import { safeText } from '../mime/mime.js';

const MAX_FILES = 50;
const MAX_NAMED = 10;

/**
 * Returns the files that the sender meant to attach: no images used only in `trimmed` text (by Content-Id), no tracking
 * pixels, no duplicates. `notice` names those beyond the limit of fifty.
 */
export function attachmentsOf(
  files: readonly MimeFile[],
  trimmed: ReadonlySet<string>,
): { attachments: MailAttachment[]; notice: string | null } {
  const meant = onceEach(files.filter((file) => !isNoise(file, trimmed)));
  const taken = new Set<string>();
  const all = meant.map((file, index) => ({
    filename: unique(safeFilename(file.filename, fallback(file, index)), taken),
    content_type: safeText(file.content_type).slice(0, 200),
    content: file.content,
    inline: !file.attached && file.cid !== undefined,
  }));
  const omitted = all.slice(MAX_FILES).map(({ filename }) => filename);
  return { attachments: all.slice(0, MAX_FILES), notice: omitted.length > 0 ? omittedNotice(omitted) : null };
}

function omittedNotice(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const count = names.length === 1 ? 'One file was' : `${names.length} files were`;
  return `${count} left out, since there were more than ${MAX_FILES}: ${names.slice(0, MAX_NAMED).join(', ')}${more}.`;
}

function isNoise({ cid, attached, content, content_type, filename }: MimeFile, trimmed: ReadonlySet<string>): boolean {
  if (attached || !content_type.startsWith('image/')) return false;
  return (cid !== undefined && trimmed.has(cid)) || ((cid !== undefined || filename === undefined) && isPixel(content));
}

// Clients attach a logo once for each place it appears, and an invitation both as a part and as a file.
function onceEach(files: readonly MimeFile[]): MimeFile[] {
  const bySize = new Map<number, MimeFile[]>();
  return files.filter((file) => {
    const same = bySize.get(file.content.length) ?? [];
    if (
      same.some(
        (each) => each.content.equals(file.content) && (isSameKind(each, file) || each.filename === file.filename),
      )
    )
      return false;
    bySize.set(file.content.length, [...same, file]);
    return true;
  });
}

const isSameKind = (a: MimeFile, b: MimeFile) =>
  [a, b].every(({ attached, cid }) => !attached && cid !== undefined) ||
  [a, b].every(({ content_type }) => CALENDARS.has(content_type));

const CALENDARS = new Set(['text/calendar', 'application/ics']);

function fallback({ content_type, content }: MimeFile, index: number): string {
  if (CALENDARS.has(content_type)) return 'invite.ics';
  if (/^application\/(?:x-)?pkcs7-mime$/.test(content_type)) return 'smime.p7m';
  if (content.subarray(0, 64).includes('-----BEGIN PGP MESSAGE-----')) return 'encrypted.asc';
  const stem = content_type.startsWith('image/') ? 'image' : 'attachment';
  return `${stem}-${index + 1}${EXTENSIONS.get(content_type) ?? ''}`;
}

const EXTENSIONS = new Map([
  ['message/rfc822', '.eml'],
  ['message/global', '.eml'],
  ['image/png', '.png'],
  ['image/jpeg', '.jpg'],
  ['image/gif', '.gif'],
  ['image/webp', '.webp'],
  ['application/pdf', '.pdf'],
  ['text/plain', '.txt'],
  ['text/html', '.html'],
]);
