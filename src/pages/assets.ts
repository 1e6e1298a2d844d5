import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Request, Response } from 'express';
import { root } from '../config.js';
import { accentCss } from './styles/accent.js';
import { pageStylesheet, pdfStylesheet } from './styles/stylesheets.js';

/** A file as it is served. `br`: compressed with Brotli once somebody has asked for that. */
interface Asset {
  name: string;
  hash: string;
  type: string;
  body: Buffer;
  br?: Buffer;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const INTER = 'node_modules/@fontsource-variable/inter/files/inter';
const SERIF = 'node_modules/@fontsource-variable/source-serif-4/files/source-serif-4';

/** Sources that server and browser share: the server's own, as compiled. What they import, they import as assets. */
const shared = (path: string): [string, string] => [`js/${basename(path)}`, join(import.meta.dirname, '..', path)];

/** The file of each asset. Latin fonts are our own subsets; other scripts come from the packages. */
const FILES = new Map<string, string>([
  ['js/htmx.js', 'node_modules/htmx.org/dist/htmx.min.js'],
  ['js/page.js', 'public/js/page.js'],
  ['js/access.js', 'public/js/access.js'],
  ['js/stream.js', 'public/js/stream.js'],
  ['js/live.js', 'public/js/live.js'],
  ['js/lines.js', 'public/js/lines.js'],
  ['js/answer.js', 'public/js/answer.js'],
  ['js/reorder.js', 'public/js/reorder.js'],
  ['js/task_list.js', 'public/js/task_list.js'],
  ['js/gantt.js', 'public/js/gantt.js'],
  ['js/paste.js', 'public/js/paste.js'],
  ['js/autosave.js', 'public/js/autosave.js'],
  ['js/keep.js', 'public/js/keep.js'],
  ['js/notes.js', 'public/js/notes.js'],
  ['js/press.js', 'public/js/press.js'],
  ['js/bell.js', 'public/js/bell.js'],
  ['js/palette.js', 'public/js/palette.js'],
  ['js/settings.js', 'public/js/settings.js'],
  ['js/photo.js', 'public/js/photo.js'],
  ['js/copy.js', 'public/js/copy.js'],
  ['js/api_try.js', 'public/js/api_try.js'],
  ['js/timesheet.js', 'public/js/timesheet.js'],
  ['js/password.js', 'public/js/password.js'],
  ['js/sortable.js', 'node_modules/sortablejs/modular/sortable.core.esm.js'],
  ['js/choices.js', 'public/js/choices.js'],
  ['js/mention.js', 'public/js/mention.js'],
  ['js/suggest_items.js', 'public/js/suggest_items.js'],
  ['js/signature.js', 'public/js/signature.js'],
  ['js/signature_pad.js', 'node_modules/signature_pad/dist/signature_pad.min.js'],
  ['js/passkeys.js', 'public/js/passkeys.js'],
  ['js/go_on.js', 'public/js/go_on.js'],
  ['js/simplewebauthn.js', 'node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js'],
  ['js/big.js', 'node_modules/big.js/big.mjs'],
  shared('input/currency.js'),
  shared('input/locale_tag.js'),
  shared('input/read_number.js'),
  shared('pages/format_money.js'),
  shared('pages/format_number.js'),
  shared('documents/content/decimals.js'),
  shared('documents/content/totals.js'),
  shared('projects/comments/mentions.js'),
  shared('routes/forms/typed_prices.js'),
  ['css/mailbox.css', 'public/css/mailbox.css'],
  ['img/icons.svg', 'public/img/icons.svg'],
  ['img/favicon.svg', 'public/img/favicon.svg'],
  ['fonts/inter-latin.woff2', 'public/fonts/inter-latin.woff2'],
  ['fonts/serif-latin.woff2', 'public/fonts/serif-latin.woff2'],
  ...['latin-ext', 'cyrillic', 'greek'].flatMap((script): [string, string][] => [
    [`fonts/inter-${script}.woff2`, `${INTER}-${script}-wght-normal.woff2`],
    [`fonts/serif-${script}.woff2`, `${SERIF}-${script}-wght-normal.woff2`],
  ]),
]);

const cache = new Map<string, Asset>();

/**
 * The URL of an asset, `/assets/{hash of its content}/{name}`, which can be cached forever.
 * @throws Error if there is no such asset, which is a mistake in a template
 */
export function asset(name: string): string {
  const found = load(name);
  if (!found) throw new Error(`No asset ${name}`);
  return `/assets/${found.hash}/${found.name}`;
}

/** The asset at a path below /assets, such as "1a2b3c4d/css/app.css" or "accent/1f5f4f.css"; null if there is none. */
export function findAsset(path: string): Asset | null {
  const [first = '', ...rest] = path.split('/');
  if (first === 'accent') return findAccent(rest.join('/'));
  const found = load(rest.join('/'));
  return found?.hash === first ? found : null;
}

/** The styles of a PDF, with fonts as data: URIs since the printer loads nothing. */
export const pdfCss = (): string =>
  pdfStylesheet((name) => `data:font/woff2;base64,${load(name)?.body.toString('base64') ?? ''}`);

function findAccent(name: string): Asset | null {
  const hex = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  return hex ? { name, hash: hex, type: TYPES['.css'] ?? '', body: Buffer.from(accentCss(hex)) } : null;
}

function load(name: string): Asset | null {
  const cached = cache.get(name);
  if (cached) return cached;
  const body = read(name);
  if (!body) return null;
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const loaded = { name, hash, type, body };
  if (process.env.NODE_ENV !== 'development') cache.set(name, loaded);
  return loaded;
}

function read(name: string): Buffer | null {
  if (name === 'css/app.css') return Buffer.from(pageStylesheet(asset));
  const file = FILES.get(name);
  if (!file) return null;
  const body = readFileSync(resolve(root, file));
  return extname(name) === '.js' && !file.startsWith('node_modules') ? withAssetImports(body) : body;
}

/** A module that imports others by the addresses of their assets: a change of one is a new address of all above it. */
const withAssetImports = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString()
      .replace(
        /^((?:import|export) .*? from) '(?:.*\/)?(\w+\.js)';$/gm,
        (_, words, file) => `${words} '${asset(`js/${file}`)}';`,
      ),
  );

/** Takes a tenth of a second: the first page, which only names it, doesn't wait for that. */
const compressed = (asset: Asset): Buffer =>
  (asset.br ??= brotliCompressSync(asset.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));

/** Fonts are compressed already, and an accent is a line. */
const isCompressible = ({ type, body }: Asset) => type !== TYPES['.woff2'] && body.length > 500;

/** Serves the URLs of `asset` and `accentUrl`, mounted at /assets. */
export function serveAssets(req: Request, res: Response): void {
  const found = req.method === 'GET' || req.method === 'HEAD' ? findAsset(req.path.slice(1)) : null;
  if (!found) {
    res.status(404).type('text').send('There is no such file.');
    return;
  }
  res.set({
    'Content-Type': found.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
  });
  if (!isCompressible(found)) {
    res.send(found.body);
    return;
  }
  const brotli = req.acceptsEncodings('br') === 'br';
  res.vary('Accept-Encoding');
  if (brotli) res.set('Content-Encoding', 'br');
  res.send(brotli ? compressed(found) : found.body);
}
