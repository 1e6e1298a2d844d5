import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { root } from '../config.js';
import { accentCss } from './accent.js';

/** A file as it is served. `br` is its brotli form where that is smaller. */
export interface Asset {
  name: string;
  hash: string;
  type: string;
  body: Buffer;
  br: Buffer | null;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const layers = ['tokens', 'base', 'layout', 'components', 'documents', 'desk', 'print'];
const css = join(root, 'public/css');
const inter = 'node_modules/@fontsource-variable/inter/files/inter';
const serif = 'node_modules/@fontsource-variable/source-serif-4/files/source-serif-4';
const known = new Map<string, Asset>();

/**
 * Every name that `asset` knows, and the file behind it. Latin comes as a subset of ours, other scripts from the
 * packages.
 */
const files = new Map<string, string>([
  ['js/htmx.js', 'node_modules/htmx.org/dist/htmx.min.js'],
  ['js/page.js', 'public/js/page.js'],
  ['js/live.js', 'public/js/live.js'],
  ['js/lines.js', 'public/js/lines.js'],
  ['js/answer.js', 'public/js/answer.js'],
  ['js/reorder.js', 'public/js/reorder.js'],
  ['js/paste.js', 'public/js/paste.js'],
  ['js/autosave.js', 'public/js/autosave.js'],
  ['js/sortable.js', 'node_modules/sortablejs/modular/sortable.core.esm.js'],
  ['js/choices.js', 'public/js/choices.js'],
  ['js/signature.js', 'public/js/signature.js'],
  ['js/signature_pad.js', 'node_modules/signature_pad/dist/signature_pad.min.js'],
  ['css/mailbox.css', 'public/css/mailbox.css'],
  ['img/icons.svg', 'public/img/icons.svg'],
  ['img/favicon.svg', 'public/img/favicon.svg'],
  ['fonts/inter-latin.woff2', 'public/fonts/inter-latin.woff2'],
  ['fonts/serif-latin.woff2', 'public/fonts/serif-latin.woff2'],
  ...['latin-ext', 'cyrillic', 'greek'].flatMap((script): [string, string][] => [
    [`fonts/inter-${script}.woff2`, `${inter}-${script}-wght-normal.woff2`],
    [`fonts/serif-${script}.woff2`, `${serif}-${script}-wght-normal.woff2`],
  ]),
]);

/**
 * The URL of a file for pages: `/assets/{hash of its content}/{name}`, which may be kept for ever.
 * @throws Error when there is no such file: a slip in a template, not something a visitor can cause.
 */
export function asset(name: string): string {
  const found = load(name);
  if (!found) throw new Error(`No asset ${name}`);
  return `/assets/${found.hash}/${found.name}`;
}

/**
 * What to serve for the path below /assets, such as "1a2b3c4d/css/app.css" or "accent/1f5f4f.css"; null when there is
 * nothing.
 */
export function findAsset(path: string): Asset | null {
  const [first = '', ...rest] = path.split('/');
  if (first === 'accent') return findAccent(rest.join('/'));
  const found = load(rest.join('/'));
  return found?.hash === first ? found : null;
}

/**
 * What is printed in PDFs: a sheet and the page of its signatures. Of the layers no other component is needed there,
 * and no desk.
 */
const PRINTED = new Set(
  ['line_table', 'sheet', 'signature', 'totals'].map((name) => join('components', `${name}.css`)),
);

/**
 * The stylesheets of a PDF and the fonts' @font-face rules as one text with fonts as data: URIs, since it may load
 * nothing.
 */
export function pdfCss(): string {
  const printed = layers.flatMap(filesOf).filter((file) => PRINTED.has(file) || !/^(components|desk)\b/.test(file));
  return stylesheet(printed, (name) => `data:font/woff2;base64,${load(name)?.body.toString('base64') ?? ''}`);
}

function findAccent(name: string): Asset | null {
  const hex = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  return hex ? { name, hash: hex, type: types['.css'] ?? '', body: Buffer.from(accentCss(hex)), br: null } : null;
}

function load(name: string): Asset | null {
  const cached = known.get(name);
  if (cached) return cached;
  const body = read(name);
  if (!body) return null;
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const type = types[extname(name)] ?? 'application/octet-stream';
  const found = { name, hash, type, body, br: type === 'font/woff2' ? null : compress(body) };
  if (process.env.NODE_ENV !== 'development') known.set(name, found);
  return found;
}

function read(name: string): Buffer | null {
  if (name === 'css/app.css') return Buffer.from(stylesheet(layers.flatMap(filesOf), asset));
  const file = files.get(name);
  return file ? readFileSync(join(root, file)) : null;
}

/** A layer is a file, or, for the components, a folder with a file for each. */
function filesOf(layer: string): string[] {
  return layer === 'components'
    ? readdirSync(join(css, layer))
        .toSorted()
        .map((file) => join(layer, file))
    : [`${layer}.css`];
}

/** Stylesheets in one; `font` says where a font lies. Comments and indentation are for us, not for visitors. */
function stylesheet(parts: string[], font: (name: string) => string): string {
  const text = parts.map((file) => readFileSync(join(css, file), 'utf8')).join('\n');
  const lean = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s*\n\s*/g, '\n');
  return lean.replace(/url\('\.\.\/([^']+)'\)/g, (_, name: string) => `url('${font(name)}')`);
}

function compress(body: Buffer): Buffer {
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}
