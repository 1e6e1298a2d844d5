import { Parser } from 'htmlparser2';
import { toLine } from '../line.js';
import type { Line, Mark } from '../line.js';
import { emoji, escapeHtml, openTag, VOID } from './tags.js';
import { blockMark, isHidden, isQuote, isTight } from './client_marks.js';

/** A piece of HTML with the index of its line; tags have none. */
export interface Piece {
  readonly html: string;
  readonly line: number | null;
}

export interface HtmlLines {
  readonly lines: Line[];
  readonly pieces: Piece[];
}

interface Open {
  readonly name: string;
  readonly quote: boolean;
  readonly spaced: boolean;
  readonly mark: Mark | null;
  readonly hidden: boolean;
  readonly href: string | null;
}

const BLOCKS = new Set(
  (
    'address article aside blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main ' +
    'nav ol p pre section table tbody tfoot thead tr ul'
  ).split(' '),
);
const SPACED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'blockquote', 'pre']);
const SKIPPED = new Set([
  'script',
  'style',
  'title',
  'head',
  'template',
  'noscript',
  'object',
  'svg',
  'math',
  'select',
  'textarea',
]);

/** Returns the lines of HTML as a reader sees them, with the marks of mail clients. `flatten` the HTML first. */
export function htmlLines(html: string): HtmlLines {
  const walk = new Walk();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        walk.flush();
        walk.open(name, attributes);
      },
      ontext: (text) => walk.text(text),
      onclosetag: (name) => {
        walk.flush();
        walk.close(name);
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  walk.flush();
  walk.endLine(false);
  return { lines: walk.lines, pieces: walk.pieces };
}

// These apply to every line inside the element, not only the first.
function isInherited(mark: Mark | null): mark is Mark {
  return mark === 'signature' || mark === 'citation' || mark === 'unnamed';
}

const MAX_LINK = 300;

class Walk {
  readonly lines: Line[] = [];
  readonly pieces: Piece[] = [];
  #stack: Open[] = [];
  #pending = '';
  #line = '';
  /** The text of the last opened link; the whole line may be too long to search. */
  #linkText = '';
  #depth = 0;
  #skip = 0;
  #pre = 0;
  #marks: Mark[] = [];
  #containers = 0;
  #atMark: Mark | null = null;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const hidden = SKIPPED.has(name) || isHidden(attributes);
    const mark = blockMark(name, attributes, this.#containers > 0);
    const quote = isQuote(name, attributes);
    if (BLOCKS.has(name) || mark !== null) this.endLine(false);
    const spaced = SPACED.has(name) && !isTight(attributes);
    if (spaced) this.#blank();
    this.#stack.push({ name, quote, spaced, mark, hidden, href: attributes['href'] ?? null });
    if (attributes['href'] !== undefined) this.#linkText = '';
    if (hidden) this.#skip += 1;
    if (quote) this.#depth += 1;
    if (name === 'pre') this.#pre += 1;
    if (mark === 'attribution') this.#containers += 1;
    if (isInherited(mark)) this.#marks.push(mark);
    else if (mark !== null) this.#atMark ??= mark;
    if (this.#skip === 0) this.#show(name, attributes);
  }

  // The parser splits text at each entity and stray "<".
  text(text: string): void {
    if (this.#skip === 0) this.#pending += text;
  }

  flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text === '') return;
    const parts = this.#pre > 0 ? text.split('\n') : [text.replace(/[ \t\r\n\f]+/g, ' ')];
    for (const [i, part] of parts.entries()) {
      if (i > 0) this.endLine(true);
      this.#write(this.#pre > 0 ? part : this.#line === '' ? part.replace(/^ /, '') : part, escapeHtml(part));
    }
  }

  close(name: string): void {
    const open = this.#stack.pop();
    if (!open) return;
    if (open.href !== null) this.#showAddress(open);
    if (BLOCKS.has(name) || open.mark !== null) this.endLine(false);
    if (open.spaced) this.#blank();
    if (open.hidden) this.#skip -= 1;
    if (open.quote) this.#depth -= 1;
    if (name === 'pre') this.#pre -= 1;
    if (open.mark === 'attribution') this.#containers -= 1;
    if (isInherited(open.mark)) this.#marks.pop();
    if (this.#skip === 0 && !VOID.has(name)) this.pieces.push({ html: `</${name}>`, line: null });
  }

  endLine(always: boolean): void {
    if (!always && this.#line.trim() === '') return this.#spaceOnly();
    this.lines.push(toLine(this.#line, this.#depth, this.#takeMark(), this.lines.length));
    this.#line = '';
  }

  #show(name: string, attributes: Readonly<Record<string, string>>): void {
    const tag = openTag(name, attributes);
    if (name === 'br') {
      this.pieces.push({ html: tag, line: this.lines.length });
      this.endLine(true);
    } else if (name === 'hr') this.#rule(tag);
    else if (name === 'img') this.#write(emoji(attributes['alt'] ?? ''), tag);
    else {
      this.pieces.push({ html: tag, line: null });
      if (name === 'li') this.#line = '- ';
      if ((name === 'td' || name === 'th') && this.#line !== '') this.#line += '  ';
    }
  }

  #rule(tag: string): void {
    this.pieces.push({ html: tag, line: this.lines.length });
    this.#atMark ??= 'rule';
    this.#line = '----------';
    this.endLine(true);
  }

  #write(shown: string, html: string): void {
    this.#line += shown;
    if (this.#linkText.length <= MAX_LINK) this.#linkText += shown;
    this.pieces.push({ html, line: this.lines.length });
  }

  // In plain text, a link is followed by its address unless its text shows it.
  #showAddress(open: Open): void {
    const href = open.href ?? '';
    const shown = this.#linkText.slice(0, MAX_LINK + 1).trim();
    const target = href.replace(/^mailto:/i, '');
    if (this.#skip > 0 || shown === '' || !/^(?:https?|mailto):/i.test(href) || href.length > MAX_LINK) return;
    if (!target.toLowerCase().includes(shown.toLowerCase()) && !shown.includes(target)) this.#line += ` <${href}>`;
  }

  // Outlook's empty paragraph contains a non-breaking space.
  #spaceOnly(): void {
    if (!this.#line.includes('\u00a0')) return;
    this.#line = '';
    this.#blank();
  }

  #blank(): void {
    const last = this.lines.at(-1);
    if (last && last.text !== '') this.lines.push(toLine('', 0, null, this.lines.length));
  }

  #takeMark(): Mark | null {
    const mark = this.#atMark ?? this.#marks.at(-1) ?? null;
    if (this.#line.trim() !== '') this.#atMark = null;
    return mark === 'attribution' && this.#line.trim() === '' ? null : mark;
  }
}
