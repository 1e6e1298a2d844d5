import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import juice from 'juice';
import { root } from '../../config.js';

const FOLDER = join(root, 'public/css');
const LAYERS = ['tokens', 'base', 'layout', 'components', 'documents', 'desk', 'print'];

/** The components in PDFs, which show a sheet, a slip, a receipt, a page of signatures or a statement; the others and the desk are left out. */
const PDF_COMPONENTS = new Set(
  ['facts', 'line_table', 'payment', 'receipt', 'sheet', 'signature', 'slip', 'statement', 'totals'].map((name) =>
    join('components', `${name}.css`),
  ),
);

/** The stylesheet of all pages. `fontUrl` gives the URL of a font's asset. */
export const pageStylesheet = (fontUrl: (name: string) => string): string =>
  stylesheet(LAYERS.flatMap(filesOf), fontUrl);

/** The stylesheet of PDFs. */
export function pdfStylesheet(fontUrl: (name: string) => string): string {
  const files = LAYERS.flatMap(filesOf).filter(
    (file) => PDF_COMPONENTS.has(file) || !/^(components|desk)\b/.test(file),
  );
  return stylesheet(files, fontUrl);
}

/** A layer is one file, except that each component has its own. */
function filesOf(layer: string): string[] {
  return layer === 'components'
    ? readdirSync(join(FOLDER, layer))
        .toSorted()
        .map((file) => join(layer, file))
    : [`${layer}.css`];
}

/** Joins stylesheets, without comments and indentation. */
function stylesheet(files: string[], fontUrl: (name: string) => string): string {
  const text = files.map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  const lean = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s*\n\s*/g, '\n');
  return lean.replace(/url\('\.\.\/([^']+)'\)/g, (_, name: string) => `url('${fontUrl(name)}')`);
}

const JUICE = { preserveFontFaces: false, applyWidthAttributes: false };

/**
 * Inlines public/css/email.css into an email's template; the one with the head keeps its media queries. Done once per
 * template, since doing it for each email would take most of the time of rendering.
 */
export function withStyles(template: string): string {
  const extraCss = readFileSync(join(FOLDER, 'email.css'), 'utf8');
  return juice(template, { ...JUICE, extraCss, preserveMediaQueries: template.includes('</head>') });
}
