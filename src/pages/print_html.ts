import { accentCss } from './styles/accent.js';
import { pdfCss } from './assets.js';
import { spelled } from './fonts/drawable.js';
import { fontCss } from './fonts/font_css.js';
import { slipFontCss } from './fonts/slip_font.js';
import { translatorFor } from './i18n.js';
import type { PdfLayout } from './views/layouts.js';
import { renderPage, type View } from './views/render.js';

interface Printable<Input extends object> {
  locale: string;
  time_zone: string;
  accent: string;
  /** The PDF's name. */
  title: string;
  /** Printed at the foot of each page, such as "Invoice INV-0042". */
  label: string;
  /** It ends with a slip as high as this, in points; null: as high as a slip is. */
  slip?: { height: number | null } | null;
  view: View<Input, PdfLayout>;
  input: NoInfer<Input>;
}

/** The HTML of a view to print, with all its styles and fonts inside it, since the printer may load nothing. */
export function pdfPage<Input extends object>(printable: Printable<Input>): string {
  const { locale, time_zone, accent, title, label, slip, view, input } = printable;
  const paper = slip ? slipPaperCss(locale, label, slip.height) : paperCss(locale, label);
  const fonts_css = (body: string) => fontCss(pdfCss(), body + paper.text, locale) + paper.css + accentCss(accent);
  return spelled(renderPage(view, { layout: 'pdf', locale, time_zone, page: { title }, fonts_css }, input));
}

interface PaperCss {
  css: string;
  /** The characters that it prints. */
  text: string;
}

/** The paper's size and the foot of each page. */
function paperCss(locale: string, label: string): PaperCss {
  const size = /[-_](US|CA)\b/i.test(locale) ? 'letter' : 'A4';
  const { page, text } = pageNumber(locale);
  const css = `@page{size:${size};@bottom-left{content:${quoted(label)}}@bottom-right{content:${page}}}`;
  return { css, text: text + label };
}

/** Paper that ends with a slip, which goes to its edges: what is else at the foot is at the head of further pages. */
function slipPaperCss(locale: string, label: string, height: number | null): PaperCss {
  const { page, text } = pageNumber(locale);
  const font = 'font:400 8pt/1.4 var(--sans);color:var(--ink-3)';
  const head = [
    `@top-left{content:${quoted(label)};margin-left:16mm;${font}}`,
    `@top-right{content:${page};margin-right:16mm;${font}}`,
  ];
  const without = ['top-left', 'top-right'].map((place) => `@${place}{content:none}`);
  const feet = ['bottom-left', 'bottom-right'].map((place) => `@${place}{content:none}`);
  const pages = `@page{size:A4;margin:13mm 0 0;${head.join('')}${feet.join('')}}@page :first{${without.join('')}}`;
  // A little less than there is, or it would go to a page of its own.
  const room = height === null ? '' : `:root{--slip-height:${height - 0.5}pt}`;
  return { css: pages + room + slipFontCss(), text: text + label };
}

/** "Page 1 of 3" */
function pageNumber(locale: string): { page: string; text: string } {
  const text = translatorFor(locale)('Page {{page}} of {{pages}}', { page: '\u{1}', pages: '\u{2}' });
  const counters: Record<string, string> = { '\u{1}': 'counter(page)', '\u{2}': 'counter(pages)' };
  const parts = text.split(/([\u{1}\u{2}])/u).map((part) => counters[part] ?? quoted(part));
  return { page: parts.join(' '), text };
}

/** A CSS string in which no character has a meaning, inside a style element either. */
function quoted(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
}
