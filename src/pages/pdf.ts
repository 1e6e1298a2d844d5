import { accentCss } from './accent.js';
import { pdfCss } from './assets.js';
import { renderPage } from './render.js';

/** The HTML that is printed: the sheet alone, with all styles and fonts inside it, since the printer may load nothing. */
export function pdfPage({ locale, accent, title, document }: { locale: string; accent: string; title: string; document: object }): string {
  return renderPage('documents/pdf', { layout: 'pdf', locale, page: { title }, fonts_css: pdfCss() + accentCss(accent), document });
}
