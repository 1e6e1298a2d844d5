import { accentCss } from './accent.js';
import { pdfCss } from './assets.js';
import { renderPage } from './render.js';
import { fontCss } from './font_slices.js';
import { translatorFor } from './i18n.js';

interface Printable {
  locale: string;
  time_zone: string;
  accent: string;
  /** The PDF's title. */
  title: string;
  /** The footer of each page, such as "Invoice INV-0042". */
  label: string;
  /** The view, and its locals. */
  view: string;
  locals: object;
}

/** The HTML of a view for printing, with all styles and fonts included, since the printer loads nothing. */
export function pdfPage({ locale, time_zone, accent, title, label, view, locals }: Printable): string {
  const paper = paperCss(locale, label);
  const fonts_css = (body: string) => fontCss(pdfCss(), body + paper.text, locale) + paper.css + accentCss(accent);
  return renderPage(view, { layout: 'pdf', locale, time_zone, page: { title }, fonts_css, ...locals });
}

/** The paper size and footer as CSS, and the footer's text, for which fonts are needed, too. */
function paperCss(locale: string, label: string): { css: string; text: string } {
  const size = /[-_](US|CA)\b/i.test(locale) ? 'letter' : 'A4';
  const text = translatorFor(locale)('Page {{page}} of {{pages}}', { page: '\u{1}', pages: '\u{2}' });
  const counters: Record<string, string> = { '\u{1}': 'counter(page)', '\u{2}': 'counter(pages)' };
  const parts = text.split(/([\u{1}\u{2}])/u).map((part) => counters[part] ?? quoted(part));
  const css = `@page{size:${size};@bottom-left{content:${quoted(label)}}@bottom-right{content:${parts.join(' ')}}}`;
  return { css, text: text + label };
}

/** A CSS string with all special characters escaped, safe inside a style element. */
function quoted(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
}
