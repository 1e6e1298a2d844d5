import { decodeText } from '../repairs/charset_label.js';
import { escapeHtml } from '../../reply/html/tags.js';

// The dictionary's initial content, which compressed text may refer to (MS-OXRTFCP section 2.1.2.1).
const DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
  'MS Sans SerifSymbolArialTimes New RomanCourier' +
  '{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const WINDOW = 4096;
const COMPRESSED = 0x75465a4c;
const PLAIN = 0x414c454d;
const MAX_LENGTH = 4_000_000;

/** Returns the body in compressed RTF: as HTML if it was made from HTML, else as text. Null if it can't be read. */
export function rtfBody(bytes: Buffer, charset: string): { text: string | null; html: string | null } | null {
  const rtf = decompress(bytes);
  if (rtf === null) return null;
  const isHtml = /\\fromhtml1/.test(rtf.slice(0, 2000));
  const read = new Rtf(rtf, charset, isHtml).run();
  return isHtml ? { text: null, html: read } : { text: read.trim(), html: null };
}

/** Decompresses MS-OXRTFCP, which repeats runs of the last 4,096 bytes: at most nine times the input's length. */
function decompress(bytes: Buffer): string | null {
  if (bytes.length < 16) return null;
  const [size, kind] = [Math.min(bytes.readUInt32LE(4), MAX_LENGTH), bytes.readUInt32LE(8)];
  if (kind === PLAIN) return bytes.toString('latin1', 16, 16 + size);
  if (kind !== COMPRESSED) return null;
  const unpacked = new Unpacked(size);
  let at = 16;
  while (at < bytes.length && !unpacked.full) {
    const control = bytes[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((control & (1 << bit)) === 0) unpacked.put(bytes[at++] ?? 0);
      else {
        const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
        at += 2;
        if (!unpacked.copyFrom(pair >> 4, (pair & 15) + 2)) return unpacked.text;
      }
    }
  }
  return unpacked.text;
}

class Unpacked {
  readonly #out: Buffer;
  readonly #window = Buffer.alloc(WINDOW);
  #length = 0;
  #to = this.#window.write(DICTIONARY, 'latin1');

  constructor(size: number) {
    this.#out = Buffer.alloc(size);
  }

  get full(): boolean {
    return this.#length >= this.#out.length;
  }

  get text(): string {
    return this.#out.toString('latin1', 0, this.#length);
  }

  put(byte: number): void {
    if (!this.full) this.#out[this.#length++] = byte;
    this.#window[this.#to] = byte;
    this.#to = (this.#to + 1) % WINDOW;
  }

  /** Copies a run from the window. Returns false at the end marker, a reference to the current position. */
  copyFrom(from: number, count: number): boolean {
    if (from === this.#to) return false;
    for (let i = 0; i < count; i++) this.put(this.#window[(from + i) % WINDOW] ?? 0);
    return true;
  }
}

interface Group {
  readonly skipped: boolean;
  readonly tag: boolean;
  readonly hidden: boolean;
  readonly skip: number;
}

const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)/g;
const SKIPPED = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'header', 'footer']);
const BREAKS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  tab: '\t',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  endash: '–',
  emdash: '—',
};

/** Extracts plain text from RTF, or the HTML encapsulated in it (MS-OXRTFEX). */
class Rtf {
  #out: string[] = [];
  #bytes: number[] = [];
  #groups: Group[] = [];
  #now: Group = { skipped: false, tag: false, hidden: false, skip: 1 };
  #fallback = 0;

  constructor(
    readonly rtf: string,
    readonly charset: string,
    readonly html: boolean,
  ) {}

  run(): string {
    for (const match of this.rtf.matchAll(TOKEN)) {
      const [, word, number, hex, symbol, brace, text] = match;
      if (hex !== undefined) this.#byte(parseInt(hex, 16));
      else if (word !== undefined) this.#word(word, number);
      else if (brace !== undefined) this.#brace(brace);
      else if (symbol !== undefined) this.#symbol(symbol);
      else if (text !== undefined) for (const char of text) this.#byte(char.charCodeAt(0));
    }
    this.#flush();
    return this.#out.join('');
  }

  #brace(brace: string): void {
    this.#flush();
    if (brace === '{') this.#groups.push(this.#now);
    else this.#now = this.#groups.pop() ?? this.#now;
    this.#fallback = 0;
  }

  #word(word: string, number: string | undefined): void {
    this.#flush();
    if (word === 'htmlrtf') this.#now = { ...this.#now, hidden: number !== '0' };
    else if (word === 'htmltag') this.#now = { ...this.#now, tag: true, skipped: !this.html };
    else if (SKIPPED.has(word)) this.#now = { ...this.#now, skipped: true };
    else if (word === 'uc') this.#now = { ...this.#now, skip: Math.min(Number(number ?? 1), 8) };
    else if (word === 'u') this.#unicode(Number(number ?? 0));
    else if (Object.hasOwn(BREAKS, word)) this.#write(this.html && word === 'par' ? '\r\n' : (BREAKS[word] ?? ''));
  }

  #symbol(symbol: string): void {
    this.#flush();
    if (symbol === '*') this.#now = { ...this.#now, skipped: true };
    else if (symbol === '~') this.#write('\u00a0');
    else if ('\\{}'.includes(symbol)) this.#write(symbol);
  }

  #unicode(code: number): void {
    this.#write(String.fromCharCode(code & 0xffff));
    this.#fallback = this.#now.skip;
  }

  // The characters after \u are a fallback for programs without Unicode.
  #byte(byte: number): void {
    if (this.#fallback > 0) this.#fallback -= 1;
    else this.#bytes.push(byte);
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Buffer.from(this.#bytes.splice(0));
    this.#write(decodeText(bytes, this.charset));
  }

  #write(text: string): void {
    if (this.#now.skipped || this.#now.hidden) return;
    this.#out.push(this.html && !this.#now.tag ? escapeHtml(text) : text);
  }
}
