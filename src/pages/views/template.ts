import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import ejs from 'ejs';
import { withStyles } from '../styles/stylesheets.js';

interface Template {
  write(it: object): string;
  /** The template that this one includes, by a name relative to itself. */
  partial(name: string): Template;
}
type Printable = string | number | boolean | null | undefined;

const compiled = new Map<string, Template>();
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** HTML-escaped text; null and undefined print nothing. Most values need no escaping, so it looks before it replaces. */
export function escapeHtml(value: Printable): string {
  const text = asText(value);
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character] ?? '') : text;
}

const asText = (value: Printable): string => (value === null || value === undefined ? '' : String(value));

/**
 * Runs an EJS file with `it` as its locals. Each file is compiled once, unless NODE_ENV is "development". A file that
 * ends in .txt.ejs is plain text and not escaped; one that ends in .html.ejs is an email and gets its styles inline.
 */
export const runTemplate = (file: string, tools: Tools, it: object): string => run(template(file), tools, it);

/** What every partial finds in `it`. All else must be passed to it, so that it never depends on who includes it. */
export interface Tools {
  t: unknown;
  format: unknown;
  asset: unknown;
  linked: unknown;
  page: unknown;
  lang: unknown;
  locale: unknown;
  now: unknown;
}

/** A page includes some hundred partials: made by one constructor, what they find is fast to read. */
class Scope {
  t: unknown;
  format: unknown;
  asset: unknown;
  linked: unknown;
  page: unknown;
  lang: unknown;
  locale: unknown;
  now: unknown;
  include: (name: string, input?: object) => string;

  constructor({ t, format, asset, linked, page, lang, locale, now }: Tools, include: Scope['include']) {
    this.t = t;
    this.format = format;
    this.asset = asset;
    this.linked = linked;
    this.page = page;
    this.lang = lang;
    this.locale = locale;
    this.now = now;
    this.include = include;
  }
}

function run(source: Template, tools: Tools, input: object | undefined): string {
  const include: Scope['include'] = (name, input) => run(source.partial(name), tools, input);
  return source.write(Object.assign(new Scope(tools, include), input));
}

function template(file: string): Template {
  const development = process.env.NODE_ENV === 'development';
  const cached = compiled.get(file) ?? compile(file, development);
  if (!development) compiled.set(file, cached);
  return cached;
}

function compile(file: string, compileDebug: boolean): Template {
  const escape = file.endsWith('.txt.ejs') ? asText : escapeHtml;
  const text = readFileSync(file, 'utf8');
  const styled = file.endsWith('.html.ejs') ? withStyles(text) : text;
  // To HTML an indentation is one space: a page is a fifth smaller for it.
  const compact = file.endsWith('.txt.ejs') ? styled : styled.replace(/^[ \t]+/gm, ' ');
  // The block gives templates our include(), which neither reads the disk nor passes on all locals.
  const source = `<% { const include = it.include; %>${compact}<% } %>`;
  // The "unsafe" option spares a copy: what it guards are templates that run `with` their locals. Ours name them.
  const options = { _with: false, localsName: 'it', unsafePrototypeLocals: true };
  const write: Template['write'] = ejs.compile(source, { ...options, escape, filename: file, compileDebug });
  const partials = new Map<string, Template>();
  const partial = (name: string) => {
    const found = partials.get(name) ?? template(join(dirname(file), extname(name) === '.ejs' ? name : `${name}.ejs`));
    if (!compileDebug) partials.set(name, found);
    return found;
  };
  return { write, partial };
}
