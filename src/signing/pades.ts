import { SignPdf } from '@signpdf/signpdf';
import {
  ANNOTATION_FLAGS,
  DEFAULT_BYTE_RANGE_PLACEHOLDER,
  SIG_FLAGS,
  Signer,
  SUBFILTER_ETSI_CADES_DETACHED,
} from '@signpdf/utils';
import {
  PDFArray,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  type PDFRef,
  PDFString,
} from 'pdf-lib';
import { cadesSignature } from './cades.js';
import type { SigningKey } from './seal_keys.js';

/** What a PDF's signature says of itself: why, by whom, when. */
export interface SignatureAppearance {
  reason: string;
  name: string;
  at: Date;
}

/** How much room is left for the signature; one with a certificate of ours takes a tenth of it. */
const ROOM = 16_384;
/** The field can't be moved or taken away (ISO 32000-1, table 165). */
const LOCKED = 1 << 7;

/**
 * The PDF with an invisible signature over all its bytes (PAdES baseline B, ETSI EN 319 142-1), so that any reader
 * shows that nothing was changed. It is written anew in one piece: a signature that was in it before would not hold.
 * @throws Error if it is no PDF, or encrypted.
 */
export async function signPdf(pdf: Buffer, key: SigningKey, saying: SignatureAppearance): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  addPlaceholder(document, saying);
  // Plain objects: what signs it looks for the placeholder in the bytes.
  const open = await document.save({ useObjectStreams: false, updateFieldAppearances: false });
  return new SignPdf().sign(Buffer.from(open), new CadesSigner(key), saying.at);
}

class CadesSigner extends Signer {
  constructor(private readonly key: SigningKey) {
    super();
  }
  override async sign(bytes: Buffer): Promise<Buffer> {
    return cadesSignature(bytes, this.key);
  }
}

/**
 * The signature's dictionary, a field on the first page to hold it, and the form to list the field (ISO 32000-1, 12.7
 * and 12.8).
 */
function addPlaceholder(document: PDFDocument, saying: SignatureAppearance): void {
  const { context, catalog } = document;
  const page = document.getPage(0);
  const widget = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      Rect: [0, 0, 0, 0],
      V: dictionary(document, saying),
      T: PDFString.of('Signature'),
      F: ANNOTATION_FLAGS.PRINT | LOCKED,
      P: page.ref,
    }),
  );
  page.node.addAnnot(widget);
  const flags = SIG_FLAGS.SIGNATURES_EXIST | SIG_FLAGS.APPEND_ONLY;
  catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ SigFlags: flags, Fields: [widget] })));
}

function dictionary({ context }: PDFDocument, { reason, name, at }: SignatureAppearance): PDFRef {
  const range = PDFArray.withContext(context);
  const placeholder = PDFName.of(DEFAULT_BYTE_RANGE_PLACEHOLDER);
  for (const part of [PDFNumber.of(0), placeholder, placeholder, placeholder] satisfies PDFObject[]) range.push(part);
  return context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: SUBFILTER_ETSI_CADES_DETACHED,
      ByteRange: range,
      Contents: PDFHexString.of('00'.repeat(ROOM)),
      Reason: PDFHexString.fromText(reason),
      Name: PDFHexString.fromText(name),
      M: PDFString.fromDate(at),
    }),
  );
}
