import type { Response } from 'express';
import { escapeHtml } from '../../pages/views/template.js';

/**
 * Mail is another's HTML: nothing in it runs, loads or sends, and it has no origin of its own. Its links open beside
 * the mailbox, as in any webmail; `allow-popups-to-escape-sandbox`, or else the forms on the opened page would be
 * dead.
 */
const POLICY = [
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
].join('; ');

const BESIDE = '<base target="_blank">';

/** Sends a message's HTML, or its text if it has none, fit for the frame that shows it. */
export function sendBody(res: Response, { html, text }: { html: string | null; text: string }): void {
  const page =
    html ??
    `<!doctype html><head></head><pre style="white-space:pre-wrap;font:1rem/1.5 system-ui,sans-serif">${escapeHtml(text)}</pre>`;
  res.set({ 'Content-Security-Policy': POLICY, 'X-Frame-Options': 'SAMEORIGIN', 'X-Content-Type-Options': 'nosniff' });
  res.type('html').send(/<head[^>]*>/i.test(page) ? page.replace(/<head[^>]*>/i, `$&${BESIDE}`) : BESIDE + page);
}
