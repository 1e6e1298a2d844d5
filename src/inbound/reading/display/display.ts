import sanitizeHtml from 'sanitize-html';
import { escapeHtml } from '../../reply/html/tags.js';
import { flatten } from '../../reply/html/clean_html.js';
import { type InlineImages, Pictures } from './display_images.js';
import { showHosts } from './display_links.js';
import { ATTRIBUTES, STYLES, TAGS } from './display_rules.js';

/** A message's HTML made harmless. `blocked_images` counts what would have been asked of other hosts. */
interface Displayed {
  readonly html: string;
  readonly blocked_images: number;
}

/**
 * What a page that shows a message's HTML must be served with, besides living in an iframe with
 * `sandbox="allow-popups allow-popups-to-escape-sandbox"` or `sandbox=""`. The document says it of itself, too (but
 * `sandbox`, which a document can't).
 */
export const DISPLAY_CSP =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const MOST_HTML = 1_500_000;
const MOST_LINKS = 5000;
const LONGEST_ATTRIBUTE = 4000;
const LONGEST_STYLE = 1000;
// Colours are the message's own, so its page is white whatever the reader prefers.
const OWN_STYLE =
  ':root{color-scheme:light}body{margin:16px;font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}' +
  'img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #ccc}' +
  '.not-loaded{display:inline-block;min-width:2em;min-height:1.2em;padding:2px 8px;border:1px dashed #bbb;border-radius:4px;color:#555;background:#fff;font-size:13px}' +
  '.host{color:#555;background:#fff;font:12px system-ui,sans-serif;text-transform:none}';

/**
 * A whole HTML document that shows a message's HTML: an allow-list of tags, attributes and styles, no script, no
 * form, nothing asked of any host. Images that came with the message stand in it as data; others are an empty box.
 * Links lead to http, https, mailto and tel alone, and their host stands behind them unless they show it. Linear.
 * Never throws: what can't be sanitised is shown as text.
 */
export function displayHtml(html: string, images: InlineImages = new Map()): Displayed {
  const pictures = new Pictures(images);
  try {
    return { html: page(showHosts(sanitize(html, pictures))), blocked_images: pictures.blocked };
  } catch {
    return displayText(html);
  }
}

/** The same for a message that is only text. */
export function displayText(text: string): Displayed {
  return { html: page(`<pre>${escapeHtml(text.slice(0, MOST_HTML))}</pre>`), blocked_images: 0 };
}

function sanitize(html: string, pictures: Pictures): string {
  let links = 0;
  return sanitizeHtml(flatten(html.slice(0, MOST_HTML)), {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    allowedClasses: { span: ['not-loaded'] },
    allowedStyles: { '*': STYLES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    nestingLimit: 250,
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'xmp',
      'noscript',
      'noembed',
      'noframes',
      'title',
      'template',
      'select',
      'svg',
      'math',
    ],
    onOpenTag: (_, attributes) => tame(attributes, pictures),
    transformTags: {
      img: (_, attributes) => pictures.shown(attributes),
      a: (_, attributes) => ({ tagName: 'a', attribs: ++links > MOST_LINKS ? {} : outward(attributes) }),
    },
  });
}

// Before anything looks at them: what is too long to be honest goes, and what would have loaded a background is
// counted.
function tame(attributes: Record<string, string>, pictures: Pictures): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (
      name === 'background' ||
      name === 'poster' ||
      (name === 'style' && /url\s*\(/i.test(value.slice(0, LONGEST_STYLE)))
    )
      pictures.block();
    if (name === 'class') delete attributes[name];
    else if (name === 'style' && value.length > LONGEST_STYLE) delete attributes[name];
    else if (name !== 'src' && value.length > LONGEST_ATTRIBUTE) delete attributes[name];
  }
}

function outward(attributes: Record<string, string>): Record<string, string> {
  const href = attributes['href']?.trim() ?? '';
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(href)) return {};
  return { href, target: '_blank', rel: 'noopener noreferrer' };
}

function page(body: string): string {
  return (
    `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${DISPLAY_CSP}">` +
    `<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title></title>` +
    `<style>${OWN_STYLE}</style></head><body>${body}</body></html>`
  );
}
