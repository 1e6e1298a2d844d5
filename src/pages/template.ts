import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import ejs from 'ejs';

type Locals = Record<string, unknown>;
type Template = (locals: Locals) => string;
type Printable = string | number | boolean | null | undefined;

const compiled = new Map<string, Template>();
const paths = new Map<string, string>();
/** What every partial sees besides what it is given; all else must be handed over, so that no partial depends on who includes it. */
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
 * Runs the EJS file with `it` as its locals. Compiled once, unless NODE_ENV is "development".
 * Files that end in .txt.ejs are plain text and are not escaped.
 */
export function runTemplate(file: string, it: Locals): string {
  const tools = Object.fromEntries(ambient.map((name) => [name, it[name]]));
  return run(file, { ...it }, tools);
}

/** Partials inherit the tools instead of being handed a copy: a page includes some fifty of them. */
function run(file: string, locals: Locals, tools: Locals): string {
  locals['include'] = (name: string, given: Locals = {}) => {
    const partial: Locals = Object.assign(Object.create(tools), given);
    return run(pathOf(file, name), partial, tools);
  };
  return template(file)(locals);
}

function pathOf(file: string, name: string): string {
  const key = `${file} ${name}`;
  const path = paths.get(key) ?? join(dirname(file), extname(name) === '.ejs' ? name : `${name}.ejs`);
  paths.set(key, path);
  return path;
}

function template(file: string): Template {
  const known = compiled.get(file);
  if (known) return known;
  const development = process.env.NODE_ENV === 'development';
  const escape = file.endsWith('.txt.ejs') ? asIs : escapeHtml;
  // The block gives templates our include(), which neither touches the disk nor hands on all locals.
  const source = `<% { const include = it.include; %>${readFileSync(file, 'utf8')}<% } %>`;
  // "Unsafe" is meant for templates that run `with` their locals; ours name them, and need the tools that they inherit.
  const named = { _with: false, localsName: 'it', unsafePrototypeLocals: true };
  const made: Template = ejs.compile(source, { ...named, escape, filename: file, compileDebug: development });
  if (!development) compiled.set(file, made);
  return made;
}
