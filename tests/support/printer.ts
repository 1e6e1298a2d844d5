import { createHash } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import { createPdfRenderer, type PdfRenderer } from '../../src/pdf/pdf_renderer.js';

let shared: PdfRenderer | undefined;
const printed = new Map<string, Promise<Buffer>>();

/**
 * One Chromium prints for all portals of this process: each would launch its own, for a second or two. What it has
 * printed it doesn't print again: the sample people's first invoice is the same everywhere.
 */
export function sharedPrinter(): PdfRenderer {
  const printer = (shared ??= createPdfRenderer());
  return {
    render(html, options) {
      const key = createHash('sha256')
        .update(JSON.stringify([html, options]))
        .digest('base64');
      const known = printed.get(key) ?? printer.render(html, options);
      printed.set(key, known);
      known.catch(() => printed.delete(key));
      return known;
    },
    close: async () => {},
  };
}

let blank: Promise<Buffer> | undefined;

async function blankPage(): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.addPage();
  return Buffer.from(await pdf.save());
}

/** Prints an empty page, for tests that read no PDF: Chromium takes longer than all else of a document's email. */
export const blankPrinter = (): PdfRenderer => ({ render: () => (blank ??= blankPage()), close: async () => {} });

export const closePrinter = async () => {
  await shared?.close();
  shared = undefined;
};
