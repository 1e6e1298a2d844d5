import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import juice from 'juice';
import { root } from '../config.js';

const options = { preserveFontFaces: false, applyWidthAttributes: false };

/**
 * An email's template with public/css/email.css written into style attributes; the one with the head keeps its media
 * queries, in a style element. Done to the template, what stands in <% %> left alone, and not to each email, which
 * would take most of the time of making it.
 */
export function withStyles(template: string): string {
  const extraCss = readFileSync(join(root, 'public/css/email.css'), 'utf8');
  return juice(template, { ...options, extraCss, preserveMediaQueries: template.includes('</head>') });
}
