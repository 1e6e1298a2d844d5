/** A stretch of plain text; with `href` where it is a web address. */
export interface Part {
  text: string;
  href: string | null;
}

const address = /\bhttps?:\/\/[^\s<>"]+/gi;

/**
 * Text cut at its web addresses, so that a template can show them as links and escape all of it. Only http and https
 * become links.
 */
export function linkParts(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (!URL.canParse(href)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}
