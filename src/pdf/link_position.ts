import { PDFArray, PDFDict, PDFDocument, PDFName, PDFString } from 'pdf-lib';

/** How high above the foot of the last page a link begins, in points; null: it is not there. */
export async function linkTop(pdf: Buffer, url: string): Promise<number | null> {
  const document = await PDFDocument.load(pdf);
  const page = document.getPages().at(-1);
  const links = page?.node.Annots()?.asArray() ?? [];
  for (const reference of links) {
    const link = document.context.lookup(reference, PDFDict);
    const address = link.lookupMaybe(PDFName.of('A'), PDFDict)?.lookupMaybe(PDFName.of('URI'), PDFString);
    if (address?.asString() === url) return link.lookup(PDFName.of('Rect'), PDFArray).asRectangle().y + heightOf(link);
  }
  return null;
}

const heightOf = (link: PDFDict) => link.lookup(PDFName.of('Rect'), PDFArray).asRectangle().height;
