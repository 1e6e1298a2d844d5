import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../config.js';

const WEIGHTS = { regular: 400, bold: 700 };
let css: string | undefined;

/** The font of the payment part of a Swiss QR-bill, which may have few, as @font-face rules with data: URIs. */
export const slipFontCss = (): string =>
  (css ??= Object.entries(WEIGHTS)
    .map(([name, weight]) => {
      const data = readFileSync(join(root, 'public/fonts', `liberation-sans-${name}.woff2`), 'base64');
      const src = `url('data:font/woff2;base64,${data}') format('woff2')`;
      return `@font-face{font-family:'Liberation Sans';font-weight:${weight};src:${src}}`;
    })
    .join(''));
