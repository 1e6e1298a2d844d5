/** Makes hostile input of about `n` characters. */
export type Hostile = (n: number) => string;

const again =
  (part: string): Hostile =>
  (n) =>
    part.repeat(Math.ceil(n / part.length));
const both =
  (open: string, close: string): Hostile =>
  (n) =>
    open.repeat(n / (open.length + close.length)) + close.repeat(n / (open.length + close.length));
const inside =
  (before: string, part: string, after: string): Hostile =>
  (n) =>
    before + part.repeat(Math.ceil(n / part.length)) + after;

/** What makes pattern matching slow: marks, dates, addresses and headers without end, in one line and in many. */
export const TEXTS: Readonly<Record<string, Hostile>> = {
  'quote marks': again('>'),
  'quote marks with spaces': again('> '),
  'quoted empty lines': again('>\n'),
  'deeper and deeper quotes': (n) =>
    Array.from({ length: Math.floor(Math.sqrt(2 * n)) }, (_, i) => `${'>'.repeat(i)}x`).join('\n'),
  'half addresses': again('a@'),
  'half domains': again('a.'),
  newlines: again('\n'),
  'newlines of Windows': again('\r\n'),
  'newlines of all kinds': again('\r\n\n\r'),
  'lines of spaces': again(' \n'),
  spaces: again(' '),
  'the begin of an attribution': again('On Mon, '),
  'attributions without an end': again('On Mon, 9 Mar 2026 at 16:02\n'),
  'attributions glued together': again(' On Mon, 9 Mar 2026 at 16:02, a@b.example wrote:'),
  attributions: again('On Mon, 9 Mar 2026 at 16:02, a@b.example wrote:\n'),
  'attributions in Chinese': again('在2026年3月9日写道：'),
  verbs: again(' wrote:'),
  'headers in one line': again('From: x '),
  headers: again('From: x\n'),
  'headers with dates': again('From: a@b.example\nDate: 2026-03-09\n'),
  fields: again('a: b\n'),
  colons: again(': '),
  'a long word': again('x'),
  'invisible characters': again('\u200b'),
  'lines of invisible characters': again('\u200b\u2060\n'),
  'characters of two halves': again('😀'),
  'marks above a letter': inside('e', '\u0301', ''),
  rules: again('-'),
  'signature delimiters': again('--\n'),
  'answers between quotes': again('> q\na\n'),
  'wrapped quotes': again('> a quoted line that is long and has no end and goes on\nhere\n'),
  'quotes after a long answer': (n) => 'hi\n'.repeat(n / 6) + '> q\n'.repeat(n / 8),
  digits: again('1 '),
  phones: again('+1 (2) 3-4/5.'),
  links: again('http://'),
  'device lines': again('Sent from my iPhone\n'),
  closings: again('Best regards,\nAnn\n'),
  'legal phrases': again('confidential intended recipient privileged '),
  signatures: again('Ann Lee\nann@b.example\n+1 555 010 2233\n\n'),
  'forward dividers': again('---------- Forwarded message\n'),
  'quoted forward dividers': again('> Begin forwarded message:\n\n'),
  'reply dividers': again('-----Original Message-----'),
  GroupWise: again('>>> a 1:11 >>>\n'),
  'heads of Notes': again('Ann Lee@ACME\n03/27/2001 01:23 PM\n\n'),
  'names of files': again(' - a.doc\n'),
  'escaped spaces': again('=20=09'),
  warnings: again('CAUTION: external sender\n\n'),
};

/** What makes readers of HTML slow: nesting, tags without an end, entities, styles, comments. */
export const PAGES: Readonly<Record<string, Hostile>> = {
  blockquotes: again('<blockquote>'),
  divs: again('<div>'),
  tables: again('<table><tr><td>'),
  paragraphs: again('<p>'),
  spans: again('<span>'),
  'lists in lists': again('<ul><li>'),
  cells: again('<td>a'),
  'open and closed': both('<div><blockquote>x', '</blockquote></div>'),
  'only closed': again('</blockquote></div>'),
  'less than': again('<'),
  'a tag without an end': again('<div x='),
  'attributes without an end': inside('<div ', 'a=b ', '>x'),
  comments: again('<!-- a -->'),
  'comments without an end': again('<!--'),
  'documents in documents': again('<!doctype '),
  ampersands: again('&'),
  entities: again('&amp;'),
  'half entities': again('&#x'),
  breaks: again('<br>'),
  rules: again('<hr>'),
  'empty lines of Outlook': again('<p class="MsoNormal">&nbsp;</p>'),
  'a long style': inside('<div style="', 'border:none;', '">x</div>'),
  'a half style': inside('<div style="', 'border:', '">x</div>'),
  'many classes': inside('<div class="', 'gmail_quote ', '">x</div>'),
  styles: again('<style>a{}</style>'),
  scripts: again('<script>'),
  hidden: again('<div style="display:none">x'),
  links: again('<a href="http://b.example/">y</a>'),
  'links without an end': again('<a href="http://b.example/">y'),
  images: again('<img src="cid:a" alt="x">'),
  'preformatted lines': inside('<pre>', 'a\n', '</pre>'),
  'quotes of Gmail': again('<div class="gmail_quote">x'),
  'signatures of Gmail': again('<div class="gmail_signature">x</div>'),
  'our own marks': again('<div data-parley="message">x y z</div>'),
  'quotes one after another': again('<blockquote>a</blockquote>b'),
};
