/** A part of a plain text; with `href` if it is a URL. */
interface Part {
  text: string;
  href: string | null;
}

const URLS = /\bhttps?:\/\/[^\s<>"]+/gi;

/** Splits text at its http and https URLs, so that a template can show those as links and escape everything. */
export function linkParts(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(URLS)) {
    const href = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (!URL.canParse(href)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}
