import { decodeText } from '../charset.js';

/**
 * A header that has parameters (RFC 2045 section 5.1), such as Content-Type: `value` in lower case, names of
 * parameters too.
 */
export interface Parameterized {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

// No honest header has more.
const MOST = 200;

/**
 * Reads a header with parameters. Forgiving: quotes may be missing or never end. Continued and encoded parameters
 * (RFC 2231) are put together under their plain name; encoded words in them are left as they are. Linear; never
 * throws.
 */
export function parameterized(header: string): Parameterized {
  const [head = '', ...rest] = pieces(header);
  const plain = new Map<string, string>();
  const continued = new Map<string, Segment[]>();
  for (const piece of rest) {
    const equals = piece.indexOf('=');
    if (equals < 1) continue;
    const [, name = '', index, encoded] =
      /^([^*]*)(?:\*(\d{1,3}))?(\*)?$/.exec(piece.slice(0, equals).trim().toLowerCase()) ?? [];
    const value = unquoted(piece.slice(equals + 1).trim(), /name$/.test(name));
    if (index === undefined && encoded === undefined) plain.set(name, plain.get(name) ?? value);
    else
      continued.set(name, [
        ...(continued.get(name) ?? []),
        { index: Number(index ?? 0), encoded: encoded !== undefined, value },
      ]);
  }
  for (const [name, segments] of continued) plain.set(name, joined(segments));
  return {
    value: head
      .trim()
      .toLowerCase()
      .replace(/[\s(].*$/s, ''),
    parameters: plain,
  };
}

interface Segment {
  readonly index: number;
  readonly encoded: boolean;
  readonly value: string;
}

function pieces(header: string): string[] {
  const found: string[] = [];
  let [start, quoted] = [0, false];
  for (let i = 0; i < header.length && found.length < MOST; i++) {
    const char = header[i];
    if (char === '\\' && quoted) i += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      found.push(header.slice(start, i));
      start = i + 1;
    }
  }
  // A quote that never ends would take all the rest with it.
  return found.length < MOST
    ? [...found, ...(quoted ? header.slice(start).split(';', MOST - found.length) : [header.slice(start)])]
    : found;
}

// A backslash before anything else is one of Windows' paths. Names of files hold spaces, with quotes or without.
function unquoted(value: string, spaces: boolean): string {
  if (!value.startsWith('"')) return spaces ? value : (value.split(/\s/, 1)[0] ?? '');
  const end = /^"((?:[^"\\]|\\[^])*)"/.exec(value)?.[1] ?? value.slice(1);
  return end.replace(/\\(["\\])/g, '$1');
}

// charset'language'text in percent encoding; only the first segment names the charset.
function joined(segments: readonly Segment[]): string {
  const sorted = segments.toSorted((a, b) => a.index - b.index);
  const [, charset, text] =
    (sorted[0]?.encoded ? /^([^']{0,60})'[^']{0,60}'([^]*)$/.exec(sorted[0].value) : null) ?? [];
  const bytes = sorted.map((each, i) => {
    const value = i === 0 && text !== undefined ? text : each.value;
    return each.encoded ? percentDecoded(value) : Buffer.from(value);
  });
  return decodeText(Buffer.concat(bytes), charset);
}

function percentDecoded(value: string): Buffer {
  const latin1 = Buffer.from(value).toString('latin1');
  return Buffer.from(
    latin1.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
