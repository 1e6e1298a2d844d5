import sanitizeHtml from 'sanitize-html';
import { escapeHtml } from '../../reply/html/tags.js';
import { flatten } from '../../reply/html/clean_html.js';
import { type InlineImages, ImageSources } from './display_images.js';
import { showHosts } from './display_links.js';
import { ATTRIBUTES, STYLES, TAGS } from './display_rules.js';

/** A message's sanitized HTML. `blocked_images` counts the remote images that were not loaded. */
interface Displayed {
  readonly html: string;
  readonly blocked_images: number;
}

/**
 * The Content-Security-Policy for a page with a message's HTML. Show it in an iframe with `sandbox=""` or
 * `sandbox="allow-popups allow-popups-to-escape-sandbox"`: the document repeats this policy in a meta tag, which can't
 * set `sandbox`.
 */
export const DISPLAY_CSP =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const MAX_HTML = 1_500_000;
const MAX_LINKS = 5000;
const MAX_ATTRIBUTE = 4000;
const MAX_STYLE = 1000;
// Messages set their own colors for a white page, so the reader's dark mode must not apply.
const OWN_STYLE =
  ':root{color-scheme:light}' +
  'body{margin:16px;font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}' +
  'img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}' +
  'blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #ccc}' +
  '.not-loaded{display:inline-block;min-width:2em;min-height:1.2em;padding:2px 8px;' +
  'border:1px dashed #bbb;border-radius:4px;color:#555;background:#fff;font-size:13px}' +
  '.host{color:#555;background:#fff;font:12px system-ui,sans-serif;text-transform:none}';

/**
 * Returns an HTML document that shows a message safely: allow-listed tags, attributes and styles, no scripts or forms,
 * no requests to any host. Attached images are embedded as data, remote ones become an empty box. Links may use http,
 * https, mailto and tel, and are followed by their host unless their text shows it. Linear time. Never throws: HTML
 * that can't be sanitized is shown as text.
 */
export function displayHtml(html: string, images: InlineImages = new Map()): Displayed {
  const sources = new ImageSources(images);
  try {
    return { html: page(showHosts(sanitize(html, sources))), blocked_images: sources.blocked };
  } catch {
    return displayText(html);
  }
}

/** Returns the same kind of document for a plain-text message. */
export function displayText(text: string): Displayed {
  return { html: page(`<pre>${escapeHtml(text.slice(0, MAX_HTML))}</pre>`), blocked_images: 0 };
}

function sanitize(html: string, sources: ImageSources): string {
  let links = 0;
  return sanitizeHtml(flatten(html.slice(0, MAX_HTML)), {
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
    onOpenTag: (_, attributes) => limitAttributes(attributes, sources),
    transformTags: {
      img: (_, attributes) => sources.elementFor(attributes),
      a: (_, attributes) => ({ tagName: 'a', attribs: ++links > MAX_LINKS ? {} : externalLink(attributes) }),
    },
  });
}

// Runs before sanitizing: drops suspiciously long attributes and counts backgrounds that would have been loaded.
function limitAttributes(attributes: Record<string, string>, sources: ImageSources): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'background' || name === 'poster' || (name === 'style' && /url\s*\(/i.test(value.slice(0, MAX_STYLE))))
      sources.block();
    if (name === 'class') delete attributes[name];
    else if (name === 'style' && value.length > MAX_STYLE) delete attributes[name];
    else if (name !== 'src' && value.length > MAX_ATTRIBUTE) delete attributes[name];
  }
}

function externalLink(attributes: Record<string, string>): Record<string, string> {
  const href = attributes['href']?.trim() ?? '';
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(href)) return {};
  return { href, target: '_blank', rel: 'noopener noreferrer' };
}

function page(body: string): string {
  return (
    `<!DOCTYPE html><html><head><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${DISPLAY_CSP}">` +
    `<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title></title>` +
    `<style>${OWN_STYLE}</style></head><body>${body}</body></html>`
  );
}
