import { PDFDocument } from 'pdf-lib';
import { formatFor } from '../pages/format.js';
import { pdfPage } from '../pages/print_html.js';
import { translatorFor } from '../pages/i18n.js';
import type { PdfLayout } from '../pages/views/layouts.js';
import { defineView } from '../pages/views/render.js';
import type { SignatureRow } from './signature.js';

/** A version's signatures (at least one), their drawings by SHA-256, and where a copy can be checked. */
interface CertificateInput {
  signatures: SignatureRow[];
  drawings: Map<string, Buffer>;
  type_label: string;
  organization: { name: string; accent: string; time_zone: string };
  check_url: string;
}

/** The last page of a signed PDF. */
interface Certificate {
  document: { type_label: string; number: string; title: string; version: number; content_sha256: string };
  signatures: CertifiedSignature[];
  organization: { name: string };
  check_url: string;
}

interface CertifiedSignature extends Pick<SignatureRow, 'name' | 'email' | 'remote_ip' | 'user_agent' | 'intent'> {
  /** The moment as text, with its time zone. */
  at: string;
  /** A PNG in base64. */
  drawing: string | null;
  verified: string;
}

export const certificateView = defineView<Certificate, PdfLayout>('documents/certificate');

/** HTML: who signed what, when, from where and how they were verified; in the first signer's language. */
export function certificatePage({
  signatures,
  drawings,
  type_label,
  organization,
  check_url,
}: CertificateInput): string {
  const [first] = signatures;
  if (!first) throw new Error('There is no signature to certify.');
  const { locale, number, title, version, content_sha256 } = first;
  const { accent, time_zone } = organization;
  const t = translatorFor(locale);
  const format = formatFor({ locale, time_zone });
  const drawing = (sha256: string | null) => (sha256 ? drawings.get(sha256) : undefined);
  const shown = signatures.map((signature) => ({
    ...signature,
    at: `${format.dateTime(signature.signed_at)} (${time_zone})`,
    drawing: drawing(signature.drawing_sha256)?.toString('base64') ?? null,
    verified: t('By a code sent to {{email}}', { email: signature.email }),
  }));
  const document = { type_label: t(type_label), number, title, version, content_sha256 };
  const input = { document, signatures: shown, organization, check_url };
  const label = `${t(type_label)} ${number} · ${t('Certificate of signature')}`;
  return pdfPage({ locale, time_zone, accent, title: number, label, view: certificateView, input });
}

/** The pages of two PDFs as one PDF. */
export async function joinPdfs(first: Buffer, second: Buffer): Promise<Buffer> {
  const document = await PDFDocument.load(first, { updateMetadata: false });
  const appended = await PDFDocument.load(second);
  for (const page of await document.copyPages(appended, appended.getPageIndices())) document.addPage(page);
  return Buffer.from(await document.save({ useObjectStreams: false }));
}
