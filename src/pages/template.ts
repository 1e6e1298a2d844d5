import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import ejs from 'ejs';

type Locals = Record<string, unknown>;
type Template = (locals: Locals) => string;
type Printable = string | number | boolean | null | undefined;

const compiled = new Map<string, Template>();
/** What every partial sees besides what it is given; all else must be handed over, so that no partial depends on who includes it. */
const ambient = ['t', 'format', 'asset', 'links', 'page', 'lang', 'now'];
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
  const include = (name: string, given: Locals = {}) => {
    const path = join(dirname(file), extname(name) === '.ejs' ? name : `${name}.ejs`);
    return runTemplate(path, { ...shared(it), ...given });
  };
  return template(file)({ ...it, include });
}

function shared(it: Locals): Locals {
  return Object.fromEntries(ambient.map((name) => [name, it[name]]));
}

function template(file: string): Template {
  const known = compiled.get(file);
  if (known) return known;
  const development = process.env.NODE_ENV === 'development';
  const escape = file.endsWith('.txt.ejs') ? asIs : escapeHtml;
  // The block gives templates our include(), which neither touches the disk nor hands on all locals.
  const source = `<% { const include = it.include; %>${readFileSync(file, 'utf8')}<% } %>`;
  const made: Template = ejs.compile(source, { _with: false, localsName: 'it', escape, filename: file, compileDebug: development });
  if (!development) compiled.set(file, made);
  return made;
}
