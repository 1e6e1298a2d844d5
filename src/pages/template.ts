import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import ejs from 'ejs';
import { withStyles } from './stylesheets.js';

type Locals = Record<string, unknown>;
interface Template {
  write(locals: Locals): string;
  /** The template that this one includes by a name relative to itself. */
  partial(name: string): Template;
}
type Printable = string | number | boolean | null | undefined;

const compiled = new Map<string, Template>();
/**
 * What every partial sees besides what it is given; all else must be handed over, so that no partial depends on who
 * includes it.
 */
const ambient = ['t', 'format', 'asset', 'linked', 'page', 'lang', 'now'];
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** HTML-escaped text; null and undefined are nothing. Most values need no change, so look before replacing. */
export function escapeHtml(value: Printable): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character] ?? '') : text;
}

const asIs = (value: Printable): string => (value === null || value === undefined ? '' : String(value));

/**
 * Runs the EJS file with `it` as its locals. Compiled once, unless NODE_ENV is "development". Files that end in
 * .txt.ejs are plain text and are not escaped; those that end in .html.ejs are emails, and get their styles inline.
 */
export function runTemplate(file: string, it: Locals): string {
  const tools = Object.fromEntries(ambient.map((name) => [name, it[name]]));
  return run(template(file), { ...it }, tools);
}

/** Partials inherit the tools instead of being handed a copy: a page includes some fifty of them. */
function run(made: Template, locals: Locals, tools: Locals): string {
  locals['include'] = (name: string, given?: Locals) =>
    run(made.partial(name), Object.assign(inheriting(tools), given), tools);
  return made.write(locals);
}

const inheriting = (tools: Locals): Locals => Object.create(tools);

function template(file: string): Template {
  const development = process.env.NODE_ENV === 'development';
  const made = compiled.get(file) ?? compile(file, development);
  if (!development) compiled.set(file, made);
  return made;
}

function compile(file: string, compileDebug: boolean): Template {
  const escape = file.endsWith('.txt.ejs') ? asIs : escapeHtml;
  const text = readFileSync(file, 'utf8');
  const styled = file.endsWith('.html.ejs') ? withStyles(text) : text;
  // The block gives templates our include(), which neither touches the disk nor hands on all locals.
  const source = `<% { const include = it.include; %>${styled}<% } %>`;
  // "Unsafe" is meant for templates that run `with` their locals; ours name them, and need the tools that they inherit.
  const named = { _with: false, localsName: 'it', unsafePrototypeLocals: true };
  const write: Template['write'] = ejs.compile(source, { ...named, escape, filename: file, compileDebug });
  const partials = new Map<string, Template>();
  const partial = (name: string) => {
    const known = partials.get(name) ?? template(join(dirname(file), extname(name) === '.ejs' ? name : `${name}.ejs`));
    if (!compileDebug) partials.set(name, known);
    return known;
  };
  return { write, partial };
}
