import { readBodies } from './reading/mime/mime.js';
import { reactionIn } from './reply/reaction.js';
import { selectLines } from './reply/select_lines.js';
import type { ReplyContext } from './reply/quotes/answered_email.js';
import { splitGlued } from './reply/quotes/attribution.js';
import { cleanHtml, flatten } from './reply/html/clean_html.js';
import { disagree } from './reply/disagree.js';
import type { Judged } from './reply/disagree.js';
import { htmlLines } from './reply/html/html_lines.js';
import type { HtmlLines, Piece } from './reply/html/html_lines.js';
import { textLines } from './reply/line.js';
import type { Line } from './reply/line.js';

/** A message split into the sender's new text and the trimmed rest (quotes, signatures). */
export interface Reply {
  /** Plain text; empty if the message contains only quoted text. */
  readonly text: string;
  /** The same as sanitized HTML: http, https and mailto links, no styles or images. Absent without an HTML part. */
  readonly html?: string;
  readonly trimmed: string;
  /** The new text of the text/plain alternative, if it differs from the HTML: most programs show only one of them. */
  readonly otherwise?: string;
}

/** Extracts the sender's new text from a raw message. @throws MailRefused if it exceeds the limits (limits.ts). */
export async function extractReply(raw: Buffer): Promise<Reply> {
  const bodies = await readBodies(raw);
  return newText(bodies.text, bodies.html, {
    subject: bodies.subject,
    ...(bodies.known_as && { sender: bodies.known_as }),
    answers: bodies.answers,
  });
}

/** Extracts the new text from decoded bodies. `context` describes the message being answered. */
export function newText(text: string, html: string, context: ReplyContext = {}): Reply {
  return readReply(text, html, context).reply;
}

interface ReplyReading {
  readonly reply: Reply;
  /** Content-Ids of images used only in trimmed text: logos of signatures and quoted messages. */
  readonly trimmed_images: ReadonlySet<string>;
}

/** Extracts the reply from decoded bodies. Prefers the HTML, in which mail clients mark quotes and signatures. */
export function readReply(text: string, html: string, context: ReplyContext): ReplyReading {
  const shown = html === '' ? null : shownHtml(html);
  const judged = judge(shown?.lines ?? textLines(text), context);
  const kept = judged.lines.filter((_, i) => judged.verdicts[i]?.kept);
  const reaction = reactionIn(kept);
  const reply = {
    text: reaction ?? join(judged, true),
    trimmed: reaction === null ? join(judged, false) : shownAll(judged),
  };
  if (shown === null) return { reply, trimmed_images: new Set() };
  const sources = new Set(kept.map((line) => line.source));
  const plain = text.trim() === '' ? null : judge(textLines(text), context);
  const otherwise = plain && reaction === null && disagree(plain, judged) ? join(plain, true) : '';
  return {
    reply: { ...reply, html: cleanHtml(shown.pieces, sources), ...(otherwise && { otherwise }) },
    trimmed_images: trimmedImages(shown.pieces, sources),
  };
}

function judge(read: readonly Line[], context: ReplyContext): Judged {
  const lines = splitGlued(read);
  return { lines, verdicts: selectLines(lines, context) };
}

// Returns null for empty or unreadable HTML, so that the text part is used instead.
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

// Who pressed it, and in which program.
const shownAll = ({ lines }: Judged): string =>
  lines
    .map(({ raw }) => raw)
    .join('\n')
    .trim();

// Quotes from HTML have no ">" yet; the sender's own text inside a quote must not get one.
function shownLine(line: Line, own: boolean): string {
  const cited = line.mark === 'citation' || line.mark === 'unnamed';
  const marks = line.raw.trimStart().startsWith('>') || (own && !cited) ? 0 : Math.min(line.depth, 20);
  return marks === 0 ? line.raw : ('> '.repeat(marks) + line.raw).trimEnd();
}
