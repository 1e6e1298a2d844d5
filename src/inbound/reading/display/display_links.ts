import { Parser } from 'htmlparser2';
import { escapeHtml, openTag, VOID } from '../../reply/html/tags.js';

/** Adds each link's host after its text in sanitized HTML, unless the text already starts with that host. */
export function showHosts(html: string): string {
  const out: string[] = [];
  let link: { href: string; words: string } | null = null;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'a') link = { href: attributes['href'] ?? '', words: '' };
      out.push(openTag(name, attributes));
    },
    ontext: (text) => {
      if (link) link.words += text;
      out.push(escapeHtml(text));
    },
    onclosetag: (name) => {
      if (!VOID.has(name)) out.push(`</${name}>`);
      if (name !== 'a' || !link) return;
      const target = targetOf(link.href);
      if (target !== null && !showsTarget(link.words, target))
        out.push(` <bdi class="host" dir="ltr">(${escapeHtml(target)})</bdi>`);
      link = null;
    },
  });
  parser.end(html);
  return out.join('');
}

/** A link's target as a reader needs to see it: the host, email address or phone number. Null if it has none. */
function targetOf(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const { protocol, host, pathname } = new URL(href);
  return (protocol === 'http:' || protocol === 'https:' ? host : pathname.slice(0, 100)) || null;
}

// "bank.example" shows the target; "bank.example.evil.example", or text with direction characters, does not.
function showsTarget(words: string, target: string): boolean {
  const shown = words.trim().toLowerCase();
  const from = shown.replace(/^(?:https?:\/\/|mailto:|tel:)/, '');
  const wanted = target.toLowerCase();
  return (
    [from, `www.${from}`].some(
      (each) => each.startsWith(wanted) && /^(?:[/?#].*)?$/s.test(each.slice(wanted.length)),
    ) && !/\p{Cf}/u.test(words)
  );
}
