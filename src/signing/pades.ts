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

/** What PDF readers show about the signature. */
interface SignatureAppearance {
  reason: string;
  name: string;
  at: Date;
}

/** Bytes reserved for the signature; one with our certificate takes a tenth of it. */
const RESERVED_BYTES = 16_384;
/** The field can't be moved or deleted (ISO 32000-1, table 165). */
const LOCKED = 1 << 7;

/**
 * Adds an invisible signature over all of the PDF (PAdES baseline B, ETSI EN 319 142-1), so that readers can show that
 * nothing was changed. Rewrites the whole file: an earlier signature in it becomes invalid.
 * @throws Error if it is no PDF, or encrypted.
 */
export async function signPdf(pdf: Buffer, key: SigningKey, appearance: SignatureAppearance): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  addPlaceholder(document, appearance);
  // No object streams: SignPdf looks for the placeholder in the bytes.
  const unsigned = await document.save({ useObjectStreams: false, updateFieldAppearances: false });
  return new SignPdf().sign(Buffer.from(unsigned), new CadesSigner(key), appearance.at);
}

class CadesSigner extends Signer {
  constructor(private readonly key: SigningKey) {
    super();
  }
  override async sign(bytes: Buffer): Promise<Buffer> {
    return cadesSignature(bytes, this.key);
  }
}

/** Adds the signature's dictionary, a field for it on page 1, and the form of that field (ISO 32000-1, 12.7, 12.8). */
function addPlaceholder(document: PDFDocument, appearance: SignatureAppearance): void {
  const { context, catalog } = document;
  const page = document.getPage(0);
  const widget = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      Rect: [0, 0, 0, 0],
      V: signatureDictionary(document, appearance),
      T: PDFString.of('Signature'),
      F: ANNOTATION_FLAGS.PRINT | LOCKED,
      P: page.ref,
    }),
  );
  page.node.addAnnot(widget);
  const flags = SIG_FLAGS.SIGNATURES_EXIST | SIG_FLAGS.APPEND_ONLY;
  catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ SigFlags: flags, Fields: [widget] })));
}

function signatureDictionary({ context }: PDFDocument, { reason, name, at }: SignatureAppearance): PDFRef {
  const range = PDFArray.withContext(context);
  const placeholder = PDFName.of(DEFAULT_BYTE_RANGE_PLACEHOLDER);
  for (const part of [PDFNumber.of(0), placeholder, placeholder, placeholder] satisfies PDFObject[]) range.push(part);
  return context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: SUBFILTER_ETSI_CADES_DETACHED,
      ByteRange: range,
      Contents: PDFHexString.of('00'.repeat(RESERVED_BYTES)),
      Reason: PDFHexString.fromText(reason),
      Name: PDFHexString.fromText(name),
      M: PDFString.fromDate(at),
    }),
  );
}
