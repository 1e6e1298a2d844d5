import { readBodies } from './reading/mime/mime.js';
import { decide } from './reply/keep_lines.js';
import type { ReplyContext } from './reply/quotes/answered_email.js';
import { unglue } from './reply/quotes/attribution.js';
import { cleanHtml, flatten } from './reply/html/clean_html.js';
import { disagree } from './reply/disagree.js';
import type { Judged } from './reply/disagree.js';
import { htmlLines } from './reply/html/html_lines.js';
import type { HtmlLines, Piece } from './reply/html/html_lines.js';
import { textLines } from './reply/line.js';
import type { Line } from './reply/line.js';

/** What the sender newly wrote, and what was taken off: together they are the whole message. */
export interface Reply {
  /** Plain text; empty when the message holds only quoted text. */
  readonly text: string;
  /** The same, sanitised: http, https and mailto links, no style, no images. Absent when the message had no HTML. */
  readonly html?: string;
  readonly trimmed: string;
  /**
   * What the text/plain alternative newly says, where it says something that the HTML does not: its readers see only
   * one of them.
   */
  readonly otherwise?: string;
}

/**
 * Reads a raw message and returns what its sender newly wrote. Throws MailRefused when it breaks the limits of
 * limits.ts.
 */
export async function extractReply(raw: Buffer): Promise<Reply> {
  const bodies = await readBodies(raw);
  return newText(bodies.text, bodies.html, {
    subject: bodies.subject,
    ...(bodies.sender && { sender: bodies.sender }),
  });
}

/** The same from bodies that are already decoded, with what is known of the message being answered. */
export function newText(text: string, html: string, context: ReplyContext = {}): Reply {
  return readReply(text, html, context).reply;
}

interface ReplyReading {
  readonly reply: Reply;
  /** Content-Ids of images that stand only in what was taken off: logos of signatures and quoted messages. */
  readonly trimmed_images: ReadonlySet<string>;
}

/** Reads the reply out of decoded bodies. HTML is preferred, since mail clients leave marks in it. */
export function readReply(text: string, html: string, context: ReplyContext): ReplyReading {
  const shown = html === '' ? null : shownHtml(html);
  const judged = judge(shown?.lines ?? textLines(text), context);
  const kept = judged.lines.filter((_, i) => judged.verdicts[i]?.kept);
  const reply = { text: join(judged, true), trimmed: join(judged, false) };
  if (shown === null) return { reply, trimmed_images: new Set() };
  const sources = new Set(kept.map((line) => line.source));
  const plain = text.trim() === '' ? null : judge(textLines(text), context);
  const otherwise = plain && disagree(plain, judged) ? join(plain, true) : '';
  return {
    reply: { ...reply, html: cleanHtml(shown.pieces, sources), ...(otherwise && { otherwise }) },
    trimmed_images: trimmedImages(shown.pieces, sources),
  };
}

function judge(read: readonly Line[], context: ReplyContext): Judged {
  const lines = unglue(read);
  return { lines, verdicts: decide(lines, context) };
}

// HTML that shows nothing, or that can't be read, must not lose the mail: the text part is taken instead.
function shownHtml(html: string): HtmlLines | null {
  try {
    const read = htmlLines(flatten(html));
    return read.lines.some((line) => !line.blank) ? read : null;
  } catch {
    return null;
  }
}

function trimmedImages(pieces: readonly Piece[], kept: ReadonlySet<number>): Set<string> {
  const images = pieces.flatMap(({ html, line }) => {
    const cid = html.startsWith('<img') ? /\ssrc="cid:([^"]{1,500})"/i.exec(html)?.[1] : undefined;
    return cid === undefined ? [] : [{ cid, kept: line === null || kept.has(line) }];
  });
  const shown = new Set(images.filter((image) => image.kept).map((image) => image.cid));
  return new Set(images.map((image) => image.cid).filter((cid) => !shown.has(cid)));
}

function join({ lines, verdicts }: Judged, kept: boolean): string {
  const shown: string[] = [];
  for (const [i, line] of lines.entries()) {
    const verdict = verdicts[i];
    if (verdict?.kept === kept) shown.push(shownLine(line, verdict.own));
  }
  return shown
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

// In HTML a quote has no ">" of its own. What was typed inside somebody else's needs none.
function shownLine(line: Line, own: boolean): string {
  const cited = line.mark === 'citation' || line.mark === 'unnamed';
  const marks = line.raw.trimStart().startsWith('>') || (own && !cited) ? 0 : Math.min(line.depth, 20);
  return marks === 0 ? line.raw : ('> '.repeat(marks) + line.raw).trimEnd();
}
