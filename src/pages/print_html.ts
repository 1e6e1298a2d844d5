import { accentCss } from './styles/accent.js';
import { pdfCss } from './assets.js';
import { spelled } from './fonts/drawable.js';
import { fontCss } from './fonts/font_css.js';
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
  view: View<Input, PdfLayout>;
  input: NoInfer<Input>;
}

/** The HTML of a view to print, with all its styles and fonts inside it, since the printer may load nothing. */
export function pdfPage<Input extends object>(printable: Printable<Input>): string {
  const { locale, time_zone, accent, title, label, view, input } = printable;
  const paper = paperCss(locale, label);
  const fonts_css = (body: string) => fontCss(pdfCss(), body + paper.text, locale) + paper.css + accentCss(accent);
  return spelled(renderPage(view, { layout: 'pdf', locale, time_zone, page: { title }, fonts_css }, input));
}

/** The paper's size and the foot of each page as CSS, and the foot's characters as text. */
function paperCss(locale: string, label: string): { css: string; text: string } {
  const size = /[-_](US|CA)\b/i.test(locale) ? 'letter' : 'A4';
  const text = translatorFor(locale)('Page {{page}} of {{pages}}', { page: '\u{1}', pages: '\u{2}' });
  const counters: Record<string, string> = { '\u{1}': 'counter(page)', '\u{2}': 'counter(pages)' };
  const parts = text.split(/([\u{1}\u{2}])/u).map((part) => counters[part] ?? quoted(part));
  const css = `@page{size:${size};@bottom-left{content:${quoted(label)}}@bottom-right{content:${parts.join(' ')}}}`;
  return { css, text: text + label };
}

/** A CSS string in which no character has a meaning, inside a style element either. */
function quoted(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
}
