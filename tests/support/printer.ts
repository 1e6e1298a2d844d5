import { createPdfRenderer, type PdfRenderer } from '../../src/pdf/pdf_renderer.js';

let shared: PdfRenderer | undefined;

/** One Chromium prints for all portals of this process: each would launch its own, for a second or two. */
export function sharedPrinter(): PdfRenderer {
  const printer = (shared ??= createPdfRenderer());
  return { render: (...html) => printer.render(...html), close: async () => {} };
}

export const closePrinter = async () => {
  await shared?.close();
  shared = undefined;
};
